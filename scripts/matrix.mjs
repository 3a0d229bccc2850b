// Runs the journeys against a real Redis on every supported Node.js with every supported Express and ioredis, the attacks
// on every Node.js with one Express and ioredis of these, journeys and the attacks by several processes against a real PostgreSQL
// on this Node.js, a few of both against MariaDB and SQLite, and the built package by `import` and by `require` on every
// Node.js: `node scripts/matrix.mjs [Node.js versions]`. Node.js comes from npm; one that cannot be had is a failure.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installPackages, requirePrograms, root, stop } from './install.mjs';
import { startRedis } from './redis.mjs';

const supported = { node: ['20', '22', '24', '26'], express: ['4', '5'], ioredis: ['5', '6'] };
/** The journeys and attacks of one combination are a process, which one core runs. */
const atOnce = Math.max(2, availableParallelism());
const longestSeconds = 1500;
/** The longest first, so that no core waits for another one at the end. */
const ranks = { security: 0, postgres: 1, journeys: 1, few: 1, built: 2 };
/** What one process, and several, do in a database: elsewhere than on PostgreSQL these few stand for all. */
const few = [
  'journeys/first-day',
  'journeys/locked',
  'journeys/two-processes',
  'security/passkey-rivals',
  'security/two-processes',
].map((name) => `${name}.test.ts`);

const unknown = process.argv.slice(2).filter((version) => !supported.node.includes(version));
if (unknown.length > 0) stop(`Node.js ${unknown.join(', ')}: unknown. Known: ${supported.node.join(', ')}.`);
const nodes = process.argv.length > 2 ? process.argv.slice(2) : supported.node;

installPackages();
if (!existsSync(join(root, 'dist', 'cjs', 'src', 'index.js'))) {
  const { exitCode, said } = await run('npm', ['run', 'build']);
  if (exitCode !== 0) stop(said);
}
requirePrograms(['postgres', 'mariadbd']);
const redis = await startRedis();

const total = { passed: 0, failed: 0 };
const failures = [];
const waiting = (await Promise.all(nodes.map(fetchNode))).flatMap(checksOf).sort((a, b) => a.rank - b.rank);
await Promise.all(Array.from({ length: atOnce }, work));
redis.stop();
for (const failure of failures) console.log(`\n${failure}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);

async function work() {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const startedMs = Date.now();
    const { title, passed, failed, said } = await check.run();
    total.passed += passed;
    total.failed += failed;
    const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
    console.log(`${title}: ${passed} passed, ${failed} failed in ${seconds} s`);
    if (failed > 0) failures.push(`${title}\n${said}`);
  }
}

/** @returns where that version is, and what it says of itself; or what npm said */
async function fetchNode(version) {
  const own = process.versions.node.startsWith(`${version}.`);
  const tell = ['-p', 'JSON.stringify([process.execPath, process.versions.node])'];
  const { exitCode, stdout, said } = own
    ? await run(process.execPath, tell)
    : await run('npx', ['-y', '-p', `node@${version}`, 'node', ...tell]);
  if (exitCode !== 0) return { version, said: `Node.js ${version} could not be had from npm:\n${said}` };
  const [path, exact] = JSON.parse(stdout);
  if (!exact.startsWith(`${version}.`)) return { version, said: `npm gave Node.js ${exact} for ${version}.` };
  return { version, path, exact };
}

function checksOf(node) {
  const combinations = supported.express.flatMap((express) =>
    supported.ioredis.map((ioredis) => ({ express, ioredis })),
  );
  const attacked = attackedOn(node.version, combinations);
  if (!node.path) {
    const failed = combinations.length + 2 * attacked.length;
    return [{ rank: 0, run: () => ({ title: `Node.js ${node.version}`, passed: 0, failed, said: node.said }) }];
  }
  const check = (room, each, part) => ({ rank: ranks[room], run: () => runRoom(node, each, room, part) });
  return [
    // In two processes, each on a core of its own.
    ...attacked.flatMap((each) => [0, 1].map((part) => check('security', each, part))),
    ...combinations.map((each) => check('journeys', each)),
    ...(isOwn(node.version)
      ? Object.entries({ postgres: ['journeys', 'security'], mariadb: ['few'], sqlite: ['few'] }).flatMap(
          ([store, rooms]) =>
            rooms.map((room) => ({
              rank: ranks[store] ?? ranks[room],
              run: () => runRoom(node, { express: '5', ioredis: '6' }, room, undefined, store),
            })),
        )
      : []),
    { rank: ranks.built, run: () => loadPackage(node) },
  ];
}

function isOwn(version) {
  return process.versions.node.startsWith(`${version}.`);
}

/** Of the attacks those by several processes: what one process does alone says nothing of a database. */
function isOn(store, room, file) {
  return store === 'redis' || room === 'journeys' || /rivals|two-processes/.test(file);
}

function filesOf(room, store) {
  return readdirSync(join(root, 'test', room))
    .filter((file) => file.endsWith('.test.ts') && isOn(store, room, file))
    .sort()
    .map((file) => `${room}/${file}`);
}

/**
 * The attacks take longer than the journeys, so each Node.js has one combination of its own: all four together have both of
 * each. The newest of both on the Node.js that runs this are what `npm test` attacks, and not attacked here once more.
 */
function attackedOn(version, combinations) {
  if (isOwn(version)) return [];
  const others = supported.node.filter((each) => !isOwn(each));
  return [combinations[others.indexOf(version) % combinations.length]];
}

async function runRoom(node, { express, ioredis }, room, part, store = 'redis') {
  const files = (room === 'few' ? few : filesOf(room, store))
    .filter((_file, index) => part === undefined || index % 2 === part)
    .map((file) => join('test', file));
  const { exitCode, said } = await run(
    node.path,
    [
      '--import=tsx',
      join('node_modules', 'mocha', 'lib', 'cli', 'cli.js'),
      ...['--exit', '--forbid-only', '--fail-zero', '--reporter', join(root, 'scripts', 'counting-reporter.mjs')],
      // Two of these at once, on a machine that may do much else.
      ...['--timeout', '240000'],
      ...['--require', './test/support/tell-versions.ts'],
      ...(store === 'redis' ? [] : ['--require', './test/support/with-database.ts']),
      ...files,
    ],
    {
      NODE_ENV: 'test',
      // Also for the processes that a test starts.
      NODE_OPTIONS: `--import=${pathToFileURL(join(root, 'test', 'support', 'other-versions.mjs')).href}`,
      REDIS_URL: redis.url,
      MFA_TEST_STORE: store,
      MFA_TEST_EXPRESS: express,
      MFA_TEST_IOREDIS: ioredis,
    },
  );
  const versions = /^Ran with (.+)$/m.exec(said)?.[1];
  const title = `${room === 'few' ? 'journeys and attacks' : room}${store === 'redis' ? '' : ` on ${store}`}: ${versions ?? `node ${node.exact}, express ${express}, ioredis ${ioredis}`}`;
  const counts = /^(\d+) passed, (\d+) failed$/m.exec(said);
  // Skipped tests do not match, nor does a run that ended before it counted.
  if (!counts || !versions) return { title, passed: 0, failed: 1, said };
  const [passed, failed] = [Number(counts[1]), Number(counts[2])];
  const wanted = [`node ${node.exact}`, 'connect-redis 8.', `express ${express}.`, `ioredis ${ioredis}.`];
  if (!areWanted(versions.split(', '), wanted, room === 'journeys' ? [] : ['express 4.']))
    return { title, passed, failed: failed + 1, said: 'These are not the versions that were asked for.' };
  return { title, passed, failed: failed + (exitCode !== 0 && failed === 0 ? 1 : 0), said: failuresIn(said) };
}

/** @param beside what may be there too: the attacks name the older Express for some of their apps themselves */
function areWanted(versions, wanted, beside) {
  const matches = (prefix) => versions.some((version) => version.startsWith(prefix));
  return (
    wanted.every(matches) && versions.every((version) => [...wanted, ...beside].some((one) => version.startsWith(one)))
  );
}

/** The apps of the packaging tests, on what was built; a deprecated call is an error there. */
async function loadPackage(node) {
  const ways = { commonjs: 'commonjs', esm: 'module' };
  let failed = 0;
  let said = '';
  for (const [consumer, type] of Object.entries(ways)) {
    const app = readFileSync(join(root, 'test', 'packaging', 'consumers', consumer, 'app.js'), 'utf8');
    const result = await run(node.path, ['--throw-deprecation', `--input-type=${type}`], {}, app);
    if (result.exitCode === 0 && result.stdout.startsWith('{"status":200,')) continue;
    failed += 1;
    said += result.said;
  }
  return { title: `node ${node.exact}, the built package`, passed: Object.keys(ways).length - failed, failed, said };
}

/** What mocha tells of failed tests comes after its count of those that passed. */
function failuresIn(said) {
  return said.slice(Math.max(0, said.search(/^ +\d+ passing/m)));
}

function run(command, args, settings = {}, input = '') {
  const env = { ...process.env, ...settings };
  const child = spawn(command, args, { cwd: root, env, stdio: 'pipe', timeout: longestSeconds * 1000 });
  const end = () => child.kill();
  process.once('exit', end);
  let stdout = '';
  let said = '';
  child.stdout.on('data', (chunk) => ((stdout += String(chunk)), (said += String(chunk))));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  // A program that ends before it has read everything is told by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exitCode: 1, stdout, said: `${said}${error.message}\n` }));
    child.once('close', (exitCode, signal) => {
      process.off('exit', end);
      if (signal) said += `Ended by ${signal} (after ${longestSeconds} s at the latest).\n`;
      resolve({ exitCode, stdout, said });
    });
  });
}
