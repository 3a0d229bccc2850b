// Runs one file as it stands, `node scripts/run.mjs <file> [arguments]`, after installing what is missing: TypeScript,
// or a `.cjs` that requires this package, which need not be built.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, root, stop } from './install.mjs';

const [file, ...args] = process.argv.slice(2);
if (!file || !existsSync(join(root, file))) stop(`scripts/run.mjs: there is no file ${file ?? '(none was named)'}.`);

installPackages();
// Paths of the compiler, by which `require('express-mfa')` finds the source; tsx heeds them in JavaScript only if told.
const requires = file.endsWith('.cjs') && { TSX_TSCONFIG_PATH: join(root, 'example-app', 'tsconfig.require.json') };
const child = spawn(process.execPath, ['--import=tsx', join(root, file), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...requires },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('close', (code, signal) => process.exit(signal ? 1 : code));
