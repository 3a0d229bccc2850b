// Runs a suite of tests: `npm test [-- mocha's arguments]`. Straight after `git clone` it first installs what is
// missing; nothing that a test needs is skipped in silence.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, installPackages, requirePrograms, root, stop } from './install.mjs';
import { startRedis } from './redis.mjs';

const ownRooms = ['browser', 'packaging'];
const suites = {
  /** Everything but the suites that need a browser or a build. */
  all: {
    files: () => testFiles('test').filter((file) => !ownRooms.some((room) => file.startsWith(join('test', room)))),
  },
  browser: { files: () => testFiles(join('test', 'browser')), timeoutMs: 120_000, programs: ['oathtool', 'zbarimg'] },
  packaging: { files: () => testFiles(join('test', 'packaging')), timeoutMs: 300_000 },
};

const { suiteName, mochaArgs } = parseArgs(process.argv.slice(2));
const suite = suites[suiteName] ?? stop(`--suite ${suiteName}: unknown. Known: ${Object.keys(suites).join(', ')}.`);

installPackages();
if (suite.programs) requirePrograms(suite.programs);
const env = { ...process.env, NODE_ENV: 'test' };
if (suiteName === 'browser') env.CHROMIUM_PATH = findChromium();

const files = mochaArgs.some((arg) => !arg.startsWith('-') && existsSync(arg)) ? [] : suite.files();
if (files.length === 0 && mochaArgs.length === 0) stop(`There is no test file in the suite "${suiteName}".`);

const redis = await startRedis();
env.REDIS_URL = redis.url;
const exitCode = await runMocha(files);
redis.stop();
process.exit(exitCode);

/** Runs mocha and resolves to its exit code; passes our own signals on, so that hooks can clean up. */
function runMocha(specs) {
  const mocha = join(root, 'node_modules', 'mocha', 'lib', 'cli', 'cli.js');
  // `--exit`: a test that failed may have left a connection open, which must not keep the whole run from ending.
  const own = ['--exit', '--forbid-only', '--fail-zero', '--reporter', join(root, 'scripts', 'counting-reporter.mjs')];
  if (suite.timeoutMs) own.push('--timeout', String(suite.timeoutMs));
  const child = spawn(process.execPath, ['--import=tsx', mocha, ...own, ...specs, ...mochaArgs], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let counted = false;
  let tail = '';
  child.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    tail = (tail + String(chunk)).slice(-200);
    counted ||= /^\d+ passed, \d+ failed/m.test(tail);
  });
  // A terminal sends Ctrl-C to mocha itself too, and mocha takes the second for "at once, without hooks".
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      // A file that does not even load ends mocha before it counts: that is one failure, not none.
      if (!counted) console.log('0 passed, 1 failed');
      resolve(signal || !counted ? code || 1 : code);
    });
  });
}

function testFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
}

function findChromium() {
  const find = () =>
    [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path)) ??
    findProgram('chromium');
  if (process.env.CHROMIUM_PATH && !existsSync(process.env.CHROMIUM_PATH)) {
    stop(`CHROMIUM_PATH is ${process.env.CHROMIUM_PATH}, where there is no file.`);
  }
  if (!find()) requirePrograms(['chromium']);
  return find();
}

function parseArgs(args) {
  const at = args.indexOf('--suite');
  if (at === -1) return { suiteName: 'all', mochaArgs: args };
  return { suiteName: args[at + 1], mochaArgs: [...args.slice(0, at), ...args.slice(at + 2)] };
}
