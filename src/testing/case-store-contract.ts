// What every CaseStore must do, as tests: for those of this package and for a host's own. It knows the interface and nothing
// of any database.
import { strict as assert } from 'node:assert';
import type { Case, CaseStore } from '../core/kernel/cases.js';
import { runnerOf, type TestRunner } from './runner.js';
import { oddIds } from './store-contract-tools.js';

/** A store of cases to be tested, and how to leave it. */
export type OpenedCaseStore = {
  /** Holds nothing yet. */
  store: CaseStore;
  /** Called once after each test. */
  close: () => Promise<void>;
};

const caseOf = (id: string, more: Partial<Case> = {}): Case => ({
  id,
  action: 'reset',
  userId: 'ann',
  epoch: 'an epoch',
  reason: 'lost "phone"\n🙂',
  by: { id: 'admin-1', name: 'ops@example.com' },
  openedAt: 1_800_000_000,
  expiresAt: 1_800_086_400,
  options: {},
  ...more,
});

const byId = (a: Case, b: Case) => (a.id < b.id ? -1 : 1);

/**
 * Describes the contract for `makeStore`, which is called once for each test and each time opens an empty store.
 * @param runner default: the globals `describe` and `it`
 */
export function caseStoreContract(name: string, makeStore: () => Promise<OpenedCaseStore>, runner?: TestRunner): void {
  const { describe, it } = runnerOf(runner);
  const holds = (sentence: string, body: (store: CaseStore) => Promise<void>) =>
    void it(sentence, async () => {
      const { store, close } = await makeStore();
      try {
        await body(store);
      } finally {
        await close();
      }
    });

  describe(`${name} keeps the contract of a CaseStore`, () => {
    holds('hands a case out as it came, until somebody takes it', async (store) => {
      assert.deepEqual(await store.list(), []);
      assert.equal(await store.take('one'), undefined);
      const one = caseOf('one', {
        tenant: 'acme',
        ticket: 'OPS-7',
        options: { validMinutes: 60, until: null, deep: { list: [1, 'two', false] } },
        approved: { id: 'admin-2', name: 'second', at: 1_800_000_100 },
      });
      assert.equal(await store.open(one), true);
      assert.equal(await store.open(caseOf('two')), true);
      assert.deepEqual((await store.list()).sort(byId), [one, caseOf('two')]);
      assert.deepEqual(await store.take('one'), one);
      assert.equal(await store.take('one'), undefined);
      assert.deepEqual(await store.list(), [caseOf('two')]);
    });

    holds('keeps the case that stands under an id, and takes it back once it was taken', async (store) => {
      assert.equal(await store.open(caseOf('one')), true);
      assert.equal(await store.open(caseOf('one')), true, 'the same case, sent again');
      assert.equal(await store.open(caseOf('one', { userId: 'bob' })), false);
      assert.deepEqual(await store.list(), [caseOf('one')]);
      await store.take('one');
      assert.equal(await store.open(caseOf('one', { userId: 'bob' })), true);
      assert.equal((await store.take('one'))?.userId, 'bob');
    });

    holds('lists a case whose time is over: whoever finds it says so', async (store) => {
      await store.open(caseOf('old', { openedAt: 1, expiresAt: 2 }));
      assert.equal((await store.list()).length, 1);
      assert.equal((await store.take('old'))?.expiresAt, 2);
    });

    holds('has one winner among many who take at once', async (store) => {
      for (let round = 0; round < 20; round += 1) {
        await store.open(caseOf(`case-${round}`));
        const taken = await Promise.all(Array.from({ length: 10 }, () => store.take(`case-${round}`)));
        assert.equal(taken.filter(Boolean).length, 1);
      }
    });

    holds('has one winner among many who open under one id', async (store) => {
      const rivals = Array.from({ length: 10 }, (_, at) => store.open(caseOf('one', { userId: `user-${at}` })));
      const opened = await Promise.all(rivals);
      assert.equal(opened.filter(Boolean).length, 1);
      const [kept] = await store.list();
      assert.equal(kept?.userId, `user-${opened.indexOf(true)}`);
    });

    holds('counts everybody who acted once, also at once', async (store) => {
      assert.equal(await store.acted('a'), 1);
      assert.equal(await store.acted('a'), 1);
      assert.equal(await store.acted('b'), 2);
      const counts = await Promise.all(['c', 'c', 'd', 'd', 'a'].map((id) => store.acted(id)));
      assert.ok(Math.max(...counts) === 4);
      assert.equal(await store.acted('d'), 4);
    });

    holds('tells every id from every other', async (store) => {
      for (const id of oddIds) assert.equal(await store.open(caseOf(id, { userId: id })), true, JSON.stringify(id));
      assert.equal((await store.list()).length, oddIds.length);
      for (const [index, id] of oddIds.entries()) {
        assert.equal(await store.acted(id), index + 1, JSON.stringify(id));
        assert.equal((await store.take(id))?.userId, id);
      }
      assert.deepEqual(await store.list(), []);
    });
  });
}
