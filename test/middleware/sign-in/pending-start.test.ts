// Since when a sign-in owes its factor, as the server knows it by the name of the sign-in: written when, read by whom, gone when.
import { expect } from 'chai';
import { forgetStart, keepStart, withKeptStart } from '../../../middleware/sign-in/pending-start.js';
import { newSignIn } from '../../../middleware/sign-in/new-sign-in.js';
import type { SignIn } from '../../../src/core/kernel/sign-in.js';
import { testKernel } from '../../support/core-kernel.js';

describe('the start of a sign-in that the host names', () => {
  const asked: string[] = [];
  const state = { fails: false };
  const kernel = testKernel({
    store: (memory) => ({
      ...memory,
      putIfAbsent: (userId, key, value, ttl) => {
        asked.push(`putIfAbsent ${ttl}`);
        return memory.putIfAbsent(userId, key, value, ttl);
      },
      put: (userId, key, value, ttl) => {
        asked.push(`put ${ttl}`);
        return memory.put(userId, key, value, ttl);
      },
      take: (userId, key) => {
        asked.push('take');
        return state.fails ? Promise.reject(new Error('down')) : memory.take(userId, key);
      },
    }),
  });
  const thirtyDays = 30 * 86_400;
  beforeEach(() => {
    asked.length = 0;
  });
  const begun = (signInId: string | undefined, more: Partial<SignIn> = {}): SignIn => ({
    ...newSignIn(kernel, { id: 'ada', label: 'Ada', ...(signInId === undefined ? {} : { signInId }) }, 'sign-in'),
    ...more,
  });

  it('is the first that was told, for all who meet it later', async () => {
    const signIn = begun('one', { startedAt: 100 });
    expect(await withKeptStart(kernel, signIn)).to.deep.equal({ ...signIn, startKept: true });
    expect(await withKeptStart(kernel, begun('one', { startedAt: 200 }))).to.include({
      startedAt: 100,
      startKept: true,
    });
    expect(await withKeptStart(kernel, begun('two', { startedAt: 200 }))).to.include({ startedAt: 200 });
    expect(await withKeptStart(kernel, { ...begun('one', { startedAt: 300 }), userId: 'bob' })).to.include({
      startedAt: 300,
    });
    expect(new Set(asked)).to.deep.equal(new Set([`putIfAbsent ${thirtyDays}`]));
  });

  it('is asked for once, and not where nothing is owed or the host names no sign-in', async () => {
    const proof = { kind: 'riddle', authenticatorId: 'a', at: 5, userVerified: false };
    for (const signIn of [begun(undefined), begun('three', { startKept: true }), begun('three', { proofs: [proof] })])
      expect(await withKeptStart(kernel, signIn)).to.equal(signIn);
    const unnamed = begun(undefined);
    expect(await keepStart(kernel, unnamed)).to.equal(unnamed);
    forgetStart(kernel, unnamed);
    expect(asked).to.deep.equal([]);
  });

  it('is its own where what stands there is none', async () => {
    const signIn = begun('four', { startedAt: 400 });
    await kernel.store.put('ada', `pending:${signIn.signInId!.slice(0, 22)}`, 'yesterday', 60);
    expect(await withKeptStart(kernel, signIn)).to.deep.equal({ ...signIn, startKept: true });
  });

  it('is another one where the host says that it begins now, under a name that it had before', async () => {
    await withKeptStart(kernel, begun('five', { startedAt: 100 }));
    const again = begun('five', { startedAt: 500 });
    expect(await keepStart(kernel, again)).to.deep.equal({ ...again, startKept: true });
    expect(asked).to.include(`put ${thirtyDays}`);
    expect(await withKeptStart(kernel, begun('five', { startedAt: 900 }))).to.include({ startedAt: 500 });
  });

  it('is gone once nothing is owed, which nobody waits for', async () => {
    await withKeptStart(kernel, begun('six', { startedAt: 100 }));
    forgetStart(kernel, begun('six'));
    await new Promise(setImmediate);
    expect(await withKeptStart(kernel, begun('six', { startedAt: 600 }))).to.include({ startedAt: 600 });
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    state.fails = true;
    forgetStart(kernel, begun('six'));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    state.fails = false;
    process.off('unhandledRejection', note);
    expect(unhandled).to.deep.equal([]);
  });
});
