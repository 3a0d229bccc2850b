// `npm run docs:openapi`: writes docs/openapi.json. `--check`: only says whether it is as it would be written.
import { readFileSync, writeFileSync } from 'node:fs';
import { makeDocument } from './document.js';

const file = new URL('../../docs/openapi.json', import.meta.url);

/** As the file holds it. */
export function documentText(): string {
  return `${JSON.stringify(makeDocument(), null, 1)}\n`;
}

if (process.argv[1]?.includes('open-api')) {
  const text = documentText();
  if (process.argv.includes('--check')) process.exitCode = text === readFileSync(file, 'utf8') ? 0 : 1;
  else writeFileSync(file, text);
}
