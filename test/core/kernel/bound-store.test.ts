// The store as flows see it: what comes out of it is believed only where this app put it there for this person. A stranger who
// writes to the database is told from a rival, and what remains of an altered record is little enough.
import { expect } from 'chai';
import { boundStore, isAltered } from '../../../src/core/kernel/bound-store.js';
import type { MfaStore, Saving, Scanned } from '../../../src/core/kernel/ports.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { isGenuine, withMac } from '../../../src/core/kernel/record-mac.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { createSealer } from '../../../src/crypto/seal.js';
import { memoryStore } from '../../../src/stores/memory-store.js';
import { secretOfTests } from '../../support/core-kernel.js';
import { codeOf, rejectionOf } from '../../support/thrown.js';

const sealer = createSealer({ secrets: [secretOfTests], namespace: 'tests' });
const record: MfaRecord = { ...emptyRecord('e'), protected: true };
const altered: MfaRecord = { ...record, protected: false };

function bound(more: (memory: MfaStore) => Partial<MfaStore> = () => ({})) {
  const memory = memoryStore({ clock: { now: () => 1_800_000_000_000 } });
  const told: string[] = [];
  const store = boundStore({ ...memory, ...more(memory) }, sealer, (userId) => void told.push(userId));
  return { memory, store, told };
}

/** As who writes to the database would: the mac of one record on another. */
async function alter(memory: MfaStore, userId = 'ann', change: Partial<MfaRecord> = altered): Promise<void> {
  const { record: there, revision } = await memory.load(userId);
  await memory.save(userId, { ...there!, ...change, mac: there!.mac! }, revision);
}
async function all<T>(walk: AsyncIterable<T>): Promise<T[]> {
  const met: T[] = [];
  for await (const each of walk) met.push(each);
  return met;
}

describe('a record', () => {
  it('comes back as it was saved, with its revision', async () => {
    const { store, memory, told } = bound();
    const revision = await store.save('ann', record, undefined);
    const loaded = await store.load('ann');
    expect(loaded.revision).to.equal(revision);
    expect(loaded.record).to.deep.include(record);
    expect(isGenuine(sealer, 'ann', (await memory.load('ann')).record!)).to.equal(true);
    expect(await store.load('bob')).to.deep.equal({});
    await store.remove('ann');
    expect(await store.load('ann')).to.have.all.keys('revision');
    expect(told).to.deep.equal([]);
  });

  it('that was altered, moved here or has no mac is refused and told of, each time it is read', async () => {
    const { store, memory, told } = bound();
    await store.save('ann', record, undefined);
    await alter(memory);
    await memory.save('bob', withMac(sealer, 'ann', record), undefined);
    await memory.save('cid', record, undefined);
    for (const userId of ['ann', 'ann', 'bob', 'cid']) {
      const error = await rejectionOf(store.load(userId));
      expect(error.code).to.equal('store.record_altered');
      expect(error.message).to.include(`"${userId}"`);
    }
    expect(told).to.deep.equal(['ann', 'ann', 'bob', 'cid']);
  });

  it('of a later version is refused with its cause, and is no altered one', async () => {
    const { store, memory, told } = bound();
    await memory.save('ann', withMac(sealer, 'ann', { ...record, v: 2 } as unknown as MfaRecord), undefined);
    const error = await rejectionOf(store.load('ann'));
    expect(error.code).to.equal('store.unavailable');
    expect(error.message).to.include('version');
    expect(error.cause).to.be.instanceOf(TypeError);
    expect(told).to.deep.equal([]);
  });

  it('is told from one that is altered by its code alone', () => {
    expect(isAltered(new MfaError('store.record_altered', 'x'))).to.equal(true);
    for (const other of [new MfaError('store.unavailable', 'x'), { code: 'store.record_altered' }, undefined])
      expect(isAltered(other)).to.equal(false);
  });
});

describe('what remains of an altered record', () => {
  const remains = async (change: object) => {
    const { store, memory, told } = bound();
    await store.save('ann', record, undefined);
    await alter(memory, 'ann', change);
    const { revision } = await memory.load('ann');
    const { revision: seen, ...bars } = await store.remainsOf('ann');
    expect(seen).to.equal(revision);
    expect(told).to.deep.equal([]);
    return bars;
  };

  it('is its revision, who bars the account since when, and whether it ended: nothing that lets anybody in', async () => {
    const rows: [stored: object, remains: object][] = [
      [altered, {}],
      [{ suspended: { admin: 5 } }, { suspended: { admin: 5 } }],
      [
        { suspended: { admin: 5, scim: 0 }, account: 'anew' },
        { suspended: { admin: 5, scim: 0 }, account: 'anew' },
      ],
      [{ suspended: { admin: 'long ago', scim: 7 } }, { suspended: { scim: 7 } }],
      [{ suspended: { stranger: 5 } }, {}],
      [{ suspended: {} }, {}],
      [{ suspended: 'yes', account: 'ended' }, { account: 'ended' }],
      [{ account: 'other' }, {}],
      [{ hold: { since: 1, until: 2 }, authenticators: [] }, {}],
    ];
    for (const [stored, left] of rows) expect(await remains(stored)).to.deep.equal(left);
  });

  it('is nothing where there never was one, and a revision of one that was removed', async () => {
    const { store } = bound();
    expect(await store.remainsOf('ann')).to.deep.equal({});
    await store.remove('ann');
    expect(await store.remainsOf('ann')).to.have.all.keys('revision');
  });
});

describe('many saves', () => {
  const saves = (count: number): Saving[] =>
    Array.from({ length: count }, (_none, index) => ({ userId: `u${index}`, record, expected: undefined }));

  it('go to the store together where it can, each with its own mac', async () => {
    const asked: Saving[][] = [];
    const { store } = bound(() => ({
      async saveAll(given) {
        asked.push([...given]);
        return given.map(({ userId }) => (userId === 'u1' ? undefined : `r-${userId}`));
      },
    }));
    expect(await store.saveAll(saves(3))).to.deep.equal(['r-u0', undefined, 'r-u2']);
    expect(asked).to.have.length(1);
    for (const { userId, record: given } of asked[0]!) expect(isGenuine(sealer, userId, given)).to.equal(true);
  });

  it('go four at a time where it cannot, in their order', async () => {
    let [underWay, most] = [0, 0];
    const done: string[] = [];
    const { store } = bound((memory) => ({
      async save(...args) {
        underWay += 1;
        most = Math.max(most, underWay);
        const revision = await memory.save(...args);
        underWay -= 1;
        done.push(args[0]);
        return revision;
      },
    }));
    await store.save('u6', record, undefined);
    done.length = 0;
    const revisions = await store.saveAll(saves(10));
    expect(most).to.equal(4);
    expect(done).to.deep.equal(saves(10).map(({ userId }) => userId));
    expect(revisions.map((revision) => revision !== undefined)).to.deep.equal(done.map((userId) => userId !== 'u6'));
    expect((await store.load('u9')).revision).to.equal(revisions[9]);
    expect(await store.saveAll([])).to.deep.equal([]);
  });
});

describe('what does not belong to the record', () => {
  it('comes back as it was put, unreadable in the store; numbers are counters and stay', async () => {
    const { store, memory } = bound();
    await store.put('ann', 'key', { word: 'a pear' }, 60);
    expect(JSON.stringify(await memory.get('ann', 'key'))).not.to.include('a pear');
    expect(await store.get('ann', 'key')).to.deep.equal({ word: 'a pear' });
    expect(await store.putIfAbsent('ann', 'key', 'other', 60)).to.deep.equal({ word: 'a pear' });
    expect(await store.putIfAbsent('ann', 'free', [1, null], 60)).to.deep.equal([1, null]);
    expect(await store.take('ann', 'key')).to.deep.equal({ word: 'a pear' });
    for (const nothing of [await store.take('ann', 'key'), await store.get('ann', 'none')])
      expect(nothing).to.equal(undefined);
    expect((await store.increment('ann', 'count', 60)).count).to.equal(1);
    expect((await store.increment('ann', 'count', 60, 2)).count).to.equal(3);
    await memory.put('ann', 'count', 3, 60);
    expect(await store.get('ann', 'count')).to.equal(3);
  });

  it('does not open under another key, for another person, or where it was put by a stranger', async () => {
    const { store, memory } = bound();
    await store.put('ann', 'key', 'pear', 60);
    const sealed = (await memory.get('ann', 'key'))!;
    const strange = [
      ['ann', 'other', sealed],
      ['bob', 'key', sealed],
      ['ann', 'list', ['pear']],
      ['ann', 'text', 'pear'],
    ] as const;
    for (const [userId, key, value] of strange) {
      await memory.put(userId, key, value as never, 60);
      for (const ask of [store.get, store.take]) expect(await codeOf(ask(userId, key))).to.equal('store.unavailable');
    }
    await memory.put('bob', 'key', sealed, 60);
    expect(await codeOf(store.putIfAbsent('bob', 'key', 'x', 60))).to.equal('store.unavailable');
  });
});

describe('a walk over the store', () => {
  it('goes past what is not believed, and says why; removed ones have no record', async () => {
    const { store, memory, told } = bound();
    for (const userId of ['ann', 'bob', 'cid']) await store.save(userId, record, undefined);
    await alter(memory, 'bob');
    await store.remove('cid');
    const met = new Map((await all<Scanned>(store.scan({ tombstones: true }))).map((each) => [each.userId, each]));
    expect(met.get('ann')?.record).to.deep.include(record);
    expect(met.get('bob')).to.have.all.keys('userId', 'cursor', 'unread');
    expect(met.get('bob')?.unread?.code).to.equal('store.record_altered');
    expect(met.get('cid')).to.have.property('revision').and.not.to.equal(undefined);
    expect(met.get('cid')?.record).to.equal(undefined);
    expect(told).to.deep.equal(['bob']);
    expect((await all<Scanned>(store.scan())).map(({ userId }) => userId)).to.have.members(['ann', 'bob']);
  });

  it('ends where something else fails than the record', async () => {
    const failing = {
      ...sealer,
      digest: () => {
        throw new RangeError('a fault of ours');
      },
    };
    const { memory, store } = bound();
    await store.save('ann', record, undefined);
    const other = boundStore(memory, failing, () => undefined);
    expect(await rejectionOf(all(other.scan()))).to.be.instanceOf(RangeError);
  });

  it('meets claims as they are', async () => {
    const { store } = bound();
    expect(await store.claim('key', 'ann')).to.equal('ann');
    await store.abandon('ann', ['key']);
    expect(await store.claim('key')).to.equal(null);
    await store.claim('other', 'bob');
    const met = (await all(store.claims())).map(({ key, userId }) => [key, userId]);
    expect(met).to.have.deep.members([
      ['key', undefined],
      ['other', 'bob'],
    ]);
  });
});

describe('what a store has beside', () => {
  it('is there where the store has it, and only there', async () => {
    const none = { name: undefined, namespace: undefined, count: undefined, examine: undefined };
    const plain = bound(() => none as unknown as Partial<MfaStore>).store;
    for (const name of ['name', 'namespace', 'count', 'examine'] as const) expect(name in plain, name).to.equal(false);
    await plain.ready?.();
    const examined = { findings: [], serverTimeMs: 7 };
    const { store } = bound(() => ({
      namespace: 'acme',
      count: async () => 12,
      examine: async () => examined,
      ready: () => Promise.reject(new MfaError('config.redis_evicts', 'x')),
    }));
    expect([store.name, store.namespace]).to.deep.equal(['memory', 'acme']);
    expect(await store.count?.()).to.equal(12);
    expect(await store.examine?.()).to.equal(examined);
    expect(await codeOf(store.ready!())).to.equal('config.redis_evicts');
  });

  it('is one deadline for the work of an answer, in a store as careful as this one', async () => {
    const { store, memory } = bound((inner) => ({ within: (work) => work({ ...inner, name: 'within' }) }));
    await store.save('ann', record, undefined);
    expect(await store.within(async (own) => [own === store, (await own.load('ann')).record?.epoch])).to.deep.equal([
      false,
      'e',
    ]);
    await alter(memory);
    expect(await codeOf(store.within((own) => own.load('ann')))).to.equal('store.record_altered');
    const plain = bound().store;
    expect(await plain.within(async (own) => own === plain)).to.equal(true);
  });
});
