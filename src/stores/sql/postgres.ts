// PostgreSQL, over pg: each statement is an unnamed one with its values beside it, in one message, so that it works behind a
// pooler that gives every transaction another connection.
import type { Connection } from './knex-client.js';
import type { Dialect, Failure } from './dialect.js';

/** Parsers that the host set for types do not see our values: all are texts. */
const asText = { rowMode: 'array', types: { getTypeParser: () => String } };

/** Serialization failure, deadlock, a key that is there already. */
const races: ReadonlySet<unknown> = new Set(['40001', '40P01', '23505']);

const dialect: Dialect = {
  name: 'PostgreSQL',
  standby: "CASE WHEN pg_is_in_recovery() THEN '1' ELSE '0' END",
  now: 'CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000 AS bigint)',
  onConflict: (key) => `ON CONFLICT (${key}) DO UPDATE SET`,
  fresh: (column) => `excluded.${column}`,
  unlessThere: 'ON CONFLICT DO NOTHING',
  updateReturns: true,
  types: { key: 'varchar(255) COLLATE "C"', text: 'text COLLATE "C"' },
  tableOptions: '',
  transactional: true,
  begin: 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE',

  async send(client, connection, sql, values) {
    const { response } = await client.query(connection, { sql, bindings: values, options: asText });
    const { rows, rowCount } = response as { rows: (string | null)[][]; rowCount: number | null };
    return { rows, changed: rowCount ?? 0 };
  },

  classify(error): Failure {
    const { code } = error as { code?: unknown };
    if (races.has(code)) return 'race';
    return code === '42P01' ? 'missing' : 'other';
  },

  kill(connection) {
    // Its own `end` waits for the server where it can, which does not answer.
    (connection as Connection & { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy();
  },
};

export const postgres = { driver: 'pg', dialect };
