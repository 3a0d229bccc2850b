// What pages load that others have written: a copy, unchanged, of the package that devDependencies name, with its
// licence.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { root } from '../architecture/sources.js';
import { publicDir } from './rendering.js';

const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

describe('the scripts of others', () => {
  const folder = join(publicDir, 'vendor');

  it('are one', () => {
    expect(readdirSync(folder)).to.deep.equal(['simplewebauthn-browser.js']);
  });

  it('are those of the installed package, unchanged, with its name, version and licence', () => {
    const copy = readFileSync(join(folder, 'simplewebauthn-browser.js'), 'utf8');
    const installed = join('node_modules', '@simplewebauthn', 'browser');
    const licence = read(installed, 'LICENSE.md').trim();
    const { version } = JSON.parse(read(installed, 'package.json')) as { version: string };
    expect(licence).to.match(/^MIT License\n\nCopyright \(c\) /);
    expect(copy.startsWith(`/* [@simplewebauthn/browser@${version}] */\n/*\n${licence}\n*/\n`)).to.equal(true);
    const code = copy.replace(`/*\n${licence}\n*/\n`, '');
    expect(code.trim(), 'run node scripts/vendor.mjs').to.equal(
      read(installed, 'dist', 'bundle', 'index.umd.min.js').trim(),
    );
  });
});
