// The other half of the store contract: claims, which are for all time, and transients, which lapse.
import { strict as assert } from 'node:assert';
import { emptyRecord } from '../core/kernel/record.js';
import type { Json } from '../core/words/json.js';
import { defined, oddIds, unique, type Holds } from './store-contract-tools.js';

export function describeClaims(holds: Holds): void {
  holds('knows no owner of what nobody claimed, and reading claims nothing', async ({ store, userId }) => {
    const key = unique('credential');
    assert.equal(await store.claim(key), undefined);
    assert.equal(await store.claim(key), undefined);
    assert.equal(await store.claim(key, userId), userId);
  });

  holds('keeps the first owner for all others, and tells the owner again', async ({ store, userId }) => {
    const key = unique('credential');
    await store.claim(key, userId);
    assert.equal(await store.claim(key, 'another'), userId);
    assert.equal(await store.claim(key, userId), userId);
    assert.equal(await store.claim(key), userId);
  });

  holds('tells 50 rivals the same winner', async ({ store }) => {
    const key = unique('credential');
    const rivals = Array.from({ length: 50 }, (_, index) => `rival-${index}`);
    const told = new Set(await Promise.all(rivals.map((rival) => store.claim(key, rival))));
    assert.equal(told.size, 1);
    assert.ok(rivals.includes((await store.claim(key)) ?? ''));
  });

  holds('keeps a claim when the record of its owner is removed', async ({ store, userId }) => {
    const key = unique('credential');
    await store.claim(key, userId);
    await store.remove(userId);
    assert.equal(await store.claim(key, 'another'), userId);
  });

  holds('leaves claims that their owner abandons taken, and naming nobody', async ({ store, userId }) => {
    const [mine, kept, foreign] = [unique('credential'), unique('credential'), unique('credential')];
    for (const key of [mine, kept]) await store.claim(key, userId);
    await store.claim(foreign, 'another');
    const never = unique('credential');
    const revision = await store.save(userId, emptyRecord('stays'), undefined);
    await store.abandon(userId, [mine, foreign, never]);
    assert.deepEqual(await store.load(userId), { record: emptyRecord('stays'), revision: defined(revision) });
    for (const rival of [undefined, 'another', userId]) assert.equal(await store.claim(mine, rival), null);
    assert.equal(await store.claim(kept, 'another'), userId);
    assert.equal(await store.claim(foreign), 'another');
    assert.equal(await store.claim(never), undefined);
    await store.abandon(userId, [mine]);
    assert.equal(await store.claim(mine, 'another'), null);
  });

  holds('keeps odd keys apart, from each other and from users of the same name', async ({ store }) => {
    const prefix = unique('odd');
    for (const id of oddIds) await store.claim(prefix + id, id);
    for (const id of oddIds) assert.equal(await store.claim(prefix + id), id);
    assert.deepEqual(await store.load(`${prefix}a`), {});
  });
}

export function describeTransients(holds: Holds): void {
  holds('gives back what was put, of every JSON type, as often as asked', async ({ store, userId }) => {
    const values: Json[] = [null, false, true, 0, -1.5, '', 'null', 'text\n🙂', [], [1, ['a']], { a: { b: [null] } }];
    for (const value of values) {
      await store.put(userId, 'flow', value, 60);
      assert.deepEqual(await store.get(userId, 'flow'), value);
      assert.deepEqual(await store.get(userId, 'flow'), value);
    }
  });

  holds('gives nothing for what was never put, to get and to take', async ({ store, userId }) => {
    assert.equal(await store.get(userId, 'flow'), undefined);
    assert.equal(await store.take(userId, 'flow'), undefined);
  });

  holds('gives a value to exactly one of 50 takers', async ({ store, userId }) => {
    await store.put(userId, 'flow', { challenge: 'c' }, 60);
    const taken = await Promise.all(Array.from({ length: 50 }, () => store.take(userId, 'flow')));
    assert.deepEqual(
      taken.filter((value) => value !== undefined),
      [{ challenge: 'c' }],
    );
    assert.equal(await store.get(userId, 'flow'), undefined);
  });

  holds('forgets a transient after its time, also for take', async ({ store, userId, pass }) => {
    await store.put(userId, 'get', 'x', 1);
    await store.put(userId, 'take', 'x', 1);
    await store.put(userId, 'longer', 'x', 60);
    await pass(1.2);
    assert.equal(await store.get(userId, 'get'), undefined);
    assert.equal(await store.take(userId, 'take'), undefined);
    assert.equal(await store.get(userId, 'longer'), 'x');
  });

  holds('replaces value and time when a key is put again', async ({ store, userId, pass }) => {
    await store.put(userId, 'flow', 'first', 1);
    await store.put(userId, 'flow', 'second', 60);
    await pass(1.2);
    assert.equal(await store.get(userId, 'flow'), 'second');
  });

  holds('puts nothing where there is something, until that lapsed', async ({ store, userId, pass }) => {
    assert.equal(await store.putIfAbsent(userId, 'flow', 'first', 3), 'first');
    assert.equal(await store.putIfAbsent(userId, 'flow', 'second', 60), 'first');
    assert.equal(await store.get(userId, 'flow'), 'first');
    await store.putIfAbsent(userId, 'brief', 'first', 1);
    await pass(1.2);
    // What is put where something lapsed has a time of its own: it outlives, below, that of what stood there.
    assert.equal(await store.putIfAbsent(userId, 'brief', 'second', 60), 'second');
    await pass(2);
    assert.equal(await store.putIfAbsent(userId, 'flow', 'third', 60), 'third');
    assert.equal(await store.get(userId, 'brief'), 'second');
    await store.take(userId, 'flow');
    assert.deepEqual(await store.putIfAbsent(userId, 'flow', { fourth: [null] }, 60), { fourth: [null] });
  });

  holds('tells 50 rivals who put if absent the same value', async ({ store, userId }) => {
    const rivals = Array.from({ length: 50 }, (_, index) => `rival-${index}`);
    const told = new Set(await Promise.all(rivals.map((rival) => store.putIfAbsent(userId, 'flow', rival, 60))));
    assert.deepEqual([...told], [await store.get(userId, 'flow')]);
    assert.ok(rivals.some((rival) => told.has(rival)));
  });

  holds('keeps users and keys apart', async ({ store }) => {
    const prefix = unique('odd');
    for (const id of oddIds) {
      await store.put(prefix + id, 'flow', `of ${id}`, 60);
      await store.put(`${prefix}one`, id, `in ${id}`, 60);
    }
    for (const id of oddIds) {
      assert.equal(await store.get(prefix + id, 'flow'), `of ${id}`, id);
      assert.equal(await store.get(`${prefix}one`, id), `in ${id}`, id);
    }
  });

  holds('shares no object with its callers', async ({ store, userId }) => {
    const value = { tries: [1] };
    await store.put(userId, 'flow', value, 60);
    value.tries.push(2);
    const got = (await store.get(userId, 'flow')) as typeof value;
    got.tries.push(3);
    assert.deepEqual(await store.take(userId, 'flow'), { tries: [1] });
  });

  holds('counts 100 parallel increments exactly, each with a count of its own', async ({ store, userId }) => {
    const counts = await Promise.all(Array.from({ length: 100 }, () => store.increment(userId, 'sent', 60)));
    assert.deepEqual(
      counts.map(({ count }) => count).sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    assert.equal(await store.get(userId, 'sent'), 100);
  });

  holds('adds and gives back as told, never below zero', async ({ store, userId }) => {
    assert.deepEqual(await store.increment(userId, 'sent', 60, 3), { count: 3, expiresInSeconds: 60 });
    assert.equal((await store.increment(userId, 'sent', 60, -1)).count, 2);
    assert.equal((await store.increment(userId, 'sent', 60, -5)).count, 0);
    assert.equal((await store.increment(userId, 'sent', 60)).count, 1);
  });

  holds('makes no counter by giving back or by adding nothing', async ({ store, userId }) => {
    for (const by of [-1, 0]) {
      assert.deepEqual(await store.increment(userId, 'sent', 60, by), { count: 0, expiresInSeconds: 0 });
    }
    assert.equal(await store.get(userId, 'sent'), undefined);
  });

  holds('lets a counter lapse after its first increment, whatever came later', async ({ store, userId, pass }) => {
    assert.deepEqual(await store.increment(userId, 'sent', 4), { count: 1, expiresInSeconds: 4 });
    await pass(1.2);
    const { count, expiresInSeconds } = await store.increment(userId, 'sent', 3600);
    assert.equal(count, 2);
    // A busy machine may have taken more than the second that was waited.
    assert.ok(expiresInSeconds >= 1 && expiresInSeconds <= 3, String(expiresInSeconds));
    await store.increment(userId, 'sent', 3600, -1);
    await pass(3.2);
    assert.deepEqual(await store.increment(userId, 'sent', 60), { count: 1, expiresInSeconds: 60 });
  });
}
