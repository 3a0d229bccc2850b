// The records' half of the store contract: one value per user, compare-and-set, tombstones, the scan.
import { expect } from 'chai';
import type { MfaStore, Revision } from '../../src/core/ports.js';
import { emptyRecord, type MfaRecord } from '../../src/core/record.js';
import { defined, oddIds, unique, type Holds } from './store-contract-tools.js';

export function describeRecords(holds: Holds): void {
  holds('loads nothing, not even a revision, where there never was a record', async ({ store, userId }) => {
    expect(await store.load(userId)).to.deep.equal({});
  });

  holds('loads what was saved, under the revision that the save answered', async ({ store, userId }) => {
    const record = fullRecord();
    const revision = await store.save(userId, record, undefined);
    expect(revision).to.be.a('string').with.length.above(0);
    expect(await store.load(userId)).to.deep.equal({ record, revision });
  });

  holds('answers another revision for each save, of the same record too', async ({ store, userId }) => {
    const record = emptyRecord('e');
    const seen = new Set<Revision>();
    let revision: Revision | undefined;
    for (let saves = 0; saves < 20; saves += 1) {
      revision = await store.save(userId, record, revision);
      seen.add(defined(revision));
    }
    expect(seen.size).to.equal(20);
  });

  holds('refuses a save that expects no record where there is one', async ({ store, userId }) => {
    const first = await store.save(userId, emptyRecord('first'), undefined);
    expect(await store.save(userId, emptyRecord('second'), undefined)).to.equal(undefined);
    expect(await store.load(userId)).to.deep.equal({ record: emptyRecord('first'), revision: first });
  });

  holds('refuses a save that expects an older or an invented revision', async ({ store, userId }) => {
    const first = defined(await store.save(userId, emptyRecord('first'), undefined));
    const second = await store.save(userId, emptyRecord('second'), first);
    for (const stale of [first, 'invented', '']) {
      expect(await store.save(userId, emptyRecord('third'), stale), stale).to.equal(undefined);
    }
    expect(await store.load(userId)).to.deep.equal({ record: emptyRecord('second'), revision: second });
  });

  holds('refuses a save that expects a revision where there never was a record', async ({ store, userId }) => {
    for (const invented of ['invented', '']) {
      expect(await store.save(userId, emptyRecord('e'), invented)).to.equal(undefined);
    }
    expect(await store.load(userId)).to.deep.equal({});
  });

  holds('gives a revision to exactly one of 20 rival first saves', async ({ store, userId }) => {
    await oneOfTwenty(store, userId, undefined);
  });

  holds('gives a revision to exactly one of 20 rival later saves', async ({ store, userId }) => {
    await oneOfTwenty(store, userId, defined(await store.save(userId, emptyRecord('e'), undefined)));
  });

  holds('loses no change of 10 rivals who load again after each lost race', async ({ store, userId }) => {
    const addOne = async () => {
      for (;;) {
        const { record = emptyRecord('e'), revision } = await store.load(userId);
        record.skipped.count = (record.skipped.count ?? 0) + 1;
        if (await store.save(userId, record, revision)) return;
      }
    };
    await Promise.all(Array.from({ length: 10 }, addOne));
    expect((await store.load(userId)).record?.skipped.count).to.equal(10);
  });

  holds('leaves a tombstone: a removed record loads as a revision alone', async ({ store, userId }) => {
    const before = await store.save(userId, emptyRecord('e'), undefined);
    await store.remove(userId);
    const after = await store.load(userId);
    expect(after).to.have.all.keys('revision');
    expect(after.revision).to.be.a('string').and.not.equal(before);
  });

  holds('lets no save that began before a removal fit after it', async ({ store, userId }) => {
    const before = await store.save(userId, emptyRecord('old'), undefined);
    await store.remove(userId);
    const tombstone = (await store.load(userId)).revision;
    expect(await store.save(userId, emptyRecord('late'), before)).to.equal(undefined);
    expect(await store.save(userId, emptyRecord('late'), undefined)).to.equal(undefined);
    const revision = await store.save(userId, emptyRecord('new'), tombstone);
    expect(await store.load(userId)).to.deep.equal({ record: emptyRecord('new'), revision: defined(revision) });
    for (const stale of [before, tombstone, undefined]) {
      expect(await store.save(userId, emptyRecord('late'), stale)).to.equal(undefined);
    }
  });

  holds('lets no first save that began before a removal fit, where there was nothing to remove', async (tools) => {
    await tools.store.remove(tools.userId);
    expect(await tools.store.save(tools.userId, emptyRecord('late'), undefined)).to.equal(undefined);
    expect(await tools.store.load(tools.userId)).to.have.all.keys('revision');
  });

  holds('gives each removal a revision of its own', async ({ store, userId }) => {
    await store.remove(userId);
    const first = (await store.load(userId)).revision;
    await store.remove(userId);
    expect((await store.load(userId)).revision)
      .to.be.a('string')
      .and.not.equal(first);
    expect(await store.save(userId, emptyRecord('late'), first)).to.equal(undefined);
  });

  holds('shares no object with its callers', async ({ store, userId }) => {
    const record = fullRecord();
    const kept = fullRecord();
    await store.save(userId, record, undefined);
    record.authenticators.length = 0;
    record.skipped.passkey = 99;
    const { record: loaded } = await store.load(userId);
    expect(loaded).to.deep.equal(kept);
    loaded!.attempts.totp!.failures = 99;
    expect((await store.load(userId)).record).to.deep.equal(kept);
  });

  holds('keeps the records of odd ids apart', async ({ store }) => {
    const prefix = unique('odd');
    for (const id of oddIds) await store.save(prefix + id, emptyRecord(`of ${id}`), undefined);
    for (const id of oddIds) expect((await store.load(prefix + id)).record?.epoch, id).to.equal(`of ${id}`);
    await store.remove(`${prefix}a`);
    expect((await store.load(`${prefix}A`)).record?.epoch).to.equal('of A');
  });

  holds('keeps records when transients of the same user lapse', async ({ store, userId, pass }) => {
    await store.save(userId, emptyRecord('e'), undefined);
    await store.put(userId, 'flow', 'x', 1);
    await pass(1.2);
    expect(await store.get(userId, 'flow')).to.equal(undefined);
    expect((await store.load(userId)).record).to.deep.equal(emptyRecord('e'));
  });

  holds('scans every record under its own id, and no tombstone', async ({ store }) => {
    const prefix = unique('scan');
    const ids = [...oddIds, ...Array.from({ length: 300 }, (_, index) => `many-${index}`)].map((id) => prefix + id);
    await Promise.all(ids.map((id) => store.save(id, emptyRecord(`of ${id}`), undefined)));
    await store.remove(ids[0]!);
    await store.put(ids[1]!, 'x}:record', 'not a record', 60);
    await store.claim(`${prefix}}:record`, ids[1]);
    const met = new Map<string, string>();
    for await (const { userId, record } of store.scan()) {
      if (userId.startsWith(prefix)) met.set(userId, record.epoch);
    }
    expect([...met].sort()).to.deep.equal(
      ids
        .slice(1)
        .map((id) => [id, `of ${id}`])
        .sort(),
    );
  });
}

async function oneOfTwenty(store: MfaStore, userId: string, expected: Revision | undefined): Promise<void> {
  const rivals = Array.from({ length: 20 }, (_, index) => emptyRecord(`rival ${index}`));
  const told = await Promise.all(rivals.map((record) => store.save(userId, record, expected)));
  const winners = rivals.map((record, index) => ({ record, revision: told[index] })).filter(({ revision }) => revision);
  expect(winners).to.have.lengthOf(1);
  expect(await store.load(userId)).to.deep.equal(winners[0]);
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
