// Where the example app keeps its data without Redis: a file of SQLite, by libsql, which installs without a compiler, or the database
// that DATABASE_URL names. Its own users and sessions stand in tables beside those of express-mfa.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import session from 'express-session';
import { sqlStore } from 'express-mfa/sql';
import knex, { type Knex } from 'knex';

const require = createRequire(import.meta.url);
const daySeconds = 86_400;

/** Of Knex what its types leave out. */
type Handle = { readonly inTransaction: boolean; exec(sql: string): unknown };
type Sending = { _query(this: unknown, handle: Handle, query: object): Promise<unknown> };

function rollBack(handle: Handle): void {
  if (handle.inTransaction) handle.exec('ROLLBACK');
}

const tables = [
  ['example_users', 'id varchar(255) PRIMARY KEY, email varchar(255) UNIQUE, body text'],
  ['example_sessions', 'sid varchar(255) PRIMARY KEY, expires bigint, body text'],
];

/**
 * The settings of whoever said nothing of a store: a file and a secret that stay, in a folder that git ignores (`DATA_FOLDER`, default
 * `output/example`). In production nothing is made up.
 */
export function withOwnData(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env.REDIS_URL || env.DATABASE_URL || env.NODE_ENV === 'production') return env;
  const folder = env.DATA_FOLDER || fileURLToPath(new URL('../output/example', import.meta.url));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept = join(folder, 'secret');
  if (!env.MFA_SECRET) {
    if (!existsSync(kept)) writeFileSync(kept, randomBytes(32).toString('base64url'), { mode: 0o600 });
    console.warn(`MFA_SECRET is not set. One that was made is kept in ${kept}.\n`);
    process.env.MFA_SECRET = env.MFA_SECRET = readFileSync(kept, 'utf8');
  }
  return { ...env, DATABASE_URL: `sqlite:${join(folder, 'example.db')}` };
}

/** @param url `sqlite:PATH`, `postgres://…` or `mysql://…` */
export async function openDatabase(url: string): Promise<Knex> {
  const database = connect(url);
  await sqlStore(database, { namespace: 'example' }).migrations?.migrate();
  for (const [table, columns] of tables) await database.raw(`CREATE TABLE IF NOT EXISTS ${table} (${columns})`);
  return database;
}

function connect(url: string): Knex {
  if (/^postgres(ql)?:/.test(url)) return knex({ client: 'pg', connection: url });
  if (/^(mysql|mariadb):/.test(url)) return knex({ client: 'mysql2', connection: url.replace(/^mariadb/, 'mysql') });
  const [, filename] = /^sqlite:(?:\/\/)?(.+)$/.exec(url) ?? [];
  if (filename === undefined) throw new Error('DATABASE_URL is sqlite:PATH, postgres://… or mysql://….');
  const BetterSqlite = require('knex/lib/dialects/better-sqlite3/index.js') as typeof Knex.Client;
  const { _query: send } = BetterSqlite.prototype as unknown as Sending;
  class Libsql extends BetterSqlite {
    _driver(): unknown {
      return require('libsql');
    }

    /**
     * A statement that meets a lock stays begun in libsql until it is collected as garbage, and keeps the ones after it from being
     * committed. So the lock is taken before, by `exec`, which leaves nothing behind.
     */
    async _query(handle: Handle, query: object): Promise<unknown> {
      if (handle.inTransaction) return send.call(this, handle, query);
      try {
        handle.exec('BEGIN IMMEDIATE');
        const answer: unknown = await send.call(this, handle, query);
        handle.exec('COMMIT');
        return answer;
      } catch (error) {
        rollBack(handle);
        throw error;
      }
    }
  }
  // Another process, such as the command line, is waited for.
  const afterCreate = (handle: Handle, done: (error: null, handle: Handle) => void) => {
    handle.exec('PRAGMA busy_timeout = 2000');
    done(null, handle);
  };
  const pool = { min: 0, max: 1, afterCreate };
  return knex({ client: Libsql, connection: { filename }, useNullAsDefault: true, pool });
}

/** Sessions beside the users, so that a restart signs nobody out. */
export class SqlSessions extends session.Store {
  constructor(private readonly database: Knex) {
    super();
  }

  override get(sid: string, done: (error: unknown, found?: session.SessionData | null) => void): void {
    const read = async () => {
      const row = await this.database('example_sessions').first('body').where({ sid }).where('expires', '>', now());
      return row ? (JSON.parse((row as { body: string }).body) as session.SessionData) : null;
    };
    read().then((found) => done(null, found), done);
  }

  override set(sid: string, data: session.SessionData, done: (error?: unknown) => void = () => undefined): void {
    const write = async () => {
      await this.database('example_sessions').where('expires', '<=', now()).delete();
      const row = { sid, expires: endOf(data), body: JSON.stringify(data) };
      await this.database('example_sessions').insert(row).onConflict('sid').merge();
    };
    write().then(() => done(), done);
  }

  /** Whoever comes stays signed in, whether or not they change anything. */
  override touch(sid: string, data: session.SessionData, done: () => void = () => undefined): void {
    this.database('example_sessions')
      .where({ sid })
      .update({ expires: endOf(data) })
      .then(() => done(), done);
  }

  override destroy(sid: string, done: (error?: unknown) => void = () => undefined): void {
    this.database('example_sessions')
      .where({ sid })
      .delete()
      .then(() => done(), done);
  }
}

function endOf({ cookie }: session.SessionData): number {
  return now() + Math.ceil((cookie.originalMaxAge ?? daySeconds * 1000) / 1000);
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
