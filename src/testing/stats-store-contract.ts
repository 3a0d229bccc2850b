// What every StatsStore must do, as tests: for those of this package and for a host's own. It knows the interface and nothing
// of any database.
import { strict as assert } from 'node:assert';
import type { CensusPart, CensusRequest, HeldCensus, StatsStore } from '../core/kernel/stats.js';
import { runnerOf, type TestRunner } from './runner.js';
import { defined, oddIds, wait } from './store-contract-tools.js';

/** A store of figures to be tested, and how to leave it. */
export type OpenedStatsStore = {
  /** Holds nothing yet. */
  store: StatsStore;
  /** Called once after each test. */
  close: () => Promise<void>;
};

const noon = Date.UTC(2026, 10, 30, 12) / 1000;
const asked = (more: Partial<CensusRequest> = {}): CensusRequest => ({
  startedAt: noon,
  resumeAfter: 0,
  ttlSeconds: 600,
  ...more,
});
const people = (...ids: string[]): CensusPart => ({ scope: '', counts: { all: ids.length }, lists: { all: ids } });

async function begun(store: StatsStore, more: Partial<CensusRequest> = {}): Promise<HeldCensus> {
  return defined(await store.begin(asked(more)));
}

/** A whole census. */
async function counted(store: StatsStore, startedAt: number, ids: readonly string[], keepFrom = '2000-01-01') {
  const { fence } = await begun(store, { startedAt });
  await store.add(fence, { step: 1, cursor: 'end', about: ids.length, parts: [people(...ids)] });
  assert.equal(await store.finish(fence, { endedAt: startedAt + 3600, keepFrom }), true);
}

/**
 * Describes the contract for `makeStore`, which is called once for each test and each time opens an empty store.
 * @param runner default: the globals `describe` and `it`
 */
export function statsStoreContract(
  name: string,
  makeStore: () => Promise<OpenedStatsStore>,
  runner?: TestRunner,
): void {
  const { describe, it } = runnerOf(runner);
  const holds = (sentence: string, body: (store: StatsStore) => Promise<void>) =>
    void it(sentence, async () => {
      const { store, close } = await makeStore();
      try {
        await body(store);
      } finally {
        await close();
      }
    });

  describe(`${name} keeps the contract of a StatsStore`, () => {
    holds('says of an empty store that nothing was counted', async (store) => {
      assert.equal(await store.latest(), undefined);
      assert.equal(await store.running(), undefined);
      assert.deepEqual(await store.list({ name: 'all', after: 0, limit: 50 }), []);
      assert.deepEqual(await store.list({ name: 'all', running: true, after: 0, limit: 50 }), []);
      assert.equal(await store.finish(1, { endedAt: noon, keepFrom: '2025-01-01' }), false);
      assert.equal(await store.add(1, { step: 1, cursor: 'x', about: 1, parts: [people('a')] }), false);
      assert.deepEqual(await store.days(), []);
      assert.equal(await store.countsOf('2026-11-30'), undefined);
    });

    holds('adds up what the steps of a census hand in, and shows it once it is over', async (store) => {
      const { fence, step, cursor } = await begun(store, { by: 'Ana "A" 🙂' });
      assert.deepEqual([step, cursor], [0, '']);
      const own: CensusPart = { scope: 'red', counts: { locked: 1 }, lists: { locked: ['a'] } };
      const one = { ...people('a', 'b'), counts: { all: 2, locked: 1, 'left/3': 2 } };
      assert.equal(await store.add(fence, { step: 1, cursor: 'x', about: 9, parts: [one, own] }), true);
      assert.equal(await store.latest(), undefined);
      assert.deepEqual(await store.list({ name: 'all', running: true, after: 0, limit: 9 }), ['a', 'b']);
      const where = { startedAt: noon, by: 'Ana "A" 🙂', people: 2, about: 9, held: true };
      assert.deepEqual(await store.running(), where);
      assert.equal(await store.add(fence, { step: 2, cursor: 'y', about: 9, parts: [people('c')] }), true);
      assert.equal(await store.finish(fence, { endedAt: noon + 9, keepFrom: '2025-01-01' }), true);
      assert.equal(await store.running(), undefined);
      const told = { startedAt: noon, endedAt: noon + 9, by: 'Ana "A" 🙂' };
      assert.deepEqual(await store.latest(), { ...told, counts: { all: 3, locked: 1, 'left/3': 2 } });
      assert.deepEqual(await store.latest('red'), { ...told, counts: { locked: 1 } });
      assert.deepEqual((await store.latest('blue'))?.counts, {});
      assert.deepEqual(await store.list({ name: 'all', after: 1, limit: 1 }), ['b']);
      assert.deepEqual(await store.list({ name: 'all', after: 0, limit: 0 }), []);
      assert.deepEqual(await store.list({ name: 'locked', scope: 'red', after: 0, limit: 9 }), ['a']);
      assert.deepEqual(await store.list({ name: 'all', scope: 'red', after: 0, limit: 9 }), []);
      assert.deepEqual(await store.countsOf('2026-11-30'), { all: 3, locked: 1, 'left/3': 2 });
    });

    holds('says nothing of who began where nobody is named', async (store) => {
      const { fence } = await begun(store);
      assert.deepEqual(await store.running(), { startedAt: noon, people: 0, about: 0, held: true });
      assert.equal(await store.finish(fence, { endedAt: noon + 9, keepFrom: '2025-01-01' }), true);
      assert.deepEqual(await store.latest(), { startedAt: noon, endedAt: noon + 9, counts: {} });
    });

    holds('keeps every id from every other one', async (store) => {
      await counted(store, noon, oddIds);
      assert.deepEqual(await store.list({ name: 'all', after: 0, limit: 100 }), oddIds);
    });

    holds('keeps a step once, however often it comes, and none out of its turn', async (store) => {
      const { fence } = await begun(store);
      const first = { step: 1, cursor: 'x', about: 2, parts: [people('a')] };
      assert.equal(await store.add(fence, first), true);
      assert.equal(await store.add(fence, first), true);
      assert.equal(await store.add(fence, { ...first, step: 3 }), false);
      assert.equal((await store.running())?.people, 1);
    });

    holds('lets one of many begin', async (store) => {
      const all = await Promise.all(Array.from({ length: 20 }, () => store.begin(asked())));
      assert.equal(all.filter((held) => held !== undefined).length, 1);
    });

    holds('goes on where one was left, and hears no more of who left it', async (store) => {
      const first = await begun(store, { by: 'ana' });
      await store.add(first.fence, { step: 1, cursor: 'x', about: 2, parts: [people('a')] });
      await store.release(first.fence);
      assert.equal((await store.running())?.held, false);
      const second = await begun(store, { by: 'ben', startedAt: noon + 60, resumeAfter: noon });
      assert.ok(second.fence > first.fence);
      assert.deepEqual([second.startedAt, second.step, second.cursor], [noon, 1, 'x']);
      const late = { step: 2, cursor: 'y', about: 2, parts: [people('b')] };
      assert.equal(await store.add(first.fence, late), false);
      assert.equal(await store.finish(first.fence, { endedAt: noon, keepFrom: '2025-01-01' }), false);
      await store.release(first.fence);
      assert.equal(await store.begin(asked()), undefined);
      assert.equal(await store.add(second.fence, late), true);
      assert.deepEqual(await store.list({ name: 'all', running: true, after: 0, limit: 9 }), ['a', 'b']);
      assert.equal((await store.running())?.by, 'ana');
    });

    holds('lets another one in once nobody is heard of any more', async (store) => {
      const long = await begun(store);
      await wait(0.02);
      assert.equal(await store.begin(asked()), undefined);
      await store.release(long.fence);
      const first = await begun(store, { ttlSeconds: 0.05 });
      await wait(0.2);
      const second = await begun(store);
      assert.ok(second.fence > first.fence);
      assert.equal(await store.add(first.fence, { step: 1, cursor: 'x', about: 1, parts: [people('a')] }), false);
    });

    holds('begins anew where one was left too long ago', async (store) => {
      const first = await begun(store);
      await store.add(first.fence, { step: 1, cursor: 'x', about: 2, parts: [people('a')] });
      await store.release(first.fence);
      const second = await begun(store, { startedAt: noon + 90_000, resumeAfter: noon + 1 });
      assert.deepEqual([second.startedAt, second.step, second.cursor], [noon + 90_000, 0, '']);
      assert.deepEqual(await store.list({ name: 'all', running: true, after: 0, limit: 9 }), []);
      assert.equal((await store.running())?.people, 0);
    });

    holds('keeps the latest of the day on which it began, and of old days the last of each month', async (store) => {
      const at = (day: string) => Date.parse(`${day}T23:30:00Z`) / 1000;
      for (const day of ['2026-11-29', '2025-02-10', '2025-01-30', '2025-01-31', '2025-02-28'])
        await counted(store, at(day), [day]);
      await counted(store, at('2026-11-30'), ['a', 'b', 'c'], '2025-03-01');
      await counted(store, at('2026-11-30'), ['a', 'b'], '2025-03-01');
      assert.deepEqual(await store.days(), ['2025-01-31', '2025-02-28', '2026-11-29', '2026-11-30']);
      assert.deepEqual(await store.countsOf('2026-11-30'), { all: 2 });
      assert.deepEqual(await store.list({ name: 'all', after: 0, limit: 9 }), ['a', 'b']);
    });
  });
}
