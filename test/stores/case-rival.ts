// One of several processes that open and take the same cases at the same time; it reports what it won. Started by
// case-store-contract.test.ts.
import { newRedis } from '../support/redis.js';
import { patientCaseStore } from '../support/patience.js';

const [namespace = '', me = ''] = process.argv.slice(2);
const redis = newRedis();
const store = patientCaseStore(redis, { namespace });
const ids = Array.from({ length: 100 }, (_, at) => `case-${at}`);

async function winnersOf(attempt: (id: string) => Promise<boolean>): Promise<number> {
  return (await Promise.all(ids.map(attempt))).filter(Boolean).length;
}

process.on('message', (order: 'open' | 'take') => void compete(order).then((won) => process.send?.(won)));
process.once('disconnect', () => process.exit());
void store.list().then(() => process.send?.('ready'));

async function compete(order: 'open' | 'take'): Promise<number> {
  if (order === 'take') return winnersOf(async (id) => (await store.take(id)) !== undefined);
  const by = { id: me, name: me };
  const rest = { action: 'reset', userId: 'ann', epoch: 'e', reason: `of ${me}`, by, openedAt: 1, expiresAt: 2 };
  for (const id of [...ids, me]) await store.acted(id);
  return winnersOf((id) => store.open({ id, ...rest, options: {} }));
}
