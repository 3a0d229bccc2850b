// PostgreSQL and MariaDB for tests: servers of the test's own, each in a folder and on a port of its own, by the programs that Debian
// brings. As root they are run as the user that Debian made for them, for they refuse root.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import knex, { type Knex } from 'knex';
import { sqlStore } from '../../src/sql.js';
import { during } from './during.js';
import { pauseProcesses } from './paused.js';
import { freePort } from '../../scripts/free-port.mjs';

export type Database = {
  port: number;
  folder: string;
  /** What Knex takes to reach it; the caller destroys what it makes of it. */
  settings: { client: string; connection: { [name: string]: unknown } };
  connect(more?: Knex.Config): Knex;
  /** Ends it without a word to anybody, as a power cut does; `start` brings it back with what it had on disk. */
  kill(): Promise<void>;
  /** Stops it in its tracks (SIGSTOP): connections stay open, nothing answers. */
  pause(): Promise<void>;
  resume(): void;
  start(): Promise<void>;
  /** Ends it for good and deletes its files. */
  close(): Promise<void>;
};

type Account = { uid?: number; gid?: number };

/** The user that a server runs as: the one of this process, unless that is root. */
export function accountOf(name: string): Account {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

export async function ownFolder(name: string, { uid, gid }: Account): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `express-mfa-${name}-`));
  await chmod(folder, 0o700);
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  return folder;
}

/** Where Debian keeps the programs of the newest PostgreSQL that is there; else what is on the PATH. */
function postgresProgram(name: string): string {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  return (
    [...versions.map((version) => join(base, version, 'bin', name)), name].find((path) => existsSync(path)) ?? name
  );
}

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((server) => server.kill('SIGKILL')));

type Program = { command: string; args: string[]; account: Account; folder: string; settings: Database['settings'] };

/** Runs a server until it answers, and as often as it is told. */
export async function serve({ command, args, account, folder, settings }: Program): Promise<Database> {
  let server: ChildProcess | undefined;
  let said = '';
  async function start(): Promise<void> {
    const started = spawn(command, args, { ...account, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    server = started;
    running.add(started);
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
    for (let tries = 0; ; tries += 1) {
      const probe = knex({ ...settings, log: { warn: () => undefined }, pool: { min: 0, max: 1 } });
      const reached = await probe.raw('SELECT 1').then(
        () => true,
        () => false,
      );
      await probe.destroy();
      if (reached) return;
      if (started.exitCode !== null || tries > 600) throw new Error(`${command} did not start. It said:\n${said}`);
      await sleep(100);
    }
  }
  /** The server, and the processes of its own that PostgreSQL has for each connection. */
  function processes(): number[] {
    const pid = server?.pid;
    if (pid === undefined || server?.exitCode !== null || server.signalCode !== null) return [];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return [pid, ...children];
  }
  function signal(name: 'SIGKILL' | 'SIGCONT'): void {
    for (const each of processes()) {
      try {
        process.kill(each, name);
      } catch {
        // It ended by itself.
      }
    }
  }
  async function end(): Promise<void> {
    if (server?.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    signal('SIGKILL');
    await ended;
    running.delete(server);
  }
  const connected: Knex[] = [];
  await start();
  return {
    port: settings.connection.port as number,
    folder,
    settings,
    connect(more = {}) {
      const opened = knex({ ...settings, log: { warn: () => undefined }, ...more });
      connected.push(opened);
      return opened;
    },
    kill: end,
    pause: () => pauseProcesses(processes()),
    resume: () => signal('SIGCONT'),
    start,
    async close() {
      signal('SIGCONT');
      await Promise.all(connected.map((opened) => opened.destroy()));
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A copy of `primary` that follows it, and takes over when it is told to. */
export async function startStandby(primary: Database): Promise<Database> {
  const account = accountOf('postgres');
  const folder = await ownFolder('standby', account);
  const data = join(folder, 'data');
  const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'postgres'];
  execFileSync(postgresProgram('pg_basebackup'), [...from, '-D', data, '-R', '-c', 'fast', '--no-sync'], {
    ...account,
    cwd: folder,
    stdio: 'pipe',
  });
  return postgresIn(folder, data, account);
}

async function postgresIn(folder: string, data: string, account: Account): Promise<Database> {
  const port = await freePort();
  return serve({
    command: postgresProgram('postgres'),
    args: ['-D', data, '-p', String(port), '-k', folder],
    account,
    folder,
    settings: { client: 'pg', connection: { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' } },
  });
}

/** @param settings lines of postgresql.conf */
export async function startPostgres(settings: string[] = []): Promise<Database> {
  const account = accountOf('postgres');
  const folder = await ownFolder('postgres', account);
  const data = join(folder, 'data');
  const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
  execFileSync(postgresProgram('initdb'), args, { ...account, cwd: folder, stdio: 'pipe' });
  await appendFile(join(data, 'postgresql.conf'), `\n${["listen_addresses = '127.0.0.1'", ...settings].join('\n')}\n`);
  return postgresIn(folder, data, account);
}

/** @param options of mariadbd, `--name=value` */
export async function startMariadb(options: string[] = []): Promise<Database> {
  const account = accountOf('mysql');
  const folder = await ownFolder('mariadb', account);
  const data = join(folder, 'data');
  // A server that starts deletes what others have in the folder of temporary files that they share.
  const folders = [`--datadir=${data}`, `--tmpdir=${folder}`];
  const install = ['--no-defaults', ...folders, '--auth-root-authentication-method=normal', '--skip-test-db'];
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };
  execFileSync('mariadb-install-db', install, { ...account, cwd: folder, env, stdio: 'pipe' });
  const port = await freePort();
  const own = [...folders, `--port=${port}`, `--socket=${join(folder, 'sock')}`, `--pid-file=${join(folder, 'pid')}`];
  const connection = { host: '127.0.0.1', port, user: 'root', database: 'test' };
  const database = await serve({
    command: existsSync('/usr/sbin/mariadbd') ? '/usr/sbin/mariadbd' : 'mariadbd',
    args: [
      '--no-defaults',
      ...own,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      '--innodb-buffer-pool-size=32M',
      ...options,
    ],
    account,
    folder,
    settings: { client: 'mysql2', connection: { ...connection, database: 'mysql' } },
  });
  const root = database.connect();
  await root.raw('CREATE DATABASE IF NOT EXISTS test');
  database.settings.connection.database = 'test';
  return database;
}

/** The same tests on PostgreSQL and on MariaDB, with our tables in them. */
export function describeOnServers(tests: (name: string, open: () => { database: Database; knex: Knex }) => void): void {
  for (const [name, start] of Object.entries({ PostgreSQL: startPostgres, MariaDB: startMariadb })) {
    describe(`on ${name}`, () => {
      const opened = during(async () => {
        const database = await start();
        const knex = database.connect();
        await sqlStore(knex, { namespace: 'any' }).migrations?.migrate();
        return { database, knex, close: () => database.close() };
      });
      tests(name, opened);
    });
  }
}
