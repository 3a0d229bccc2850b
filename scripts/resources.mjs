// What the package reads beside its code, where the repository keeps it in a form for people who write it: `build.mjs` puts the
// catalogues and the OpenAPI document into dist/, and a module that says where they are.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, stop } from './install.mjs';

/** For code that stands anywhere in dist/. */
export const dirModule = join(root, 'dist', 'dir.cjs');

const dirs = `const { join } = require('node:path');
exports.viewsDir = join(__dirname, '..', 'views');
exports.localesDir = join(__dirname, 'locales');
exports.openApiFile = join(__dirname, 'openapi.json');
`;

export function writeResources() {
  writeFileSync(dirModule, dirs);
  const document = JSON.parse(readFileSync(join(root, 'docs', 'openapi.json'), 'utf8'));
  writeFileSync(join(root, 'dist', 'openapi.json'), JSON.stringify(document));
  writeCatalogues(join(root, 'views', 'locales'), join(root, 'dist', 'locales'));
}

/**
 * English with its keys; of each translation the sentences alone, on the same lines: a tarball is compressed in pieces too short to
 * see that a key was there before, so each copy of them would cost 6 KB of a download.
 */
function writeCatalogues(from, to) {
  mkdirSync(to, { recursive: true });
  const english = readFileSync(join(from, 'en.json'), 'utf8');
  const keys = Object.keys(JSON.parse(english));
  writeFileSync(join(to, 'en.json'), english);
  for (const name of readdirSync(from).filter((each) => each !== 'en.json')) {
    const sentences = JSON.parse(readFileSync(join(from, name), 'utf8'));
    const strays = keys.length !== Object.keys(sentences).length || keys.some((key) => !Object.hasOwn(sentences, key));
    if (strays) stop(`views/locales/${name} has other keys than en.json.`);
    writeFileSync(
      join(to, name),
      `${JSON.stringify(
        keys.map((key) => sentences[key]),
        null,
        2,
      )}\n`,
    );
  }
}
