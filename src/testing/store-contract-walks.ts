// The walks' part of the store contract: every record, tombstone and claim is met under its own name, and a walk that
// was left can be gone on with.
import { strict as assert } from 'node:assert';
import type { MfaStore, Scanned } from '../core/kernel/ports.js';
import { emptyRecord } from '../core/kernel/record.js';
import { defined, oddIds, unique, type Holds } from './store-contract-tools.js';

export function describeWalks(holds: Holds): void {
  holds('scans every record under its own id and revision, and no tombstone', async ({ store }) => {
    const { prefix, ids } = await saveMany(store);
    const [removed = '', kept = ''] = ids;
    await store.remove(removed);
    await store.put(kept, 'x}:record', 'not a record', 60);
    await store.claim(`${prefix}}:record`, kept);
    const met = await all(store.scan(), prefix);
    assert.deepEqual([...met.keys()].sort(), ids.slice(1).sort());
    for (const [id, { record, revision }] of met) {
      assert.equal(record?.epoch, `of ${id}`);
      assert.equal(revision, (await store.load(id)).revision);
    }
  });

  holds('scans tombstones too when asked, as revisions without a record', async ({ store, userId }) => {
    await store.save(`${userId}kept`, emptyRecord('kept'), undefined);
    await store.save(`${userId}gone`, emptyRecord('gone'), undefined);
    await store.remove(`${userId}gone`);
    const met = await all(store.scan({ tombstones: true }), userId);
    assert.deepEqual([...met.keys()].sort(), [`${userId}gone`, `${userId}kept`]);
    const { cursor, ...gone } = defined(met.get(`${userId}gone`));
    assert.equal(typeof cursor, 'string');
    const { revision } = await store.load(`${userId}gone`);
    assert.deepEqual(gone, { userId: `${userId}gone`, revision });
  });

  holds('goes on with a scan where an earlier one was left, and misses nobody', async ({ store }) => {
    const { prefix, ids } = await saveMany(store);
    for (const share of [0.01, 0.4, 0.99]) {
      const met = new Set<string>();
      let after: string | undefined;
      for await (const { userId, cursor } of store.scan()) {
        after = cursor;
        if (userId.startsWith(prefix)) met.add(userId);
        if (met.size >= ids.length * share) break;
      }
      assert.ok(after !== undefined && met.size < ids.length, 'a walk of many has a middle');
      for await (const { userId } of store.scan({ after })) if (userId.startsWith(prefix)) met.add(userId);
      assert.deepEqual([...met].sort(), [...ids].sort());
    }
  });

  holds(
    'loses nobody who stood the whole time, whoever comes and goes between two parts of a walk',
    async ({ store }) => {
      const { prefix, ids } = await saveMany(store);
      const leave = ids.filter((_id, at) => at % 3 === 0);
      const stay = ids.filter((_id, at) => at % 3 !== 0);
      const met = new Set<string>();
      let after: string | undefined;
      for (let part = 0; ; part += 1) {
        const before = met.size;
        for await (const { userId, cursor } of store.scan(after === undefined ? {} : { after })) {
          after = cursor;
          if (userId.startsWith(prefix)) met.add(userId);
          if (met.size - before >= 60) break;
        }
        if (met.size - before < 60) break;
        await Promise.all(leave.splice(0, 30).map((id) => store.remove(id)));
        const come = Array.from({ length: 30 }, (_, index) => `${prefix}new-${part}-${index}`);
        await Promise.all(come.map((id) => store.save(id, emptyRecord('new'), undefined)));
        assert.ok(part < 100, 'a walk comes to an end');
      }
      assert.deepEqual(
        stay.filter((id) => !met.has(id)),
        [],
      );
    },
  );

  holds('meets nothing after the last one', async ({ store, userId }) => {
    await store.save(userId, emptyRecord('e'), undefined);
    await store.claim(userId, userId);
    let last: string | undefined;
    for await (const { cursor } of store.scan({ tombstones: true })) last = cursor;
    assert.deepEqual(await all(store.scan({ after: defined(last), tombstones: true }), userId), new Map());
    for await (const { cursor } of store.claims()) last = cursor;
    for await (const { key } of store.claims({ after: defined(last) })) assert.notEqual(key, userId);
  });

  holds(
    'can keep a claim that is nobody’s from the beginning, by the empty id that no person has',
    async ({ store, userId }) => {
      await store.claim(`${userId}of nobody`, '');
      await store.abandon('', [`${userId}of nobody`]);
      assert.equal(await store.claim(`${userId}of nobody`, userId), null);
      assert.equal(await store.remove(userId, {}), true);
      assert.equal(await store.save(userId, emptyRecord('e'), undefined), undefined);
      assert.equal(await store.remove(userId, {}), false);
    },
  );

  holds('walks over every claim, with its owner or without, and can go on', async ({ store, userId }) => {
    const prefix = unique('claims');
    const keys = [...oddIds, ...Array.from({ length: 300 }, (_, index) => `many-${index}`)].map((id) => prefix + id);
    await Promise.all(keys.map((key) => store.claim(key, userId)));
    const [released = ''] = keys;
    await store.abandon(userId, [released]);
    const met = new Map<string, string | undefined>();
    let after: string | undefined;
    for await (const { key, userId: owner, cursor } of store.claims()) {
      after = cursor;
      if (key.startsWith(prefix)) met.set(key, owner);
      if (met.size > keys.length / 2) break;
    }
    assert.ok(met.size < keys.length, 'a walk of many has a middle');
    for await (const { key, userId: owner } of store.claims({ after: defined(after) })) {
      if (key.startsWith(prefix)) met.set(key, owner);
    }
    const expected = keys.map((key): [string, string | undefined] => [key, key === released ? undefined : userId]);
    assert.deepEqual([...met].sort(), expected.sort());
  });
}

async function saveMany(store: MfaStore): Promise<{ prefix: string; ids: string[] }> {
  const prefix = unique('scan');
  const ids = [...oddIds, ...Array.from({ length: 300 }, (_, index) => `many-${index}`)].map((id) => prefix + id);
  await Promise.all(ids.map((id) => store.save(id, emptyRecord(`of ${id}`), undefined)));
  return { prefix, ids };
}

async function all(walk: AsyncIterable<Scanned>, prefix: string): Promise<Map<string, Scanned>> {
  const met = new Map<string, Scanned>();
  for await (const one of walk) if (one.userId.startsWith(prefix)) met.set(one.userId, one);
  return met;
}
