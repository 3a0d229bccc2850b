// For mocha's `--require`: tells at the end which versions the tests ran with, read from the packages that were loaded
// and not from what was asked for.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** @param file of the package; `node_modules/<alias>` holds its package.json */
function versionOf(file: string): string {
  const folder = /^.*[/\\]node_modules[/\\][^/\\]+/.exec(dirname(file))?.[0] ?? '';
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  return `${name} ${version}`;
}

export const mochaHooks = {
  afterAll() {
    const loaded = Object.keys(require.cache).filter((file) =>
      /[/\\]node_modules[/\\](express|ioredis)(-[\d-]+)?[/\\](?!node_modules)/.test(file),
    );
    // An ES module, which no cache tells of; there is but one version of it.
    const versions = new Set([...loaded, require.resolve('connect-redis')].map(versionOf));
    console.log(`Ran with node ${process.versions.node}, ${[...versions].sort().join(', ')}`);
  },
};
