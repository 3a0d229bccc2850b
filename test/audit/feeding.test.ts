// What feeds a sink: where its place moves to, what is put aside, and how long it is waited for; over a log in memory and a sink
// that says what a test says.
import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'chai';
import { createFeed } from '../../src/audit/feed.js';
import type { AuditItem, AuditSink, Delivered } from '../../src/audit/sink.js';
import { memoryAuditStore } from '../../src/audit/stores/memory-audit-store.js';
import type { AuditStore } from '../../src/audit/audit-store.js';
import type { AuditWorld } from '../../src/audit/world.js';
import { isCheckpoint } from '../../src/audit/checkpoint.js';
import { cryptoRandom } from '../../src/crypto/random.js';
import { amidCollections } from '../support/garbage.js';
import { openLog } from './open-log.js';

/** A log of so many entries, and the line of the ledger that says that its writer began. */
async function logOf(count: number): Promise<AuditStore> {
  const store = memoryAuditStore();
  await openLog(store).fill(count);
  return store;
}

function feeding(
  store: AuditStore,
  answer: (batch: readonly AuditItem[], signal: AbortSignal) => Delivered | Promise<Delivered>,
  more: Partial<AuditSink> = {},
) {
  let nowMs = 1_000_000;
  const batches: (readonly AuditItem[])[] = [];
  const sink: AuditSink = {
    name: 'sink',
    batchSize: 3,
    async deliver(batch, signal) {
      batches.push(batch);
      return answer(batch, signal);
    },
    ...more,
  };
  const random = { ...cryptoRandom, int: () => 500 };
  const world = { random, now: () => nowMs } as unknown as AuditWorld;
  return { feed: createFeed(store, world, sink), batches, advance: (ms: number) => void (nowMs += ms) };
}
/** Tells what the feed begins from what else begins in this process, where other files of tests ran before. */
const inFeed = new AsyncLocalStorage<true>();
const all = (batch: readonly AuditItem[]): Delivered => ({ done: batch.length });
const named = (batch: readonly AuditItem[]) => batch.map((item) => (isCheckpoint(item) ? `line ${item.n}` : item.seq));

describe('feeding a sink', () => {
  it('hands out entries in batches of its size, and the lines of the ledger behind them', async () => {
    for (const [size, expected] of [
      [
        3,
        [
          [1, 2, 3],
          [4, 5, 'line 1'],
        ],
      ],
      [5, [[1, 2, 3, 4, 5], ['line 1']]],
      [
        2,
        [
          [1, 2],
          [3, 4],
          [5, 'line 1'],
        ],
      ],
      [100, [[1, 2, 3, 4, 5, 'line 1']]],
    ] as const) {
      const { feed, batches } = feeding(await logOf(5), all, { batchSize: size });
      await feed.once();
      expect(batches.map(named), String(size)).to.deep.equal(expected);
      await feed.once();
      expect(batches, 'nothing twice').to.have.length(expected.length);
    }
  });

  it('hands out a hundred at once where nothing is said', async () => {
    const store = await logOf(150);
    const { feed, batches } = feeding(store, all, { batchSize: undefined as never });
    await feed.once();
    expect(batches.map(({ length }) => length)).to.deep.equal([100, 51]);
  });

  it('goes on behind what was taken, says why the rest was not, and forgets it once all is', async () => {
    let done = 2;
    const { feed, batches, advance } = feeding(await logOf(5), () => ({ done, why: 'busy' }));
    await feed.once();
    expect(feed.health()).to.deep.equal({ deadLetters: 0, failing: 'busy', failingSinceMs: 1_000_000 });
    advance(1000);
    done = 0;
    await feed.once();
    expect(feed.health()).to.deep.equal({ deadLetters: 0, failing: 'busy', failingSinceMs: 1_000_000 });
    done = 3;
    await feed.once();
    expect(batches.map(named)).to.deep.equal([[1, 2, 3], [3, 4, 5], [3, 4, 5], ['line 1']]);
    expect(feed.health(), 'only one of three was there').to.deep.equal({ deadLetters: 0 });
    const silent = feeding(await logOf(1), () => ({ done: 0 }));
    await silent.feed.once();
    expect(silent.feed.health().failing).to.equal('the sink did not take all');
  });

  it('puts aside what is refused for good among what is done, and counts it', async () => {
    const store = await logOf(3);
    const refused = [
      { index: 1, why: 'too long' },
      { index: 2, why: 'not done with' },
      { index: 9, why: 'not there' },
    ];
    let calls = 0;
    const { feed } = feeding(store, (batch) => ((calls += 1) === 1 ? { done: 2, refused } : { done: batch.length }));
    await feed.once();
    await feed.once();
    expect(feed.health().deadLetters).to.equal(1);
    const { total, letters } = await store.deadLetters('sink', 10);
    expect(total).to.equal(1);
    expect(letters[0]).to.include({ why: 'too long', time: new Date(1_000_000).toISOString() });
    expect(JSON.parse(letters[0]?.text ?? '')).to.include({ seq: 2, id: letters[0]?.id });
  });

  it('names a line of the ledger that is put aside', async () => {
    const store = await logOf(1);
    const { feed } = feeding(store, (batch) => ({
      done: batch.length,
      refused: [
        { index: 1, why: 'no' },
        { index: 7, why: 'no' },
      ],
    }));
    await feed.once();
    expect((await store.deadLetters('sink', 10)).letters.map(({ id }) => id)).to.deep.equal(['checkpoint 1']);
  });

  it('counts nothing as taken where its place could not be moved, and stops', async () => {
    const store = await logOf(7);
    const { feed, batches } = feeding({ ...store, advance: () => Promise.resolve(false) }, all);
    await feed.once();
    expect(batches).to.have.length(1);
    expect(feed.health()).to.deep.equal({ deadLetters: 0 });
  });

  it('passes over what is no entry, and moves behind it', async () => {
    const store = await logOf(4);
    const { items } = await store.page({ after: 0, limit: 10 });
    for (const { place, text } of items.slice(0, 3)) await store.rewrite(place, text, 'no entry');
    const { feed, batches } = feeding(store, all, { batchSize: 4 });
    await feed.once();
    expect(batches.map(named)).to.deep.equal([[4], ['line 1']]);
    expect((await store.positions()).sink).to.deep.equal({ place: 4, line: 1 });
  });

  it('says what was thrown, by its message, and does nothing where another process feeds it', async () => {
    const store = await logOf(1);
    const thrown = feeding(store, () => Promise.reject(new Error('It is down.')));
    await thrown.feed.once();
    expect(thrown.feed.health().failing).to.equal('It is down.');
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what a host's sink may do
    const text = feeding(await logOf(1), () => Promise.reject('a text'));
    await text.feed.once();
    expect(text.feed.health().failing).to.equal('a text');
    const rival = feeding(store, all);
    await rival.feed.once();
    expect([rival.batches, rival.feed.health()]).to.deep.equal([[], { deadLetters: 0 }]);
  });

  it('runs once however often it is asked meanwhile, and lets go of its lease and the sink as it stops', async () => {
    const store = await logOf(1);
    let closed = 0;
    const { feed, batches } = feeding(store, all, { close: async () => void (closed += 1) });
    await Promise.all([feed.once(), feed.once(), feed.once()]);
    expect(batches).to.have.length(1);
    feed.start();
    await feed.stop();
    expect(closed).to.equal(1);
    expect(await store.lease('sink', 'another', 1000)).to.not.equal(undefined);
    const failing = feeding({ ...store, release: () => Promise.reject(new Error('Gone.')) }, all);
    await failing.feed.stop();
  });

  const hanging = async () =>
    feeding(
      await logOf(1),
      (_batch, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve({ done: 0, why: 'stopped' }))),
    );

  it('tells a sink that hangs to stop after twenty seconds, whatever garbage was collected meanwhile', async () => {
    const { timeout } = AbortSignal;
    const limits: number[] = [];
    AbortSignal.timeout = (ms) => {
      if (!inFeed.getStore()) return timeout.call(AbortSignal, ms);
      limits.push(ms);
      return timeout.call(AbortSignal, 100);
    };
    try {
      const { feed } = await hanging();
      await amidCollections(inFeed.run(true, () => feed.once()));
      expect([limits, feed.health().failing]).to.deep.equal([[20_000], 'stopped']);
    } finally {
      AbortSignal.timeout = timeout;
    }
  });

  it('tells a sink that hangs to stop when the feed does', async () => {
    const { feed, batches } = await hanging();
    const fed = feed.once();
    while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await feed.stop();
    await fed;
    expect(feed.health().failing).to.equal('stopped');
    await feed.once();
    expect(batches, 'no more').to.have.length(1);
  });

  describe('by itself', () => {
    const { setTimeout: real } = globalThis;
    let waits: number[];
    let due: (() => void) | undefined;
    /** From now on nothing elapses by itself in the feed. */
    const stopTime = () => {
      waits = [];
      globalThis.setTimeout = ((run: () => void, ms: number) => {
        if (!inFeed.getStore()) return real(run, ms);
        waits.push(ms);
        due = () => inFeed.run(true, run);
        return { unref: () => undefined };
      }) as never;
    };
    afterEach(() => void (globalThis.setTimeout = real));

    /** Lets what was waited for come, and waits for the next. */
    async function elapse(times = 1): Promise<void> {
      for (let at = 0; at < times; at += 1) {
        const { length } = waits;
        due?.();
        while (waits.length === length) await new Promise((resolve) => setImmediate(resolve));
      }
    }

    it('looks each second, and waits twice as long after each failure, up to a minute; an hour after a day', async () => {
      let answer: Delivered = { done: 0, why: 'down' };
      const { feed, advance } = feeding(await logOf(1), (batch) => (answer.done > 0 ? all(batch) : answer));
      stopTime();
      inFeed.run(true, () => feed.start());
      await elapse(9);
      // Each between half of it and all of it; chance says three quarters here.
      expect(waits).to.deep.equal([1000, 1000, 1000, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000]);
      answer = { done: 0, why: 'down', retryAfterMs: 90_000 };
      await elapse();
      answer = { done: 0, why: 'down' };
      advance(86_400_000);
      await elapse();
      advance(1);
      await elapse();
      answer = { done: 1 };
      await elapse();
      expect(waits.slice(10)).to.deep.equal([90_000, 45_000, 2_700_000, 1000]);
      await feed.stop();
    });

    it('looks no more once it was stopped in the middle of a look', async () => {
      let deliver: (() => void) | undefined;
      const { feed, batches } = feeding(
        await logOf(1),
        () => new Promise((resolve) => (deliver = () => resolve({ done: 0, why: 'stopped' }))),
      );
      stopTime();
      inFeed.run(true, () => feed.start());
      due?.();
      while (batches.length === 0) await new Promise((resolve) => setImmediate(resolve));
      const stopping = feed.stop();
      deliver?.();
      await stopping;
      for (let at = 0; at < 20; at += 1) await new Promise((resolve) => setImmediate(resolve));
      expect(waits).to.deep.equal([1000]);
    });
  });
});
