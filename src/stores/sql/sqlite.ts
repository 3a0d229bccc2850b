// SQLite, over better-sqlite3 or libsql, whose calls keep the whole process waiting: so a database that another process is writing
// to answers `busy` at once, and whoever asks comes again.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './knex-client.js';
import type { Dialect, Failure } from './dialect.js';

type Handle = Connection & {
  readonly inTransaction: boolean;
  exec(sql: string): unknown;
  prepare(sql: string): { all(...values: unknown[]): object[] };
};

/** How long the host lets its own statements wait, by connection. */
const patience = new WeakMap<Connection, number>();

/** Begins to read by reading: nothing is locked before. */
const beginReading = ['BEGIN', 'SELECT 1 FROM sqlite_master LIMIT 1'];
const commitMs = 5;
const commitTries = 20;

/** A transaction that is kept from its end by readers keeps new ones out, and ends when the last of them is done. */
async function commit(handle: Handle): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      handle.exec('COMMIT');
      return;
    } catch (error) {
      if (tries === commitTries || dialect.classify(error) !== 'busy') throw error;
      await sleep(commitMs);
    }
  }
}

function rollBack(handle: Handle): void {
  if (handle.inTransaction) handle.exec('ROLLBACK');
}

/**
 * A statement that meets a lock stays begun in libsql until it is collected as garbage, and keeps the ones after it from being
 * committed. So every lock is taken before, by `exec`, which leaves nothing behind.
 */
async function locked<T>(handle: Handle, begin: readonly string[], work: () => Promise<T>): Promise<T> {
  // One of several statements of ours.
  if (handle.inTransaction) return work();
  try {
    for (const sql of begin) handle.exec(sql);
    const result = await work();
    await commit(handle);
    return result;
  } catch (error) {
    rollBack(handle);
    throw error;
  }
}

const dialect: Dialect = {
  name: 'SQLite',
  standby: "'0'",
  now: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
  onConflict: (key) => `ON CONFLICT (${key}) DO UPDATE SET`,
  fresh: (column) => `excluded.${column}`,
  unlessThere: 'ON CONFLICT DO NOTHING',
  updateReturns: true,
  types: { key: 'TEXT COLLATE BINARY', text: 'TEXT COLLATE BINARY' },
  tableOptions: '',
  transactional: true,
  begin: 'BEGIN IMMEDIATE',

  async send(client, connection, sql, values) {
    const handle = connection as Handle;
    const waits =
      patience.get(handle) ?? Number(Object.values(handle.prepare('PRAGMA busy_timeout').all()[0] ?? {})[0]);
    patience.set(handle, waits);
    handle.exec('PRAGMA busy_timeout = 0');
    try {
      if (sql === dialect.begin || sql === 'ROLLBACK') handle.exec(sql);
      else if (sql === 'COMMIT') await commit(handle);
      else {
        const begin = sql.startsWith('SELECT') ? beginReading : [dialect.begin];
        const { response } = await locked(handle, begin, () => client.query(connection, { sql, bindings: values }));
        if (!Array.isArray(response)) return { rows: [], changed: Number((response as { changes: unknown }).changes) };
        const rows = response.map((row: object) =>
          Object.values(row).map((value) => (value === null ? null : String(value))),
        );
        return { rows, changed: rows.length };
      }
      return { rows: [], changed: 0 };
    } finally {
      handle.exec(`PRAGMA busy_timeout = ${waits}`);
    }
  },

  classify(error): Failure {
    const { code, message = '' } = error as { code?: unknown; message?: string };
    if (/^SQLITE_(BUSY|LOCKED)/.test(String(code)) || /database (table )?is locked/.test(message)) return 'busy';
    if (/^SQLITE_CONSTRAINT_(PRIMARYKEY|UNIQUE)/.test(String(code))) return 'race';
    return message.includes('no such table') ? 'missing' : 'other';
  },
};

export const sqlite = { driver: 'better-sqlite3', dialect };
