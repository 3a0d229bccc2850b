// Copies the browser's half of WebAuthn, with its licence, to where pages load it from: after an update of
// @simplewebauthn/browser run `node scripts/vendor.mjs`. So nobody who installs express-mfa installs that package.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './install.mjs';

const from = join(root, 'node_modules', '@simplewebauthn', 'browser');
const to = join(root, 'views', 'public', 'vendor', 'simplewebauthn-browser.js');

const script = readFileSync(join(from, 'dist', 'bundle', 'index.umd.min.js'), 'utf8');
const licence = readFileSync(join(from, 'LICENSE.md'), 'utf8');
const [name, ...code] = script.split('\n');
mkdirSync(dirname(to), { recursive: true });
writeFileSync(to, `${name}\n/*\n${licence.trim()}\n*/\n${code.join('\n').trimEnd()}\n`);
