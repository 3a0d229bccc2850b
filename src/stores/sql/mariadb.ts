// MariaDB, over mysql2: values stand in the statement as hexadecimal digits, which no character set, SQL mode or way to quote
// changes, and come back as bytes.
import type { Connection } from './knex-client.js';
import type { Dialect, Failure } from './dialect.js';

/** A function of ours is all that goes before one that the host gave the connection. */
const asBytes = { rowsAsArray: true, typeCast: (field: { buffer(): Buffer | null }) => field.buffer() };

/** A key that is there already, a deadlock, a row that changed since the transaction began. */
const races: ReadonlySet<unknown> = new Set([1062, 1213, 1020]);

const dialect: Dialect = {
  name: 'MariaDB',
  standby: '@@global.read_only',
  // UNIX_TIMESTAMP(NOW()) goes by the session's zone, in which an hour of each autumn comes twice.
  now: "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000)",
  onConflict: () => 'ON DUPLICATE KEY UPDATE',
  fresh: (column) => `VALUES(${column})`,
  // IGNORE would also swallow what does not fit into a column.
  unlessThere: '',
  updateReturns: false,
  types: { key: 'varbinary(255)', text: 'longblob' },
  tableOptions: 'ENGINE=InnoDB',
  transactional: false,
  begin: 'START TRANSACTION READ WRITE',

  async send(client, connection, sql, values) {
    let next = 0;
    const text = sql.replace(/\?/g, () => literal(values[next++]));
    const { response } = await client.query(connection, { sql: text, bindings: [], options: asBytes });
    const [found] = response as [(Buffer | null)[][] | { affectedRows: number }];
    if (!Array.isArray(found)) return { rows: [], changed: found.affectedRows };
    const rows = found.map((row) => row.map((value) => value?.toString('latin1') ?? null));
    return { rows, changed: rows.length };
  },

  classify(error): Failure {
    const { errno } = error as { errno?: unknown };
    if (races.has(errno)) return 'race';
    return errno === 1146 ? 'missing' : 'other';
  },

  kill(connection) {
    (connection as Connection & { destroy?(): void }).destroy?.();
  },
};

function literal(value: string | null | undefined): string {
  return value === null || value === undefined ? 'NULL' : `X'${Buffer.from(value, 'latin1').toString('hex')}'`;
}

export const mariadb = { driver: 'mysql2', dialect };
