// What is left of the time for one answer: whose commands share it, and what they leave of it.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { memoryStore } from '../../src/stores/memory-store.js';
import { createDeadlines, withinAnswer } from '../../src/stores/redis-deadline.js';
import { codeOf } from '../support/thrown.js';

const [answerMs, commandMs] = [60_000, 100_000];
/** A timer may end a millisecond before the clock that is asked says so. */
const slackMs = 5;

describe('the time for one answer', () => {
  it('is that of a command outside of an answer, and after it', async () => {
    const deadlines = createDeadlines(answerMs, commandMs);
    expect(deadlines.begin().ms).to.equal(commandMs);
    const left = await deadlines.within((answer) => Promise.resolve(answer));
    expect(left.hasEnded()).to.equal(true);
    expect(left.begin(() => deadlines.begin().ms)).to.equal(commandMs);
  });

  it('is what is left within it, and no more than that of a command', async () => {
    const deadlines = createDeadlines(answerMs, commandMs);
    await deadlines.within(async ({ begin, hasEnded }) => {
      expect(hasEnded()).to.equal(false);
      expect(begin(() => deadlines.begin().ms)).to.equal(answerMs);
      expect(deadlines.begin().ms, 'what begins beside it').to.equal(commandMs);
    });
    const short = createDeadlines(answerMs, 50);
    await short.within(async ({ begin }) => expect(begin(() => short.begin().ms)).to.equal(50));
  });

  it('grows less by what was waited, once for commands side by side, and by nothing else', async () => {
    const deadlines = createDeadlines(answerMs, commandMs);
    await deadlines.within(async ({ begin }) => {
      const start = () => begin(() => deadlines.begin());
      const beganMs = performance.now();
      const first = start();
      await sleep(40);
      const second = start();
      expect(second.ms).to.be.within(0, answerMs - 40 + slackMs);
      first.end();
      await sleep(40);
      second.end();
      const sinceMs = performance.now();
      const third = start();
      third.end();
      const waitedMs = Math.ceil(performance.now() - sinceMs);
      const mostMs = Math.ceil(performance.now() - beganMs);
      expect(third.ms).to.be.within(answerMs - mostMs, answerMs - 80 + slackMs);
      await sleep(40);
      const fourth = start();
      expect(fourth.ms, 'nobody waited meanwhile').to.be.within(third.ms - waitedMs - 1, third.ms);
      expect(answerMs - second.ms, 'of the first alone').to.be.below(answerMs - fourth.ms);
      fourth.end();
    });
  });

  it('is never below nothing', async () => {
    const deadlines = createDeadlines(10, commandMs);
    await deadlines.within(async ({ begin }) => {
      const first = begin(() => deadlines.begin());
      await sleep(30);
      first.end();
      expect(begin(() => deadlines.begin().ms)).to.equal(0);
    });
  });

  it('is given back where a command cannot begin, and ends where the work fails', async () => {
    const deadlines = createDeadlines(answerMs, commandMs);
    let ended = () => false;
    const failing = deadlines.within(async ({ begin, hasEnded }) => {
      ended = hasEnded;
      expect(() =>
        begin(() => {
          throw new Error('no');
        }),
      ).to.throw('no');
      expect(deadlines.begin().ms).to.equal(commandMs);
      begin(() => begin(() => undefined));
      throw Object.assign(new Error('It fails.'), { code: 'failed' });
    });
    expect(await codeOf(failing)).to.equal('failed');
    expect(ended()).to.equal(true);
  });
});

describe('a store within one answer', () => {
  const methods: { [name in keyof MfaStore]?: unknown[] } = {
    load: ['u'],
    save: ['u', { epoch: 'e' }, 'r'],
    remove: ['u', { revision: 'r' }],
    abandon: ['u', ['k']],
    claim: ['k', 'u'],
    put: ['u', 'flow', 1, 60],
    putIfAbsent: ['u', 'flow', 1, 60],
    get: ['u', 'flow'],
    take: ['u', 'flow'],
    increment: ['u', 'sent', 60, 2],
    saveAll: [[{ userId: 'u' }]],
  };
  /** Each method tells its name, what it was given and how long it may take. */
  function telling() {
    const deadlines = createDeadlines(answerMs, commandMs);
    const tell =
      (name: string) =>
      (...given: unknown[]) =>
        Promise.resolve({ name, given, ms: deadlines.begin().ms });
    const store = Object.fromEntries(Object.keys(methods).map((name) => [name, tell(name)])) as unknown as MfaStore;
    return { deadlines, store: { ...store, within: withinAnswer(store, deadlines) } };
  }
  const ask = (store: MfaStore, name: string, given: unknown[]) =>
    (store as unknown as { [name: string]: (...given: unknown[]) => Promise<unknown> })[name]?.(...given);

  for (const [name, given] of Object.entries(methods))
    it(`asks ${name} as it was asked, with what is left`, async () => {
      const { store } = telling();
      expect(await store.within((own) => Promise.resolve(ask(own, name, given)))).to.deep.equal({
        name,
        given,
        ms: answerMs,
      });
      expect(await ask(store, name, given)).to.deep.equal({ name, given, ms: commandMs });
    });

  it('has no saveAll where the store has none, and walks as the store does', async () => {
    const deadlines = createDeadlines(answerMs, commandMs);
    const memory = memoryStore();
    const store = { ...memory, within: withinAnswer(memory, deadlines) };
    await store.within(async (own) => {
      expect(own.saveAll).to.equal(undefined);
      expect(own.scan).to.equal(memory.scan);
      expect(own.name).to.equal('memory');
    });
  });

  it('is one with an answer within it, and begins anew in one that begins when it is over', async () => {
    const { store } = telling();
    const left = await store.within(async (own) => {
      expect(await own.within?.((inner) => Promise.resolve(inner === own))).to.equal(true);
      return own;
    });
    expect(await ask(left, 'load', ['u'])).to.include({ ms: commandMs });
    const again = await left.within?.(async (own) => [own === left, await ask(own, 'load', ['u'])]);
    expect(again?.[0]).to.equal(false);
    expect(again?.[1]).to.include({ ms: answerMs });
  });

  it('asks what a host put around the store', async () => {
    const { store } = telling();
    const wrapped = { ...store, load: () => Promise.resolve({ revision: 'wrapped' }) };
    expect(await wrapped.within((own) => own.load('u'))).to.deep.equal({ revision: 'wrapped' });
  });
});
