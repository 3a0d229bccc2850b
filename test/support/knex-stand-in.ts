// A Knex over `pg` or `mysql2` whose server answers what a test says: for what none of ours would say in time, as a
// lost race, an old version, no answer. Servers that really say it are in test/servers/sql.
import type { Knex } from 'knex';

type Connection = { __knex__disposed?: unknown; connection: { stream: { destroy(): void } }; destroy(): void };
type Asked = { sql: string; bindings: readonly unknown[]; options?: object };

export type KnexStandIn = {
  knex: Knex;
  /** Every statement, in its order. */
  asked: Asked[];
  /** Connections that were taken, of those given back, and killed. */
  taken: Connection[];
  released: Connection[];
  killed: number;
};

/** Rows, or of how many rows a statement without an answer was. */
type Answer = (string | null)[][] | number;

/** @param rows what a statement answers; what it throws is the server's error */
export function knexStandIn(
  rows: (sql: string, bindings: readonly unknown[]) => Answer | Promise<Answer>,
  driverName: 'pg' | 'mysql2' = 'pg',
): KnexStandIn {
  const ofPg = (found: Answer) =>
    typeof found === 'number' ? { rows: [], rowCount: found } : { rows: found, rowCount: found.length };
  const ofMysql = (found: Answer) =>
    typeof found === 'number'
      ? [{ affectedRows: found }]
      : [found.map((row) => row.map((value) => (value === null ? null : Buffer.from(value))))];
  const answerOf = driverName === 'pg' ? ofPg : ofMysql;
  const seen: KnexStandIn = { knex: undefined as never, asked: [], taken: [], released: [], killed: 0 };
  const kill = () => void (seen.killed += 1);
  const client = {
    dialect: driverName === 'pg' ? 'postgresql' : 'mysql',
    driverName,
    pool: {},
    acquireConnection: async () => {
      const connection: Connection = { connection: { stream: { destroy: kill } }, destroy: kill };
      seen.taken.push(connection);
      return connection;
    },
    releaseConnection: (connection: Connection) => void seen.released.push(connection),
    query: async (_connection: Connection, asked: Asked) => {
      seen.asked.push(asked);
      return { response: answerOf(await rows(asked.sql, asked.bindings)) };
    },
  };
  return Object.assign(seen, { knex: { client } as unknown as Knex });
}
