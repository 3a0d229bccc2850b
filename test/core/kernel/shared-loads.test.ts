// One read of the store for all who ask at once, and never one older than who asks.
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { createValve } from '../../../src/core/kernel/few-at-once.js';
import type { Loaded } from '../../../src/core/kernel/ports.js';
import { createSharedLoads } from '../../../src/core/kernel/shared-loads.js';

/** Reads that end when they are told to, in the order in which they began. */
function reads() {
  const begun: { end: () => void; fail: (error: Error) => void }[] = [];
  const read = () =>
    new Promise<Loaded>((resolve, reject) => {
      const revision = String(begun.length + 1);
      begun.push({ end: () => resolve({ revision }), fail: reject });
    });
  return { begun, read };
}

describe('loads that are shared', () => {
  it('are one for whoever came before it began, and the next one for all who came since', async () => {
    const loads = createSharedLoads();
    const { begun, read } = reads();
    const first = loads.arrive('ann').load(read);
    const later = Array.from({ length: 100 }, () => loads.arrive('ann').load(read));
    const other = loads.arrive('bob').load(read);
    expect(begun).to.have.length(2);
    begun[0]!.end();
    begun[1]!.end();
    expect((await first).revision).to.equal('1');
    expect((await other).revision).to.equal('2');
    await turn();
    expect(begun, 'one more').to.have.length(3);
    begun[2]!.end();
    for (const each of await Promise.all(later)) expect(each.revision).to.equal('3');
  });

  it('serve whoever asks again, until this process writes', async () => {
    const loads = createSharedLoads();
    const { begun, read } = reads();
    const [one, other] = [loads.arrive('ann'), loads.arrive('ann')];
    const first = one.load(read);
    expect(other.load(read)).to.equal(first);
    begun[0]!.end();
    await first;
    expect(await other.load(read)).to.deep.equal({ revision: '1' });
    loads.written('ann');
    const second = other.load(read);
    begun[1]!.end();
    expect((await second).revision).to.equal('2');
    expect((await one.load(read)).revision).to.equal('2');
  });

  it('are never older than the arrival, however short ago they ended', async () => {
    const loads = createSharedLoads();
    const { begun, read } = reads();
    const early = loads.arrive('ann');
    const first = early.load(read);
    begun[0]!.end();
    await first;
    const late = loads.arrive('ann').load(read);
    expect(begun).to.have.length(2);
    begun[1]!.end();
    expect((await late).revision).to.equal('2');
  });

  it('that fail are told to all who wait, and tried again for whoever asks then', async () => {
    const loads = createSharedLoads();
    const { begun, read } = reads();
    const [one, other] = [loads.arrive('ann'), loads.arrive('ann')];
    const both = Promise.allSettled([one.load(read), other.load(read)]);
    begun[0]!.fail(new Error('down'));
    expect((await both).map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    const again = other.load(read);
    begun[1]!.end();
    expect((await again).revision).to.equal('2');
  });

  it('are kept for nobody once all have left', async () => {
    const loads = createSharedLoads();
    const { begun, read } = reads();
    const only = loads.arrive('ann');
    const first = only.load(read);
    begun[0]!.end();
    await first;
    only.leave();
    void loads.arrive('ann').load(read);
    expect(begun).to.have.length(2);
  });
});

describe('a few at once', () => {
  it('pass at once, and more wait for the next turns of the event loop, in their order', async () => {
    const valve = createValve(2);
    const passed: number[] = [];
    for (let each = 1; each <= 5; each += 1) void valve().then(() => passed.push(each));
    await Promise.resolve();
    expect(passed).to.deep.equal([1, 2]);
    await turn();
    expect(passed).to.deep.equal([1, 2, 3, 4]);
    await turn();
    expect(passed).to.deep.equal([1, 2, 3, 4, 5]);
    await turn();
    await turn();
    void valve().then(() => passed.push(6));
    await Promise.resolve();
    expect(passed.at(-1)).to.equal(6);
  });
});
