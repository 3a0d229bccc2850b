// Runs a suite of tests on all cores: `npm test [-- files and folders] [--grep WORD]`. Straight after `git clone` it
// first installs what is missing; nothing that a test needs is skipped in silence.
import { constants } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from './folder.mjs';
import { findProgram, installPackages, requirePrograms, root } from './install.mjs';
import { readArguments } from './tests/arguments.mjs';
import { startPool } from './tests/pool.mjs';
import { openReport } from './tests/report.mjs';
import { programsOf, inOrder } from './tests/suites.mjs';

const { suite, files, atOnce, settings } = readArguments(process.argv.slice(2));
installPackages();
const programs = programsOf(suite, files);
requirePrograms(process.env.REDIS_URL ? programs : ['redis-server', ...programs]);
// What tests start, compiled by the first that does (test/support/programs.ts). One that ends later may keep its compiled code then.
const compiled = join(root, 'output', `programs-${process.pid}`);
// Of a run of the same number that was killed: older code.
removeFolder(compiled);
process.once('exit', () => removeFolder(compiled));
const env = { ...process.env, NODE_ENV: 'test', TEST_PROGRAMS: compiled };
if (programs.includes('chromium')) env.CHROMIUM_PATH = findProgram('chromium');

const report = openReport(files.length);
const pool = startPool(inOrder(files), {
  atOnce,
  env,
  settings,
  onResult(result) {
    report.add(result);
    return !(settings.bail && result.failed > 0);
  },
});

let signalled;
let signalledMs = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // One Ctrl-C comes twice, from the terminal and from npm; only a second one means "at once".
    if (Date.now() - signalledMs < 500) return;
    signalled = signal;
    signalledMs = Date.now();
    pool.stop();
  });
}

let problem = '';
try {
  await pool.done;
} catch (error) {
  problem = error.message;
}
if (signalled) problem ||= `Ended by ${signalled}; what had not begun by then did not run.`;
const { passed, failed, skipped } = report.sum;
if (!problem && passed + failed + skipped === 0) problem = 'No test ran.';
report.close(problem);
process.exit(signalled ? 128 + constants.signals[signalled] : failed > 0 || problem ? 1 : 0);
