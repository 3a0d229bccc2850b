// The store that several processes of a test share: on Redis, or with MFA_TEST_STORE=postgres in the PostgreSQL that with-postgres.ts
// has started for the run.
import knex, { type Knex } from 'knex';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { sqlStore } from '../../src/sql.js';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { patienceMs, patientStore } from './patience.js';

let shared: Knex | undefined;

/** Of MFA_TEST_DATABASE, the settings of Knex as JSON; one for each process. */
export function sharedDatabase(): Knex {
  const settings = process.env.MFA_TEST_DATABASE;
  if (!settings)
    throw new Error('MFA_TEST_DATABASE is not set: run mocha with --require ./test/support/with-postgres.ts.');
  shared ??= knex({ ...(JSON.parse(settings) as Knex.Config), pool: { min: 0, max: 10, idleTimeoutMillis: 1000 } });
  return shared;
}

export function sharedStore(redis: RedisClient, { namespace }: { namespace: string }): MfaStore {
  if (process.env.MFA_TEST_STORE === 'postgres')
    return sqlStore(sharedDatabase(), { namespace, timeoutMs: patienceMs });
  return patientStore(redis, { namespace, warn: () => undefined });
}
