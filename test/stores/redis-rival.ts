// One of several processes that change the same records at the same time; told what to do by its arguments, it reports
// what it won. Started by redis-processes.test.ts.
import { emptyRecord } from '../../src/core/kernel/record.js';
import { patientStore } from '../support/patience.js';
import { newRedis } from '../support/redis.js';

const [namespace = '', me = ''] = process.argv.slice(2);
const redis = newRedis();
const store = patientStore(redis, { namespace });

/** Adds 1 to the record by compare-and-set, `times` times; answers how many races were lost on the way. */
async function addToRecord(times: number): Promise<number> {
  let lost = 0;
  for (let added = 0; added < times;) {
    const { record = emptyRecord('e'), revision } = await store.load('shared');
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

await store.load('shared');
process.send?.('ready');
process.once('message', () => void compete());

async function compete(): Promise<void> {
  const lost = await addToRecord(300);
  await Promise.all(Array.from({ length: 500 }, () => store.increment('shared', 'sent', 60)));
  const taken = await winnersOf(300, async (index) => (await store.take('shared', `flow-${index}`)) !== undefined);
  const claimed = await winnersOf(300, async (index) => (await store.claim(`credential-${index}`, me)) === me);
  const first = await winnersOf(300, async (index) => {
    return (await store.save(`user-${index}`, emptyRecord(me), undefined)) !== undefined;
  });
  process.send?.({ lost, taken, claimed, first });
  redis.disconnect();
  process.disconnect();
}
