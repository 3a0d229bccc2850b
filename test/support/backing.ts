// Where the test apps keep what they know: in memory, or with MFA_TEST_STORE=redis in the shared Redis, sessions by
// connect-redis, or with MFA_TEST_STORE=postgres, mariadb or sqlite in the database of the run, sessions in memory. All of them count
// seconds by themselves; what lapses is made to age with the clock of the test.
import { RedisStore } from 'connect-redis';
import type { RequestHandler } from 'express';
import type { Store } from 'express-session';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { sqlStore } from '../../src/sql.js';
import { openSql } from '../../src/stores/sql/sql.js';
import { patienceMs } from './patience.js';
import { freshNamespace, openRedisStore } from './redis.js';
import { isInSql, sharedDatabase } from './shared-store.js';

export type Backing = {
  /** What a test app has where its test names no store. */
  readonly store?: MfaStore;
  readonly sessions?: Store;
  /** Goes before all else of the host. */
  readonly before?: RequestHandler;
  close(): Promise<void>;
};

/** Takes from the time that each key of a namespace has left: ARGV are the pattern and the milliseconds. */
const age = `
local cursor = '0'
repeat
  local page = redis.call('SCAN', cursor, 'MATCH', ARGV[1], 'COUNT', 1000)
  cursor = page[1]
  for _, key in ipairs(page[2]) do
    local left = redis.call('PTTL', key)
    if left > 0 then redis.call('PEXPIRE', key, left - ARGV[2]) end
  end
until cursor == '0'`;

function openDatabase(clock: { now(): number }): Backing {
  const namespace = freshNamespace();
  const options = { namespace, timeoutMs: patienceMs };
  // As the store does it: whoever holds a lock is waited for.
  const sql = openSql('the tests', sharedDatabase(), options);
  let last = clock.now();
  return {
    store: sqlStore(sharedDatabase(), options),
    before: (_req, _res, next) => {
      const passedMs = Math.round(clock.now() - last);
      last += passedMs;
      if (passedMs <= 0) return next();
      const older = `UPDATE mfa_transients SET expires_at = expires_at - ${passedMs} WHERE namespace = ?`;
      sql.ask('making older what lapses', older, [sql.space]).then(() => next(), next);
    },
    close: () => Promise.resolve(),
  };
}

/** @param clock the test's, in milliseconds */
export async function openBacking(clock: { now(): number }): Promise<Backing> {
  const wanted = process.env.MFA_TEST_STORE ?? 'memory';
  if (wanted === 'memory') return { close: () => Promise.resolve() };
  if (isInSql()) return openDatabase(clock);
  if (wanted !== 'redis')
    throw new Error(`MFA_TEST_STORE=${wanted}: known are memory, redis, postgres, mariadb and sqlite.`);
  const { store, redis, namespace, close } = await openRedisStore({ warn: () => undefined });
  let last = clock.now();
  return {
    store,
    // Without an end, as those in memory are.
    sessions: new RedisStore({ client: redis, prefix: `${namespace}:session:`, disableTTL: true }),
    before: (_req, _res, next) => {
      const passedMs = clock.now() - last;
      last += passedMs;
      if (passedMs <= 0) return next();
      redis.eval(age, 0, `${namespace}:*`, passedMs).then(() => next(), next);
    },
    close,
  };
}
