// The other half of the store contract: claims, which are for all time, and transients, which lapse.
import { expect } from 'chai';
import type { Json } from '../../src/core/ports.js';
import { oddIds, unique, type Holds } from './store-contract-tools.js';

export function describeClaims(holds: Holds): void {
  holds('knows no owner of what nobody claimed, and reading claims nothing', async ({ store, userId }) => {
    const key = unique('credential');
    expect(await store.claim(key)).to.equal(undefined);
    expect(await store.claim(key)).to.equal(undefined);
    expect(await store.claim(key, userId)).to.equal(userId);
  });

  holds('keeps the first owner for all others, and tells the owner again', async ({ store, userId }) => {
    const key = unique('credential');
    await store.claim(key, userId);
    expect(await store.claim(key, 'another')).to.equal(userId);
    expect(await store.claim(key, userId)).to.equal(userId);
    expect(await store.claim(key)).to.equal(userId);
  });

  holds('tells 50 rivals the same winner', async ({ store }) => {
    const key = unique('credential');
    const rivals = Array.from({ length: 50 }, (_, index) => `rival-${index}`);
    const told = new Set(await Promise.all(rivals.map((rival) => store.claim(key, rival))));
    expect(told.size).to.equal(1);
    expect(rivals).to.include(await store.claim(key));
  });

  holds('keeps a claim when the record of its owner is removed', async ({ store, userId }) => {
    const key = unique('credential');
    await store.claim(key, userId);
    await store.remove(userId);
    expect(await store.claim(key, 'another')).to.equal(userId);
  });

  holds('keeps odd keys apart, from each other and from users of the same name', async ({ store }) => {
    const prefix = unique('odd');
    for (const id of oddIds) await store.claim(prefix + id, id);
    for (const id of oddIds) expect(await store.claim(prefix + id)).to.equal(id);
    expect(await store.load(`${prefix}a`)).to.deep.equal({});
  });
}

export function describeTransients(holds: Holds): void {
  holds('gives back what was put, of every JSON type, as often as asked', async ({ store, userId }) => {
    const values: Json[] = [null, false, true, 0, -1.5, '', 'null', 'text\n🙂', [], [1, ['a']], { a: { b: [null] } }];
    for (const value of values) {
      await store.put(userId, 'flow', value, 60);
      expect(await store.get(userId, 'flow')).to.deep.equal(value);
      expect(await store.get(userId, 'flow')).to.deep.equal(value);
    }
  });

  holds('gives nothing for what was never put, to get and to take', async ({ store, userId }) => {
    expect(await store.get(userId, 'flow')).to.equal(undefined);
    expect(await store.take(userId, 'flow')).to.equal(undefined);
  });

  holds('gives a value to exactly one of 50 takers', async ({ store, userId }) => {
    await store.put(userId, 'flow', { challenge: 'c' }, 60);
    const taken = await Promise.all(Array.from({ length: 50 }, () => store.take(userId, 'flow')));
    expect(taken.filter((value) => value !== undefined)).to.deep.equal([{ challenge: 'c' }]);
    expect(await store.get(userId, 'flow')).to.equal(undefined);
  });

  holds('forgets a transient after its time, also for take', async ({ store, userId, pass }) => {
    await store.put(userId, 'get', 'x', 1);
    await store.put(userId, 'take', 'x', 1);
    await store.put(userId, 'longer', 'x', 60);
    await pass(1.2);
    expect(await store.get(userId, 'get')).to.equal(undefined);
    expect(await store.take(userId, 'take')).to.equal(undefined);
    expect(await store.get(userId, 'longer')).to.equal('x');
  });

  holds('replaces value and time when a key is put again', async ({ store, userId, pass }) => {
    await store.put(userId, 'flow', 'first', 1);
    await store.put(userId, 'flow', 'second', 60);
    await pass(1.2);
    expect(await store.get(userId, 'flow')).to.equal('second');
  });

  holds('keeps users and keys apart', async ({ store }) => {
    const prefix = unique('odd');
    for (const id of oddIds) {
      await store.put(prefix + id, 'flow', `of ${id}`, 60);
      await store.put(`${prefix}one`, id, `in ${id}`, 60);
    }
    for (const id of oddIds) {
      expect(await store.get(prefix + id, 'flow'), id).to.equal(`of ${id}`);
      expect(await store.get(`${prefix}one`, id), id).to.equal(`in ${id}`);
    }
  });

  holds('shares no object with its callers', async ({ store, userId }) => {
    const value = { tries: [1] };
    await store.put(userId, 'flow', value, 60);
    value.tries.push(2);
    const got = (await store.get(userId, 'flow')) as typeof value;
    got.tries.push(3);
    expect(await store.take(userId, 'flow')).to.deep.equal({ tries: [1] });
  });

  holds('counts 100 parallel increments exactly, each with a count of its own', async ({ store, userId }) => {
    const counts = await Promise.all(Array.from({ length: 100 }, () => store.increment(userId, 'sent', 60)));
    expect(counts.map(({ count }) => count).sort((a, b) => a - b)).to.deep.equal(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    expect(await store.get(userId, 'sent')).to.equal(100);
  });

  holds('adds and gives back as told, never below zero', async ({ store, userId }) => {
    expect((await store.increment(userId, 'sent', 60, 3)).count).to.equal(3);
    expect((await store.increment(userId, 'sent', 60, -1)).count).to.equal(2);
    expect((await store.increment(userId, 'sent', 60, -5)).count).to.equal(0);
    expect((await store.increment(userId, 'sent', 60)).count).to.equal(1);
  });

  holds('makes no counter by giving back or by adding nothing', async ({ store, userId }) => {
    for (const by of [-1, 0]) {
      expect(await store.increment(userId, 'sent', 60, by)).to.deep.equal({ count: 0, expiresInSeconds: 0 });
    }
    expect(await store.get(userId, 'sent')).to.equal(undefined);
  });

  holds('lets a counter lapse after its first increment, whatever came later', async ({ store, userId, pass }) => {
    expect(await store.increment(userId, 'sent', 1)).to.deep.equal({ count: 1, expiresInSeconds: 1 });
    await pass(0.5);
    expect(await store.increment(userId, 'sent', 3600)).to.deep.equal({ count: 2, expiresInSeconds: 1 });
    await store.increment(userId, 'sent', 3600, -1);
    await pass(0.7);
    expect(await store.increment(userId, 'sent', 60)).to.deep.equal({ count: 1, expiresInSeconds: 60 });
  });
}
