// The records' half of the store contract: one value per user, compare-and-set, tombstones.
import { strict as assert } from 'node:assert';
import type { MfaStore, Revision } from '../core/kernel/ports.js';
import { emptyRecord, type MfaRecord } from '../core/kernel/record.js';
import { defined, oddIds, unique, type Holds } from './store-contract-tools.js';

export function describeRecords(holds: Holds): void {
  holds('loads nothing, not even a revision, where there never was a record', async ({ store, userId }) => {
    assert.deepEqual(await store.load(userId), {});
  });

  holds('loads what was saved, under the revision that the save answered', async ({ store, userId }) => {
    const record = fullRecord();
    const revision = await store.save(userId, record, undefined);
    assert.ok(typeof revision === 'string' && revision.length > 0);
    assert.deepEqual(await store.load(userId), { record, revision });
  });

  holds('answers another revision for each save, of the same record too', async ({ store, userId }) => {
    const record = emptyRecord('e');
    const seen = new Set<Revision>();
    let revision: Revision | undefined;
    for (let saves = 0; saves < 20; saves += 1) {
      revision = await store.save(userId, record, revision);
      seen.add(defined(revision));
    }
    assert.equal(seen.size, 20);
  });

  holds('refuses a save that expects no record where there is one', async ({ store, userId }) => {
    const first = await store.save(userId, emptyRecord('first'), undefined);
    assert.equal(await store.save(userId, emptyRecord('second'), undefined), undefined);
    assert.deepEqual(await store.load(userId), { record: emptyRecord('first'), revision: first });
  });

  holds('refuses a save that expects an older or an invented revision', async ({ store, userId }) => {
    const first = defined(await store.save(userId, emptyRecord('first'), undefined));
    const second = await store.save(userId, emptyRecord('second'), first);
    for (const stale of [first, 'invented', '']) {
      assert.equal(await store.save(userId, emptyRecord('third'), stale), undefined, stale);
    }
    assert.deepEqual(await store.load(userId), { record: emptyRecord('second'), revision: second });
  });

  holds('refuses a save that expects a revision where there never was a record', async ({ store, userId }) => {
    for (const invented of ['invented', '']) {
      assert.equal(await store.save(userId, emptyRecord('e'), invented), undefined);
    }
    assert.deepEqual(await store.load(userId), {});
  });

  holds('gives a revision to exactly one of 20 rival first saves', async ({ store, userId }) => {
    await oneOfTwenty(store, userId, undefined);
  });

  holds('gives a revision to exactly one of 20 rival later saves', async ({ store, userId }) => {
    await oneOfTwenty(store, userId, defined(await store.save(userId, emptyRecord('e'), undefined)));
  });

  holds('saves many at once, where it can, each as if it were alone', async ({ store, userId }) => {
    if (!store.saveAll) return;
    assert.deepEqual(await store.saveAll([]), []);
    const [stale, first] = [`${userId}-stale`, `${userId}-first`];
    const before = await store.save(userId, emptyRecord('before'), undefined);
    await store.save(stale, emptyRecord('theirs'), undefined);
    const saved = await store.saveAll([
      { userId, record: emptyRecord('after'), expected: before },
      { userId: stale, record: emptyRecord('late'), expected: before },
      { userId: first, record: emptyRecord('first'), expected: undefined },
      { userId, record: emptyRecord('again'), expected: before },
    ]);
    assert.deepEqual(
      saved.map((revision) => typeof revision),
      ['string', 'undefined', 'string', 'undefined'],
    );
    assert.deepEqual(await store.load(userId), { record: emptyRecord('after'), revision: defined(saved[0]) });
    assert.deepEqual((await store.load(stale)).record, emptyRecord('theirs'));
    assert.deepEqual(await store.load(first), { record: emptyRecord('first'), revision: defined(saved[2]) });
  });

  holds(
    'gives each of many to exactly one of rivals who save them at once, in any order',
    async ({ store, userId }) => {
      if (!store.saveAll) return;
      const ids = Array.from({ length: 230 }, (_, at) => `${userId}-${oddIds[at] ?? at}`);
      const seen: (Revision | undefined)[] = ids.map(() => undefined);
      for (const round of ['first', 'later', 'last']) {
        const told = await Promise.all(
          [0, 1, 2, 3].map(async (rival) => {
            const saves = ids.map((id, at) => ({
              userId: id,
              record: emptyRecord(`${round} ${rival}`),
              expected: seen[at],
            }));
            if (rival % 2 === 0) return store.saveAll?.(saves);
            return (await store.saveAll?.(saves.reverse()))?.reverse();
          }),
        );
        for (const [at, id] of ids.entries()) {
          const winners = told.flatMap((revisions, rival) => (revisions?.[at] === undefined ? [] : [rival]));
          const removed = round === 'later' && at === 1;
          assert.equal(winners.length, removed ? 0 : 1, id);
          const { record, revision } = await store.load(id);
          assert.equal(record?.epoch, removed ? undefined : `${round} ${winners[0]}`, id);
          if (!removed) assert.equal(told[winners[0] ?? 0]?.[at], revision, id);
          seen[at] = revision;
        }
        // In the next round the one is saved upon its tombstone, the other as if it still were there.
        await store.remove(defined(ids[0]));
        seen[0] = (await store.load(defined(ids[0]))).revision;
        if (round === 'first') await store.remove(defined(ids[1]));
      }
    },
  );

  holds('loses no change of 10 rivals who load again after each lost race', async ({ store, userId }) => {
    const addOne = async () => {
      for (;;) {
        const { record = emptyRecord('e'), revision } = await store.load(userId);
        record.skipped.count = (record.skipped.count ?? 0) + 1;
        if (await store.save(userId, record, revision)) return;
      }
    };
    await Promise.all(Array.from({ length: 10 }, addOne));
    assert.equal((await store.load(userId)).record?.skipped.count, 10);
  });

  holds('leaves a tombstone: a removed record loads as a revision alone', async ({ store, userId }) => {
    const before = await store.save(userId, emptyRecord('e'), undefined);
    await store.remove(userId);
    const after = await store.load(userId);
    assert.deepEqual(Object.keys(after), ['revision']);
    assert.equal(typeof after.revision, 'string');
    assert.notEqual(after.revision, before);
  });

  holds('lets no save that began before a removal fit after it', async ({ store, userId }) => {
    const before = await store.save(userId, emptyRecord('old'), undefined);
    await store.remove(userId);
    const tombstone = (await store.load(userId)).revision;
    assert.equal(await store.save(userId, emptyRecord('late'), before), undefined);
    assert.equal(await store.save(userId, emptyRecord('late'), undefined), undefined);
    const revision = await store.save(userId, emptyRecord('new'), tombstone);
    assert.deepEqual(await store.load(userId), { record: emptyRecord('new'), revision: defined(revision) });
    for (const stale of [before, tombstone, undefined]) {
      assert.equal(await store.save(userId, emptyRecord('late'), stale), undefined);
    }
  });

  holds('lets no first save that began before a removal fit, where there was nothing to remove', async (tools) => {
    await tools.store.remove(tools.userId);
    assert.equal(await tools.store.save(tools.userId, emptyRecord('late'), undefined), undefined);
    assert.deepEqual(Object.keys(await tools.store.load(tools.userId)), ['revision']);
  });

  holds('removes only what stands as it was seen, where it is told what that was', async ({ store, userId }) => {
    assert.equal(await store.remove(userId, { revision: 'never' }), false);
    assert.deepEqual(await store.load(userId), {});
    assert.equal(await store.remove(userId, {}), true);
    assert.equal(await store.remove(userId, {}), false);
    const tombstone = await store.load(userId);
    const before = await store.save(userId, emptyRecord('old'), tombstone.revision);
    const revision = await store.save(userId, emptyRecord('new'), before);
    for (const seen of [tombstone, { revision: defined(before) }, {}])
      assert.equal(await store.remove(userId, seen), false);
    assert.deepEqual(await store.load(userId), { record: emptyRecord('new'), revision: defined(revision) });
    assert.equal(await store.remove(userId, { revision: defined(revision) }), true);
    assert.deepEqual(Object.keys(await store.load(userId)), ['revision']);
    assert.equal(await store.remove(userId), true);
  });

  holds('gives each removal a revision of its own', async ({ store, userId }) => {
    await store.remove(userId);
    const first = (await store.load(userId)).revision;
    await store.remove(userId);
    const second = (await store.load(userId)).revision;
    assert.equal(typeof second, 'string');
    assert.notEqual(second, first);
    assert.equal(await store.save(userId, emptyRecord('late'), first), undefined);
  });

  holds('shares no object with its callers', async ({ store, userId }) => {
    const record = fullRecord();
    const kept = fullRecord();
    await store.save(userId, record, undefined);
    record.authenticators.length = 0;
    record.skipped.passkey = 99;
    const { record: loaded } = await store.load(userId);
    assert.deepEqual(loaded, kept);
    Object.assign(defined(loaded.attempts['totp']), { failures: 99 });
    assert.deepEqual((await store.load(userId)).record, kept);
  });

  holds('keeps the records of odd ids apart', async ({ store }) => {
    const prefix = unique('odd');
    for (const id of oddIds) await store.save(prefix + id, emptyRecord(`of ${id}`), undefined);
    for (const id of oddIds) assert.equal((await store.load(prefix + id)).record?.epoch, `of ${id}`, id);
    await store.remove(`${prefix}a`);
    assert.equal((await store.load(`${prefix}A`)).record?.epoch, 'of A');
  });

  holds('keeps records when transients of the same user lapse', async ({ store, userId, pass }) => {
    await store.save(userId, emptyRecord('e'), undefined);
    await store.put(userId, 'flow', 'x', 1);
    await pass(1.2);
    assert.equal(await store.get(userId, 'flow'), undefined);
    assert.deepEqual((await store.load(userId)).record, emptyRecord('e'));
  });
}

async function oneOfTwenty(store: MfaStore, userId: string, expected: Revision | undefined): Promise<void> {
  const rivals = Array.from({ length: 20 }, (_, index) => emptyRecord(`rival ${index}`));
  const told = await Promise.all(rivals.map((record) => store.save(userId, record, expected)));
  const winners = rivals.map((record, index) => ({ record, revision: told[index] })).filter(({ revision }) => revision);
  assert.equal(winners.length, 1);
  assert.deepEqual(await store.load(userId), winners[0]);
}

function fullRecord(): MfaRecord {
  return {
    ...emptyRecord('epoch'),
    authenticators: [
      { id: 'a1', kind: 'totp', createdAt: 1_700_000_000, data: { sealed: 'k1.abc', lastStep: 56_666_666 } },
      {
        id: 'a2',
        kind: 'backup-codes',
        createdAt: 1_700_000_000,
        data: { codes: ['x', null, 'y'], salt: 'ключ 🙂\n"' },
      },
    ],
    attempts: { totp: { failures: 2, failedAt: 1_700_000_100, lockedUntil: 1_700_000_130 } },
    known: [{ id: 'b1', hash: 'h', createdAt: 1_700_000_000 }],
    skipped: { passkey: 1_700_000_000 },
    owed: ['backup-codes'],
    protected: true,
    signInStepOff: true,
  };
}
