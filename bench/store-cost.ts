// What one operation of each store takes, one after the other: Redis, and PostgreSQL, MariaDB and SQLite where their programs are there;
// each on this machine, set up as it comes.
import { performance } from 'node:perf_hooks';
import { Redis } from 'ioredis';
import type { MfaStore } from '../src/core/kernel/ports.js';
import { emptyRecord } from '../src/core/kernel/record.js';
import { redisStore } from '../src/index.js';
import { sqlStore } from '../src/sql.js';
import { startMariadb, startPostgres } from '../test/support/databases.js';
import { openSqlite } from '../test/support/sqlite.js';

/** Milliseconds of one operation, the median; each is one trip. */
export type StoreCost = { store: string; load: number; save: number; put: number; take: number; increment: number };

const times = 300;

async function medianOf(work: (index: number) => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const from = performance.now();
    await work(index);
    took.push(performance.now() - from);
  }
  return Number((took.sort((a, b) => a - b)[times / 2] ?? 0).toFixed(3));
}

async function measure(name: string, store: MfaStore): Promise<StoreCost> {
  await store.migrations?.migrate();
  await store.ready?.();
  const record = { ...emptyRecord('epoch'), owed: ['x'.repeat(600)] };
  let revision = await store.save('u', record, undefined);
  for (let warm = 0; warm < 50; warm += 1) await store.load('u');
  return {
    store: name,
    load: await medianOf(() => store.load('u')),
    save: await medianOf(async () => {
      revision = await store.save('u', record, revision);
      if (revision === undefined) throw new Error('A save lost a race that nobody ran.');
    }),
    put: await medianOf((index) => store.put('u', `flow-${index}`, 'x'.repeat(200), 600)),
    take: await medianOf((index) => store.take('u', `flow-${index}`)),
    increment: await medianOf(() => store.increment('u', 'sent', 600)),
  };
}

export async function measureStores(redisUrl: string, namespace: string): Promise<StoreCost[]> {
  const redis = new Redis(redisUrl);
  const costs = [await measure('Redis', redisStore(redis, { namespace, warn: () => undefined }))];
  redis.disconnect();
  for (const [name, start] of [
    ['PostgreSQL', startPostgres],
    ['MariaDB', startMariadb],
  ] as const) {
    const database = await start().catch(() => undefined);
    if (!database) continue;
    costs.push(await measure(name, sqlStore(database.connect(), { namespace })));
    await database.close();
  }
  const { knex, close } = await openSqlite({ pool: { min: 1, max: 1 } });
  costs.push(await measure('SQLite', sqlStore(knex, { namespace })));
  await knex.raw('PRAGMA journal_mode = WAL');
  costs.push(await measure('SQLite, WAL', sqlStore(knex, { namespace: `${namespace}-wal` })));
  await close();
  return costs;
}
