// The suites of tests: which files each has, which programs these start, how long a test may take, and in which order
// they are best begun. Knows nothing of how files are run.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { root, stop } from '../install.mjs';

const ownRooms = ['browser', 'packaging', 'servers'];
const underTotp = [join('test', 'factors', 'totp')];

/** `programs` names, for each program that tests start themselves, the files or folders whose tests do. */
export const suites = {
  /** Everything but the suites that need a browser, a build or other people's servers. */
  all: {
    files: () => testFiles('test').filter((file) => suiteOf(file) === 'all'),
    // More than there are cores: many tests wait for a server that starts, stops or fails.
    atOnce: availableParallelism() + 3,
    programs: {
      'redis-server': ['stores', 'hosts', 'cli', 'security'].map((room) => join('test', room)),
      'mmdb-writer': [join('test', 'risk')],
      oathtool: underTotp,
      zbarimg: underTotp,
    },
  },
  browser: {
    files: () => testFiles(join('test', 'browser')),
    programs: { chromium: ['test'], oathtool: ['test'], zbarimg: ['test'] },
    // One test looks through all pages; a browser on a busy machine takes long to draw them.
    timeoutMs: 900_000,
    // Drawing pages keeps a core busy.
    atOnce: Math.max(2, availableParallelism()),
  },
  packaging: {
    files: () => testFiles(join('test', 'packaging')),
    programs: { chromium: [join('test', 'packaging', 'front-ends.test.ts')] },
    timeoutMs: 300_000,
    // Each file builds, into the same folder.
    atOnce: 1,
  },
  /** Against servers of other people, each started by the test that needs it. */
  servers: {
    files: () => testFiles(join('test', 'servers')),
    programs: {
      rsyslogd: ['rsyslog.test.ts', 'rsyslog-catching-up.test.ts'].map((file) => join('test', 'servers', file)),
      nginx: [join('test', 'servers', 'nginx.test.ts')],
      slapd: [join('test', 'servers', 'ldap.test.ts')],
      ...Object.fromEntries(
        ['postgres', 'mariadbd', 'pgbouncer'].map((name) => [name, [join('test', 'servers', 'sql')]]),
      ),
    },
    timeoutMs: 120_000,
  },
};

/** How long a test may take where neither its suite nor the command line says so. */
export const usualTimeoutMs = JSON.parse(readFileSync(join(root, '.mocharc.json'), 'utf8')).timeout;

/** The programs that `files` need beside the Redis of the run. */
export function programsOf(suite, files) {
  return Object.entries(suite.programs ?? {})
    .filter(([, places]) => files.some((file) => places.some((place) => isUnder(file, place))))
    .map(([name]) => name);
}

/** @param paths of files, and of folders with all that is in them */
export function namedFiles(paths) {
  const files = paths.flatMap((path) => {
    const file = relative(root, resolve(path));
    if (!existsSync(join(root, file))) stop(`There is no file or folder ${path}.`);
    return statSync(join(root, file)).isDirectory() ? testFiles(file) : [file];
  });
  return [...new Set(files)];
}

/** The name of the suite that a file belongs to. */
export function suiteOf(file) {
  return ownRooms.find((room) => isUnder(file, join('test', room))) ?? 'all';
}

function testFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
}

function isUnder(file, place) {
  return file === place || file.startsWith(join(place, '/'));
}

/** Where tests start processes and servers, wait for them, or look at every page; from the slowest. */
const slow = ['browser/pages-light', 'browser/pages-dark', 'browser/main-journey', 'browser/pages-adapted'].concat([
  // The longest by far: whatever is begun after it ends before it.
  'docs/samples',
  'cli/',
  'stores/',
  'example-app/',
  'hosts/',
  'security/',
  'scripts/',
  'docs/',
]);

/** What mostly waits, for servers that start, fail and come back: it takes a process for long, and hardly a core. */
export const idle = [
  'stores/redis-cluster',
  'stores/redis-down',
  'stores/node-redis',
  'stores/redis-store',
  'stores/redis-sentinel',
  'stores/redis-cluster-replicas',
  'security/store-down',
  'stores/sqlite-store',
  'stores/split-store',
  'stores/redis-deadline',
].map((name) => join('test', `${name}.test.ts`));

/** What reads our types by the compiler, which each process would have to parse anew (scripts/own-program.ts): run in one. */
export const together = ['names', 'open-api', 'options', 'prose'].map((name) =>
  join('test', 'docs', `${name}.test.ts`),
);

/**
 * In the order in which they are best begun: what keeps a core busy, and what waits meanwhile. Each entry is a list of files
 * that one process runs.
 */
export function inOrder(files) {
  const sorted = slowestFirst(files);
  const shared = sorted.filter((file) => together.includes(file));
  const busy = sorted
    .filter((file) => !idle.includes(file) && !shared.slice(1).includes(file))
    .map((file) => (file === shared[0] ? shared : [file]));
  return { busy, idle: idle.filter((file) => sorted.includes(file)).map((file) => [file]) };
}

/** The slowest first, so that all processes end at about the same time: by where they are, then by their size. */
function slowestFirst(files) {
  const keyed = files.map((file) => ({ file, rank: rankOf(file), size: statSync(join(root, file)).size }));
  return keyed.sort((a, b) => a.rank - b.rank || b.size - a.size).map(({ file }) => file);
}

function rankOf(file) {
  const rank = slow.findIndex((place) => file.startsWith(join('test', place)));
  return rank === -1 ? slow.length : rank;
}
