// The memory store: the contract, and what only it promises.
import { expect } from 'chai';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { memoryStore } from '../../src/stores/memory-store.js';
import { storeContract } from '../../src/testing/store-contract.js';
import { collectGarbage } from '../support/garbage.js';
import { thrownBy } from '../support/thrown.js';

function movableClock() {
  let nowMs = 1_700_000_000_000;
  return { now: () => nowMs, advance: (seconds: number) => void (nowMs += seconds * 1000) };
}

storeContract('memoryStore', async () => {
  const clock = movableClock();
  return { store: memoryStore({ clock }), close: async () => undefined, advance: clock.advance };
});

describe('memoryStore', () => {
  it('has a name and a namespace to be refused by in production', () => {
    expect(memoryStore()).to.include({ name: 'memory', namespace: 'memory' });
  });

  it('shares nothing between two stores', async () => {
    await memoryStore().save('u', emptyRecord('e'), undefined);
    expect(await memoryStore().load('u')).to.deep.equal({});
  });

  it('keeps a record for ten years', async () => {
    const clock = movableClock();
    const store = memoryStore({ clock });
    await store.save('u', emptyRecord('e'), undefined);
    clock.advance(10 * 365 * 86_400);
    expect((await store.load('u')).record).to.deep.equal(emptyRecord('e'));
  });

  it('counts records, removed ones too, and nothing else', async () => {
    const store = memoryStore();
    await store.save('u', emptyRecord('e'), undefined);
    await store.remove('gone');
    await store.put('u', 'flow', 'x', 60);
    await store.claim('k', 'u');
    expect(await store.count?.()).to.equal(2);
  });

  it('lets a transient lapse in the very millisecond in which its time is over', async () => {
    const clock = movableClock();
    const store = memoryStore({ clock });
    await store.put('u', 'flow', 'x', 60);
    clock.advance(59.999);
    expect(await store.get('u', 'flow')).to.equal('x');
    clock.advance(0.001);
    expect(await store.get('u', 'flow')).to.equal(undefined);
  });

  it('refuses a clock that tells no time, and options that it does not know', () => {
    for (const clock of [{}, { now: 1_700_000_000_000 }])
      expect(thrownBy(() => memoryStore({ clock } as never))).to.include({
        code: 'config.invalid_option',
        message: 'memoryStore: `clock` takes `{ now() }`, in milliseconds.',
      });
    expect(thrownBy(() => memoryStore({ clok: Date } as never)).code).to.equal('config.unknown_option');
  });

  it('uses the time of day without a clock', async () => {
    const store = memoryStore();
    await store.put('u', 'short', 'x', 0.02);
    await store.put('u', 'long', 'x', 60);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await store.get('u', 'short')).to.equal(undefined);
    expect(await store.get('u', 'long')).to.equal('x');
  });

  it('refuses to count on a value that is no counter', async () => {
    const store = memoryStore();
    await store.put('u', 'flow', 'text', 60);
    const error = await store.increment('u', 'flow', 60).catch((reason: unknown) => reason);
    expect(error).to.include({ name: 'MfaError', code: 'store.unavailable' });
  });

  it('gives the memory of lapsed transients back while others are written', async () => {
    const clock = movableClock();
    const store = memoryStore({ clock });
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    // 100 MB in all, of which 1 MB lives at a time.
    for (let puts = 0; puts < 10_000; puts += 1) {
      await store.put('u', `flow-${puts}`, String(puts).repeat(10_000 / String(puts).length), 100);
      clock.advance(1);
    }
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).to.be.below(20 * 1024 * 1024);
    expect(await store.get('u', 'flow-9999')).to.be.a('string');
  });
});
