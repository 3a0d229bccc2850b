// SQLite, over better-sqlite3 or libsql, whose calls keep the whole process waiting: so a database that another process is writing
// to answers `busy` at once, and whoever asks comes again.
import type { Connection } from './knex-client.js';
import type { Dialect, Failure } from './dialect.js';

type Handle = Connection & {
  exec(sql: string): unknown;
  prepare(sql: string): { all(...values: unknown[]): object[] };
};

/** How long the host lets its own statements wait, by connection. */
const patience = new WeakMap<Connection, number>();

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
      const { response } = await client.query(connection, { sql, bindings: values });
      if (!Array.isArray(response)) return { rows: [], changed: Number((response as { changes: unknown }).changes) };
      const rows = response.map((row: object) =>
        Object.values(row).map((value) => (value === null ? null : String(value))),
      );
      return { rows, changed: rows.length };
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
