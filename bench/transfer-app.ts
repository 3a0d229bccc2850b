// The app that the commands of a transfer run against: on the store that TRANSFER_STORE names.
import { Redis } from 'ioredis';
import knex from 'knex';
import type { MfaStore } from '../src/core/kernel/ports.js';
import { backupCodes } from '../src/factors/backup-codes/backup-codes.js';
import { totp } from '../src/factors/totp/totp.js';
import { createMfa } from '../src/index.js';
import { sqlStore } from '../src/sql.js';
import { redisStore } from '../src/stores/redis-store.js';
import { usualSecret } from '../test/support/usual-person.js';

/** Redis by its URL, a database by the settings of Knex. */
export type StoreOfApp = { namespace: string; redis: string } | { namespace: string; knex: object };

function storeOf(told: StoreOfApp): MfaStore {
  const { namespace } = told;
  if ('knex' in told) return sqlStore(knex(told.knex), { namespace, timeoutMs: 30_000 });
  return redisStore(new Redis(told.redis), { namespace, timeoutMs: 30_000, warn: () => undefined });
}

export const mfa = createMfa({
  appName: 'Bench',
  secrets: [usualSecret],
  store: storeOf(JSON.parse(process.env.TRANSFER_STORE ?? '{}') as StoreOfApp),
  factors: [totp(), backupCodes()],
  user: () => null,
  notify: () => undefined,
});
