// One of several processes that change the same records at the same time: it is told which store, and who it is, and reports what it
// won. Started by store-rivals.ts.
import knex from 'knex';
import { emptyRecord } from '../../src/core/kernel/record.js';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { sqlStore } from '../../src/sql.js';
import { patienceMs, patientStore } from './patience.js';
import { newRedis } from './redis.js';
import { sqliteKnex } from './sqlite.js';

/** Redis where neither a file of SQLite nor settings of Knex are named. */
export type RivalStore = { namespace: string; filename?: string; knex?: object };

const [told = '{}', me = ''] = process.argv.slice(2);
const { store, close } = open(JSON.parse(told) as RivalStore);

function open({ namespace, filename, knex: settings }: RivalStore): { store: MfaStore; close: () => unknown } {
  if (!filename && !settings) {
    const redis = newRedis();
    return { store: patientStore(redis, { namespace }), close: () => redis.disconnect() };
  }
  const database = filename ? sqliteKnex(filename) : knex(settings ?? {});
  return { store: sqlStore(database, { namespace, timeoutMs: patienceMs }), close: () => database.destroy() };
}

/** What stood before any of them saved: of the first saves one fits, however busy the machine. */
const first = store.load('shared');

/** Adds 1 to the record by compare-and-set, `times` times; answers how many races were lost on the way. */
async function addToRecord(times: number): Promise<number> {
  let lost = 0;
  let loaded = await first;
  for (let added = 0; added < times; loaded = await store.load('shared')) {
    const { record = emptyRecord('e'), revision } = loaded;
    record.skipped.count = (record.skipped.count ?? 0) + 1;
    if (await store.save('shared', record, revision)) added += 1;
    else lost += 1;
  }
  return lost;
}

async function winnersOf(count: number, attempt: (index: number) => Promise<boolean>): Promise<number> {
  const won = await Promise.all(Array.from({ length: count }, (_, index) => attempt(index)));
  return won.filter(Boolean).length;
}

process.once('message', (scale: number) => void compete(scale));
void first.then(() => process.send?.('ready'));

/** @param scale how often each thing is done, in hundreds */
async function compete(scale: number): Promise<void> {
  const lost = await addToRecord(100 * scale);
  await Promise.all(Array.from({ length: 100 * scale }, () => store.increment('shared', 'sent', 60)));
  const taken = await winnersOf(
    100 * scale,
    async (index) => (await store.take('shared', `flow-${index}`)) !== undefined,
  );
  const claimed = await winnersOf(100 * scale, async (index) => (await store.claim(`credential-${index}`, me)) === me);
  const saved = await winnersOf(100 * scale, async (index) => {
    return (await store.save(`user-${index}`, emptyRecord(me), undefined)) !== undefined;
  });
  process.send?.({ lost, taken, claimed, saved });
  await close();
  process.disconnect();
}
