// What is exported of one store is taken in by another as it stood there, once, and over nothing but what an earlier export brought.
import { expect } from 'chai';
import { stateOf, takeAllIn, type Transferred } from '../../../src/core/operators/transfer.js';
import type { MfaStore, Saving } from '../../../src/core/kernel/ports.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { memoryStore } from '../../../src/stores/memory-store.js';
import { testKernel } from '../../support/core-kernel.js';
import { codeOf } from '../../support/thrown.js';

const { sealer } = testKernel();
const one: MfaRecord = { ...emptyRecord('one'), protected: true, skipped: { b: 1, a: 2 } };
const other = emptyRecord('other');

type Counted = MfaStore & { together: number[] };

/** A store in memory that takes many at once, and remembers how many. */
function counted(more: Partial<MfaStore> = {}): Counted {
  const memory = memoryStore();
  const together: number[] = [];
  const store: Counted = {
    ...memory,
    together,
    async saveAll(saves: readonly Saving[]) {
      const saved = await Promise.all(
        saves.map(({ userId, record, expected }) => store.save(userId, record, expected)),
      );
      together.push(saves.length);
      return saved;
    },
    async save(userId, record: MfaRecord | undefined, expected) {
      if (record === undefined) throw new TypeError('no record');
      return memory.save(userId, record, expected);
    },
    ...more,
  };
  return store;
}

const take = (store: MfaStore, ...given: Transferred[]) => takeAllIn(store, sealer, given);
const left = (why: string) => ({ left: why });
const another = left('another record of it is here');
const elses = left('it is taken here');

describe('people taken in', () => {
  it('stand there as they stood, new ones in one message, and once', async () => {
    const store = counted();
    const given: Transferred[] = [
      ...[{ userId: 'ann', record: one }, { userId: 'gone' }],
      ...Array.from({ length: 20 }, (_none, at) => ({ userId: `u${at}`, record: emptyRecord(`e${at}`) })),
    ];
    expect(await take(store, ...given)).to.deep.equal(given.map(() => 'taken'));
    expect(store.together).to.deep.equal([21]);
    const met: string[] = [];
    for await (const { userId } of store.scan({ tombstones: true })) met.push(userId);
    expect(met.sort()).to.deep.equal(given.map(({ userId }) => userId).sort());
    expect((await store.load('ann')).record).to.deep.equal(one);
    expect((await store.load('u19')).record?.epoch).to.equal('e19');
    expect(await store.load('gone')).to.have.keys('revision');
    expect(await take(store, ...given)).to.deep.equal(given.map(() => 'there'));
  });

  it('given twice are taken once; what says something else of them is left', async () => {
    const store = counted();
    const ann = { userId: 'ann', record: one };
    expect(await take(store, ann, { userId: 'bob', record: one }, ann, { userId: 'ann', record: other })).to.deep.equal(
      [...['taken', 'taken', 'there'], left('another record of it is here')],
    );
    expect((await store.load('ann')).record).to.deep.equal(one);
  });

  it('are not mixed up with what is theirs, nor with what is said of them elsewhere', async () => {
    const store = counted();
    const people = [
      { userId: 'ann', record: one },
      { userId: 'bob', record: other },
    ];
    const given: Transferred[] = [{ claim: 'k', userId: 'ann' }, { userId: 'bob' }, ...people];
    expect(await take(store, ...given)).to.deep.equal(['taken', another, 'taken', 'taken']);
    expect(await store.claim('k')).to.equal('ann');
    expect((await store.load('bob')).record).to.deep.equal(other);
  });

  it('replace nothing but what an earlier export brought', async () => {
    const store = counted();
    await take(store, { userId: 'ann', record: one }, { userId: 'gone' });
    const brought = stateOf(sealer, { record: one });
    const removed = left('it was removed here');
    expect(await take(store, { userId: 'ann', record: other }, { userId: 'gone', record: other })).to.deep.equal([
      another,
      removed,
    ]);
    expect(await take(store, { userId: 'ann' }, { userId: 'ann', record: other, instead: 'x' })).to.deep.equal([
      another,
      another,
    ]);
    expect(await take(store, { userId: 'gone', record: other, instead: brought })).to.deep.equal([removed]);
    expect((await store.load('ann')).record).to.deep.equal(one);
    expect((await store.load('gone')).record).to.equal(undefined);
    const instead = [
      { userId: 'ann', record: other, instead: brought },
      { userId: 'gone', record: one, instead: 'removed' },
    ];
    expect(await take(store, ...instead)).to.deep.equal(['taken', 'taken']);
    expect((await store.load('ann')).record).to.deep.equal(other);
    expect((await store.load('gone')).record).to.deep.equal(one);
    expect(await take(store, { userId: 'ann', instead: stateOf(sealer, { record: other }) })).to.deep.equal(['taken']);
    expect(await store.load('ann')).to.have.keys('revision');
    expect(
      await take(store, { userId: 'new', record: one, instead: 'x' }),
      'of an export that never came',
    ).to.deep.equal(['taken']);
  });

  it('go one at a time where there is one, where the store takes no more, and where it failed at many', async () => {
    const alone = counted();
    expect(await take(alone, { userId: 'ann', record: one })).to.deep.equal(['taken']);
    expect(alone.together).to.deep.equal([]);
    for (const store of [memoryStore(), counted({ saveAll: () => Promise.reject(new Error('one string is bad')) })]) {
      const both = [
        { userId: 'ann', record: one },
        { userId: 'bob', record: other },
      ];
      expect(await take(store, ...both)).to.deep.equal(['taken', 'taken']);
      expect((await store.load('bob')).record).to.deep.equal(other);
    }
  });

  it('are tried five times against a rival, and are there where the rival took them in', async () => {
    let saves = 0;
    const busy = counted({ save: () => ((saves += 1), Promise.resolve(undefined)) });
    expect(await take(busy, { userId: 'ann', record: one })).to.deep.equal([left('it changes here all the time')]);
    expect(saves).to.equal(5);
    const inner = memoryStore();
    const raced = counted({
      load: (userId) => inner.load(userId),
      save: async (userId, record) => (await inner.save(userId, record, undefined), undefined),
    });
    expect(await take(raced, { userId: 'ann', record: one })).to.deep.equal(['there']);
  });
});

describe('claims taken in', () => {
  const owner = (store: MfaStore, key = 'k') => store.claim(key);

  it('are whose they were, once', async () => {
    const store = counted();
    expect(await take(store, { claim: 'k', userId: 'ann' }, { claim: 'k2' })).to.deep.equal(['taken', 'taken']);
    expect([await owner(store), await owner(store, 'k2')]).to.deep.equal(['ann', null]);
    expect(await take(store, { claim: 'k', userId: 'ann' }, { claim: 'k2' })).to.deep.equal(['there', 'there']);
  });

  it('of another, or given up, stay what they are', async () => {
    const store = counted();
    await take(store, { claim: 'k', userId: 'bob' }, { claim: 'k2' });
    const given: Transferred[] = [{ claim: 'k', userId: 'ann' }, { claim: 'k' }, { claim: 'k', instead: 'x' }];
    expect(await take(store, ...given)).to.deep.equal([elses, elses, elses]);
    expect(await take(store, { claim: 'k2', userId: 'ann' })).to.deep.equal([left('it was given up here for good')]);
    expect([await owner(store), await owner(store, 'k2')]).to.deep.equal(['bob', null]);
  });

  it('are given up where an earlier export brought them', async () => {
    const store = counted();
    await take(store, { claim: 'k', userId: 'ann' });
    const instead = stateOf(sealer, { claim: 'k', userId: 'ann' });
    expect(await take(store, { claim: 'k', instead: stateOf(sealer, { claim: 'k', userId: 'bob' }) })).to.deep.equal([
      left('it is taken here'),
    ]);
    expect(await owner(store)).to.equal('ann');
    expect(await take(store, { claim: 'k', instead })).to.deep.equal(['taken']);
    expect(await owner(store)).to.equal(null);
  });

  it('that a killed taking left half given up are given up, whatever was brought before', async () => {
    for (const more of [{}, { instead: 'x' }]) {
      const store = counted();
      await store.claim('k', '');
      expect(await take(store, { claim: 'k', ...more })).to.deep.equal(['taken']);
      expect(await owner(store)).to.equal(null);
    }
  });

  it('go to the faster of two rivals', async () => {
    const inner = memoryStore();
    const store = counted({
      async claim(key, userId) {
        if (userId !== undefined) await inner.claim(key, 'rival');
        return inner.claim(key, userId);
      },
    });
    expect(await take(store, { claim: 'k', userId: 'ann' })).to.deep.equal([left('it is taken here')]);
  });
});

describe('what a store cannot read, or does not answer', () => {
  const fails = (error: Error, spared?: string): Partial<MfaStore> => ({
    load: (userId) => (userId === spared ? Promise.resolve({}) : Promise.reject(error)),
    claim: () => Promise.reject(error),
  });
  const given: Transferred[] = [
    { userId: 'ann', record: one },
    { claim: 'k', userId: 'ann' },
  ];

  it('is left, with why, where the store answers else', async () => {
    const store = counted(fails(new MfaError('store.unavailable', 'of a newer version'), ''));
    const why = left('what stands here cannot be read: of a newer version');
    expect(await take(store, ...given)).to.deep.equal([why, why]);
  });

  it('ends the taking where it answers nothing, and where it breaks', async () => {
    for (const each of given) {
      expect(await codeOf(take(counted(fails(new MfaError('store.unavailable', 'away'))), each))).to.equal(
        'store.unavailable',
      );
      expect(await codeOf(take(counted(fails(new TypeError('a bug'), '')), each))).to.equal('TypeError: a bug');
    }
  });
});
