// Changes rooms one place at a time and says which changes no test of the room notices: `npm run test:mutants`, with
// `-- src/crypto` for one room, `-- src/core/rules` for a folder or a file of it, `--sample 10` for one change of ten,
// `--again` for what no test noticed the last time and what has changed since, `--believe` to leave out the look at the tests
// themselves. Made before a release on a quiet machine, not by CI: on a busy one a test that is late counts as noticed.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installPackages, requirePrograms, root, stop } from './install.mjs';
import { partsOf, placesIn, roomOf, rooms } from './mutants/rooms.mjs';
import { isOfSample } from './mutants/sample.mjs';
import { startRedis } from './redis.mjs';
import { programsOf, suites } from './tests/suites.mjs';

const { values, positionals } = parseArgs({
  options: {
    again: { type: 'boolean', default: false },
    believe: { type: 'boolean' },
    sample: { type: 'string', default: '1' },
  },
  allowPositionals: true,
});
if (!/^[1-9]\d*$/.test(values.sample))
  stop(`--sample ${values.sample}: of how many changes one is tried, as in --sample 10.`);
process.env.MUTANTS_ONE_IN = values.sample;
const wanted = positionals.map((place) => place.replace(/\/+$/, ''));
const unknown = wanted.filter((place) => placesIn(place).length === 0);
if (unknown.length > 0)
  stop(`${unknown.join(', ')}: in no such room. Known: ${Object.keys(rooms).join(', ')}, and what is in them.`);

const places = wanted.length > 0 ? wanted.flatMap(placesIn) : Object.keys(rooms);
installPackages();
requirePrograms([
  'redis-server',
  ...programsOf(
    suites.all,
    places.flatMap((place) => rooms[roomOf(place)]),
  ),
]);
const atOnce = Number(process.env.MUTANTS_AT_ONCE ?? availableParallelism());
const folder = join(root, 'output', 'mutants');
mkdirSync(folder, { recursive: true });
// One for each process of tests, and for those that are about to end.
const servers = await Promise.all(Array.from({ length: atOnce + 2 }, () => startRedis()));
const seats = mkdtempSync(join(tmpdir(), 'express-mfa-mutants-'));

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    for (const child of running) child.kill(signal);
    tidy();
    process.exit(128 + constants.signals[signal]);
  });
}

let failed = false;
for (const place of places) {
  const unfit = values.believe ? '' : await unfitTests(roomOf(place));
  if (unfit) {
    console.log(
      `${place}: these tests fail alone, or as they run again in one process, with nothing changed:\n${unfit}`,
    );
    failed = true;
    continue;
  }
  const sum = { counted: 0, killed: 0 };
  for (const { name, files } of partsOf(place)) {
    const startedMs = Date.now();
    if (values.again) forgetUnnoticed(name);
    const exitCode = await change(roomOf(place), name, files);
    const minutes = ((Date.now() - startedMs) / 60_000).toFixed(1);
    if (exitCode !== 0) {
      console.log(`${name}: StrykerJS ended with ${exitCode} after ${minutes} minutes`);
      failed = true;
      continue;
    }
    const { counted, killed } = told(name);
    sum.counted += counted;
    sum.killed += killed;
    console.log(`${name}: ${inWords(counted, killed)} in ${minutes} minutes; the others in ${pathOf(name)}.txt`);
  }
  console.log(`${place}, all of it: ${inWords(sum.counted, sum.killed)}`);
}
tidy();
process.exit(failed ? 1 : 0);

function tidy() {
  for (const server of servers) server.stop();
  rmSync(seats, { recursive: true, force: true });
}

function pathOf(name) {
  return join('output', 'mutants', name.replaceAll('/', '-'));
}

function inWords(counted, killed) {
  const share = killed / Math.max(counted, 1);
  // Of a sample: the standard error of a share.
  const error =
    values.sample === '1' ? '' : ` ± ${(100 * Math.sqrt((share * (1 - share)) / Math.max(counted, 1))).toFixed(1)}`;
  return `${killed} of ${counted} killed, ${(100 * share).toFixed(1)}${error} %`;
}

function change(room, name, files) {
  const env = {
    NODE_OPTIONS: `--require=${join(root, 'scripts', 'mutants', 'worker.cjs')}`,
    MUTANTS_REDIS: servers.map(({ url }) => url).join(' '),
    MUTANTS_SEATS: seats,
    // Processes are ended without a word, and tests leave folders then.
    TMPDIR: seats,
    MUTATED_ROOM: room,
    MUTATED_FILES: files.join(' '),
    MUTANTS_REPORT: `${pathOf(name)}.json`,
    MUTANTS_AGAIN: String(values.again),
    MUTANTS_AT_ONCE: String(atOnce),
    // How long a test takes with nothing changed is written there by the first process for the others.
    MUTANTS_DURATIONS: join(seats, 'durations.json'),
    // How long a test may take that was not measured, on a machine that does nothing else; of one that was, hooks.cjs says.
    MUTANTS_PATIENCE_MS: process.env.MUTANTS_PATIENCE_MS ?? '10000',
  };
  return run([join('node_modules', '.bin', 'stryker'), 'run', 'scripts/mutants/config.mjs'], env, 'inherit').ended;
}

/** What `control.mjs` names; nothing where all can be believed. */
async function unfitTests(room) {
  const args = ['--import=tsx', join('scripts', 'mutants', 'control.mjs'), ...rooms[room]];
  const { child, ended } = run(args, { REDIS_URL: servers[0].url }, 'pipe');
  let names = '';
  child.stdout.on('data', (chunk) => (names += String(chunk)));
  const exitCode = await ended;
  return exitCode === 0 ? '' : names || `control.mjs ended with ${exitCode}`;
}

function run(args, env, output) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'test', ...env },
    stdio: ['ignore', output, 'inherit'],
  });
  running.add(child);
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  return { child, ended: ended.finally(() => running.delete(child)) };
}

/** StrykerJS takes all of a report for known: what no test noticed, or was not of the sample, leaves it. */
function forgetUnnoticed(name) {
  const path = join(root, `${pathOf(name)}.json`);
  if (!existsSync(path)) return;
  const report = JSON.parse(readFileSync(path, 'utf8'));
  for (const file of Object.values(report.files))
    file.mutants = file.mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout');
  writeFileSync(path, JSON.stringify(report));
}

/** Writes what survived beside the report, a line each, and counts. */
function told(name) {
  const { files } = JSON.parse(readFileSync(join(root, `${pathOf(name)}.json`), 'utf8'));
  const mutants = Object.entries(files).flatMap(([file, { mutants: all }]) => all.map((each) => ({ file, ...each })));
  const counted = mutants
    .filter(isOfSample)
    .filter(({ status }) => !['CompileError', 'RuntimeError', 'Ignored'].includes(status));
  const alive = counted.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  const lines = alive.map(
    ({ file, location, mutatorName, replacement = '', status }) =>
      `${file}:${location.start.line}:${location.start.column} ${status === 'NoCoverage' ? 'runs in no test: ' : ''}${mutatorName} ${replacement.replace(/\s+/g, ' ').slice(0, 80)}`,
  );
  writeFileSync(join(root, `${pathOf(name)}.txt`), `${lines.join('\n')}\n`);
  return { counted: counted.length, killed: counted.length - alive.length };
}
