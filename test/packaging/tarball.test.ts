// What is published: complete, without ballast, resolvable by every kind of importer, and cheap to install.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { limits } from './limits.js';
import { installConsumer, root, runTool, tarball } from './tarball.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const [, kilobytes, packages] = /download of (\d+) KB that brings (\d+) packages/.exec(readme) ?? [];
const toldInReadme = { packedKilobytes: Number(kilobytes), productionPackages: Number(packages) };

describe('the tarball', function () {
  this.timeout(300_000);

  it('holds an entry for each kind of importer with its types, the views and the licence', async () => {
    const { files } = await tarball();
    expect(files).to.include.members([
      'LICENSE',
      'README.md',
      'package.json',
      ...['esm', 'cjs'].flatMap((kind) => [
        `dist/${kind}/package.json`,
        `dist/${kind}/src/index.js`,
        `dist/${kind}/src/index.d.ts`,
      ]),
    ]);
    expect(files.filter((file) => /^views\/.*\.ejs$/.test(file))).to.not.be.empty;
    expect(files.filter((file) => /^views\/public\/.*\.css$/.test(file))).to.not.be.empty;
    expect(files).to.include.members(['de', 'en', 'fr', 'it'].map((language) => `dist/locales/${language}.json`));
  });

  it('holds no source, test, example or build state', async () => {
    const { files } = await tarball();
    const ballast = /^(src|middleware|test|bench|example-app|scripts|\.ci)\/|\.tsbuildinfo$|(?<!\.d)\.ts$|\.map$/;
    expect(files.filter((file) => ballast.test(file))).to.deep.equal([]);
  });

  it('is not larger than it may be, and as large as the README says', async () => {
    const { bytes } = await tarball();
    console.log(`      packed: ${Math.ceil(bytes / 1024)} KB of ${limits.packedBytes / 1024} KB`);
    expect(bytes).to.be.at.most(limits.packedBytes);
    // One sentence more or less is no news; a twentieth is.
    expect(toldInReadme.packedKilobytes).to.be.within((0.95 * bytes) / 1024, (1.05 * bytes) / 1024);
  });

  it('satisfies publint', async () => {
    const { path } = await tarball();
    const said = await runTool('publint', ['run', path, '--strict']);
    expect(said).to.contain('All good!');
  });

  it('gives every kind of importer the right types', async () => {
    const { path } = await tarball();
    const browsers = ['./client', './react'];
    // attw ends with an error where it finds one.
    await runTool('attw', [path, '--quiet', '--exclude-entrypoints', ...browsers]);
    // What browsers load is an ES module alone: there is nothing to require.
    await runTool('attw', [path, '--quiet', '--ignore-rules', 'cjs-resolves-to-esm', '--entrypoints', ...browsers]);
  });

  it('brings no more packages than it may, and as many as the README says', async () => {
    // Legacy peer resolution leaves out the peers: a host that mounts us has express already.
    const folder = await installConsumer({
      type: 'module',
      packages: [],
      npmArgs: ['--legacy-peer-deps', '--omit=dev'],
    });
    const lock = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8')) as {
      packages: { [path: string]: object };
    };
    const brought = Object.keys(lock.packages).filter((path) => path !== 'node_modules/express-mfa');
    console.log(`      production packages: ${brought.length} of ${limits.productionPackages}`);
    expect(brought).to.contain('node_modules/helmet');
    expect(brought.length).to.be.at.most(limits.productionPackages);
    expect(toldInReadme.productionPackages).to.equal(brought.length);
  });
});
