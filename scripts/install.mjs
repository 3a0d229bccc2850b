// Brings what a fresh clone lacks: the packages of the lock file, and the programs that tests need. Imports nothing
// that is not in Node.js itself, because it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs `npm ci` unless node_modules already holds every package of the lock file in its version. */
export function installPackages() {
  if (holdsLockedPackages()) return;
  console.error('node_modules does not match package-lock.json: running npm ci.');
  const { status } = run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    shell: process.platform === 'win32',
  });
  if (status !== 0) stop('npm ci failed; its own message is above.');
}

function holdsLockedPackages() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(installed);
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    // Optional packages are built for one platform each; npm leaves out those of the others.
    if (path === '' || (optional && !present[path])) return true;
    return present[path]?.version === version && existsSync(join(root, path));
  });
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/**
 * The programs that tests start, the Debian packages that bring them, the variable that may name one elsewhere, and what
 * else there is to say to somebody who lacks it.
 */
const programs = {
  'redis-server': { packages: ['redis-server'], more: 'most tests also run on the Redis that REDIS_URL names' },
  chromium: {
    packages: ['chromium', 'fonts-dejavu-core'],
    variable: 'CHROMIUM_PATH',
    more: 'or set CHROMIUM_PATH to a Chromium or Chrome',
  },
  nginx: { packages: ['nginx-light'], more: 'an app is tested behind it' },
  oathtool: { packages: ['oathtool'], more: 'it computes one-time codes independently of this package' },
  rsyslogd: {
    packages: ['rsyslog', 'rsyslog-gnutls'],
    more: 'the audit log is sent to it, over TLS too',
    // What speaks TLS is a package of its own, a module in a folder that each architecture calls its own.
    find: () => (modulesOfRsyslog().includes('lmnsd_gtls.so') ? findIn('rsyslogd', ['/usr/sbin']) : undefined),
  },
  slapd: { packages: ['slapd'], more: 'people and groups are read from it' },
  'mmdb-writer': {
    packages: ['libmaxmind-db-writer-perl'],
    more: 'it makes databases of addresses',
    // A module of Perl, which no folder of programs has.
    find: () => (spawnSync('perl', ['-MMaxMind::DB::Writer::Tree', '-e', '1']).status === 0 ? 'perl' : undefined),
  },
  postgres: {
    packages: ['postgresql'],
    more: 'records are kept in it',
    // Debian keeps each version's programs in a folder of their own.
    find: () => findIn('postgres', versionsIn('/usr/lib/postgresql')),
  },
  mariadbd: {
    packages: ['mariadb-server'],
    more: 'records are kept in it',
    find: () => findIn('mariadbd', ['/usr/sbin']),
  },
  pgbouncer: {
    packages: ['pgbouncer'],
    more: 'a pool of connections stands before PostgreSQL',
    find: () => findIn('pgbouncer', ['/usr/sbin']),
  },
  zbarimg: { packages: ['zbar-tools'], more: 'it reads QR codes from pictures' },
};

/** The path of `name`: what its variable says, else where it is on the PATH; undefined where there is none. */
export function findProgram(name) {
  const { find, variable } = programs[name] ?? {};
  if (find) return find();
  const named = process.env[variable];
  if (named) return existsSync(named) ? named : undefined;
  return findIn(name);
}

function versionsIn(folder) {
  return existsSync(folder) ? readdirSync(folder).map((version) => join(folder, version, 'bin')) : [];
}

function modulesOfRsyslog() {
  const above = ['/usr/lib', '/usr/lib64', ...readdirSync('/usr/lib').map((name) => join('/usr/lib', name))];
  const folders = above.map((folder) => join(folder, 'rsyslog')).filter((folder) => existsSync(folder));
  return folders.flatMap((folder) => readdirSync(folder));
}

/** On the PATH, or in folders that are not on everybody's. */
function findIn(name, folders = []) {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...folders]) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Makes sure that `names` are there: installs them on Debian as root, says all that is missing everywhere else. */
export function requirePrograms(names) {
  const missing = names.filter((name) => !findProgram(name));
  const installable = missing.filter((name) => !process.env[programs[name].variable]);
  if (
    installable.length > 0 &&
    process.getuid?.() === 0 &&
    existsSync('/etc/debian_version') &&
    findProgram('apt-get')
  ) {
    installWithApt(installable.flatMap((name) => programs[name].packages));
  }
  const absent = missing.filter((name) => !findProgram(name));
  if (absent.length > 0) stop(`${absent.map(toldMissing).join('\n')}\n${howToInstall(absent)}\nNo test was run.`);
}

function toldMissing(name) {
  const { variable, more } = programs[name];
  const named = process.env[variable];
  return named ? `${variable} is ${named}, where there is no file.` : `${name} was not found; ${more}.`;
}

function howToInstall(names) {
  const packages = names.flatMap((name) => programs[name].packages);
  return `To install: apt-get install ${packages.join(' ')} (Debian and Ubuntu), or what your system calls them.`;
}

function installWithApt(packages) {
  console.error(`Installing with apt-get: ${packages.join(' ')}.`);
  // Debian starts a service as soon as it is installed, unless this file says "forbidden by policy" (exit 101).
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const steps = [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', ...packages],
    ];
    for (const step of steps) {
      const { status } = run('apt-get', step, { env });
      if (status !== 0) console.error(`apt-get ${step[0]} failed.`);
    }
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}

function run(command, args, options = {}) {
  // What is installed is not a result: stdout stays free for results.
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
}

/** Ends with exit code 1 and a sentence. */
export function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
