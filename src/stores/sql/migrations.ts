// The tables, step by step, for the host's own migrations and for the command line alike. Each step says in `mfa_migrations` that
// it was made, and may be run again: where tables are not made in transactions, a step that was cut short is finished so.
import type { Dialect } from './dialect.js';
import { dialectOf } from './dialects.js';
import { furtherTables } from './further-tables.js';
import type { Knex, KnexClient } from './knex-client.js';

/** One step, in the shape that Knex asks of a migration. */
export type SqlMigration = {
  /** Sorts behind the step before it. */
  readonly name: string;
  /** Makes it; once more does no harm. */
  up(knex: Knex): Promise<void>;
  /** Takes it back, with everything that its tables hold. */
  down(knex: Knex): Promise<void>;
};

type Statements = (dialect: Dialect) => string[];

export const migrationsTable = 'mfa_migrations';

export const steps: readonly { name: string; up: Statements; down: Statements }[] = [
  {
    name: 'express-mfa-001-stores',
    up: ({ types: { key, text }, tableOptions }) => {
      const table = (name: string, columns: string[]) =>
        `CREATE TABLE IF NOT EXISTS ${name} (${columns.join(', ')}) ${tableOptions}`;
      return [
        table('mfa_records', [
          `namespace ${key} NOT NULL, user_id ${key} NOT NULL, long_id ${text}, revision ${key} NOT NULL`,
          `record ${text} NOT NULL, updated_at bigint NOT NULL, PRIMARY KEY (namespace, user_id)`,
        ]),
        table('mfa_claims', [
          `namespace ${key} NOT NULL, claim ${key} NOT NULL, long_claim ${text}, owner ${text} NOT NULL`,
          'PRIMARY KEY (namespace, claim)',
        ]),
        table('mfa_transients', [
          `namespace ${key} NOT NULL, user_id ${key} NOT NULL, name ${key} NOT NULL, value ${text}, counter bigint`,
          'expires_at bigint NOT NULL, PRIMARY KEY (namespace, user_id, name)',
        ]),
        'CREATE INDEX IF NOT EXISTS mfa_transients_expires_at ON mfa_transients (expires_at)',
      ];
    },
    down: () => ['mfa_transients', 'mfa_claims', 'mfa_records'].map((table) => `DROP TABLE IF EXISTS ${table}`),
  },
  furtherTables,
];

/** Makes the table of what was made; the two statements that say a step was made, or is no more. */
export function bookkeeping({ types, tableOptions, now, unlessThere, name }: Dialect) {
  const insert = name === 'MariaDB' ? 'INSERT IGNORE' : 'INSERT';
  return {
    table: `CREATE TABLE IF NOT EXISTS ${migrationsTable} (name ${types.key} NOT NULL PRIMARY KEY, applied_at bigint NOT NULL) ${tableOptions}`,
    // Names of ours alone, in which there is nothing to be quoted.
    made: (step: string) =>
      `${insert} INTO ${migrationsTable} (name, applied_at) VALUES ('${step}', ${now}) ${unlessThere}`,
    taken: (step: string) => `DELETE FROM ${migrationsTable} WHERE name = '${step}'`,
  };
}

/** The steps for `knex migrate`: `up` and `down` of each, in this order. They take a transaction of Knex as well. */
export const sqlMigrations: readonly SqlMigration[] = steps.map(({ name, up, down }) => {
  const run = async (knex: Knex, statements: (dialect: Dialect) => string[]) => {
    const client = (knex as { client: KnexClient }).client;
    for (const sql of statements(dialectOf('sqlMigrations', client))) await knex.raw(sql);
  };
  return {
    name,
    up: (knex) => run(knex, (dialect) => [bookkeeping(dialect).table, ...up(dialect), bookkeeping(dialect).made(name)]),
    down: (knex) => run(knex, (dialect) => [...down(dialect), bookkeeping(dialect).taken(name)]),
  };
});
