// The store that several processes of a test share: on Redis, or with MFA_TEST_STORE=postgres, mariadb or sqlite in the database that
// with-database.ts has opened for the run.
import knex, { type Knex } from 'knex';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { sqlStore } from '../../src/sql.js';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { patienceMs, patientStore } from './patience.js';
import { careless, sqliteKnex } from './sqlite.js';

const inSql: ReadonlySet<string | undefined> = new Set(['postgres', 'mariadb', 'sqlite']);
let shared: Knex | undefined;

/** Whether the tests of this run keep in SQL what they share. */
export function isInSql(): boolean {
  return inSql.has(process.env.MFA_TEST_STORE);
}

/** Of MFA_TEST_DATABASE, as JSON the settings of Knex or a file of SQLite; one for each process. */
export function sharedDatabase(): Knex {
  const settings = process.env.MFA_TEST_DATABASE;
  if (!settings)
    throw new Error('MFA_TEST_DATABASE is not set: run mocha with --require ./test/support/with-database.ts.');
  const told = JSON.parse(settings) as Knex.Config & { filename?: string };
  shared ??= told.filename
    ? sqliteKnex(told.filename, { pool: { ...careless, idleTimeoutMillis: 1000 } })
    : knex({ ...told, pool: { min: 0, max: 10, idleTimeoutMillis: 1000 } });
  return shared;
}

export async function closeSharedDatabase(): Promise<void> {
  await shared?.destroy();
  shared = undefined;
}

export function sharedStore(redis: RedisClient, { namespace }: { namespace: string }): MfaStore {
  if (isInSql()) return sqlStore(sharedDatabase(), { namespace, timeoutMs: patienceMs });
  return patientStore(redis, { namespace, warn: () => undefined });
}
