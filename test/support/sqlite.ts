// SQLite for tests, by libsql, which installs without a compiler: a file of its own for each that asks.
import { createRequire } from 'node:module';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import { sqlStore } from '../../src/sql.js';
import { during } from './during.js';

const require = createRequire(import.meta.url);
const Dialect = require('knex/lib/dialects/better-sqlite3/index.js') as typeof Knex.Client;

/** Knex's dialect of better-sqlite3, with the interface that libsql shares. */
class LibsqlClient extends Dialect {
  _driver(): unknown {
    return require('libsql');
  }
}

export function sqliteKnex(filename: string, settings: Knex.Config = {}): Knex {
  return knex({ client: LibsqlClient, connection: { filename }, useNullAsDefault: true, ...settings });
}

/** Nothing here outlives a power cut, so nothing waits for the disk. */
export const careless = {
  min: 0,
  max: 1,
  afterCreate: (connection: { exec(sql: string): void }, done: (error: null, connection: unknown) => void) => {
    connection.exec('PRAGMA synchronous = OFF');
    done(null, connection);
  },
};

/** A file for a database, gone with `close`. */
export async function sqliteFolder(): Promise<{ filename: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'express-mfa-sqlite-'));
  return { filename: join(folder, 'mfa.db'), close: () => rm(folder, { recursive: true, force: true }) };
}

/** An empty database in a file, gone with `close`. */
export async function openSqlite(
  settings?: Knex.Config,
): Promise<{ knex: Knex; filename: string; close(): Promise<void> }> {
  const { filename, close } = await sqliteFolder();
  const opened = sqliteKnex(filename, { pool: careless, ...settings });
  return {
    knex: opened,
    filename,
    async close() {
      await opened.destroy();
      await close();
    },
  };
}

/** A database with our tables for the tests of one `describe`. */
export function sqliteDuring(): () => Awaited<ReturnType<typeof openSqlite>> {
  return during(async () => {
    const opened = await openSqlite();
    await sqlStore(opened.knex, { namespace: 'any' }).migrations?.migrate();
    return opened;
  });
}
