// A challenge: who may ask for one, what it says, what is told, and that a flood of failed signatures waits in its own lane.
import { expect } from 'chai';
import { countFailedSignature, issueChallenge, openChallenge } from '../../../src/core/flows/challenge.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { namesOf, testKernel, watchedStore, type WatchedStore } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, saidOf } from '../../support/core-person.js';
import { tamper } from '../../support/core-record.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { codeOf } from '../../support/thrown.js';
import { riskTable } from '../../support/rule-person.js';

const off = 'session.mfa.mfa_factor_not_enabled';
const locked = 'session.verification_blocked_too_many_attempts';

/** `mail` is guessed, `key` signs, both with a challenge; `app` has none. */
async function house(more: Partial<Factor> = {}) {
  let watched!: WatchedStore;
  const asks: unknown[] = [];
  const mail = riddle({ kind: 'mail', ceremony: { tries: 3 }, channel: 'email' }) as Factor;
  const key: Factor = {
    ...(riddle({ kind: 'key', ceremony: 'once', guessable: false }) as Factor),
    strength: 3,
    ...more,
  };
  const issue: NonNullable<Factor['issue']> = async (context, own) => {
    asks.push([context.knownBrowser, own.map(({ kind }) => kind)]);
    return mail.issue!(context, own);
  };
  const kernel = testKernel({
    factors: [key, { ...mail, issue }, riddle({ kind: 'app' }), spareWords()],
    settings: { riskActions: riskTable },
    store: (memory) => (watched = watchedStore(memory)),
  });
  const owner = personOf(kernel);
  for (const kind of ['key', 'mail', 'app']) await enrollRiddle(owner, kind);
  forget(kernel);
  const ask = (kind: string, who = owner.signInAgain()) => issueChallenge(kernel, who.asker, kind);
  return { kernel, owner, ask, asks, watched };
}

describe('a challenge', () => {
  it('says what the factor shows and since when, is told, and writes nothing', async () => {
    const { kernel, ask, watched } = await house();
    const { saves } = watched;
    const outcome = await ask('mail');
    if (!outcome.accepted) return expect.fail(outcome.reason);
    expect(outcome.startedAt).to.equal(kernel.now());
    expect(outcome.shown).to.have.property('nonce');
    expect(kernel.events).to.have.length(1);
    expect(kernel.events[0]).to.include({ name: 'challenge-issued', kind: 'mail', userId: 'ann' });
    expect(watched.saves).to.equal(saves);
  });

  it('is asked of the factor about its own authenticators, by the browser where it is known', async () => {
    const { owner, ask, asks } = await house();
    await ask('mail');
    await ask('mail', owner.signInAgain('unknown'));
    const id = owner.asker.knownBrowser!.split('.')[0];
    expect(asks).to.deep.equal([
      [id, ['mail']],
      [undefined, ['mail']],
    ]);
  });

  it('is read from the record that is handed over, else from the store', async () => {
    const { kernel, owner, watched } = await house();
    const record = await kernel.recordOf('ann');
    const { loads } = watched;
    await issueChallenge(kernel, owner.asker, 'mail', record);
    expect(watched.loads).to.equal(loads);
    const none = { ...record, protected: false };
    expect(saidOf(await issueChallenge(kernel, owner.asker, 'mail', none))).to.equal(off);
    await issueChallenge(kernel, owner.asker, 'mail');
    expect(watched.loads).to.equal(loads + 1);
  });

  it('is none of a factor without one, of no such factor, of one that is not enrolled, and of the first factor', async () => {
    const { kernel, ask } = await house({ absent: 'user.totp_not_enabled' as never });
    expect(saidOf(await ask('app'))).to.equal(off);
    expect(saidOf(await ask('pigeon'))).to.equal(off);
    expect(saidOf(await ask('mail', personOf(kernel, 'bob')))).to.equal(off);
    expect(saidOf(await ask('key', personOf(kernel, 'bob')))).to.equal('user.totp_not_enabled');
    expect(saidOf(await ask('mail', personOf(kernel, 'ann', { signedInBy: 'email' })))).to.equal(off);
    await tamper(kernel, ({ authenticators }) => ({
      authenticators: authenticators.filter(({ kind }) => kind !== 'mail'),
    }));
    expect(saidOf(await ask('mail'))).to.equal(off);
    expect(kernel.events).to.deep.equal([]);
  });

  it('is none for somebody suspended, nor where their record is lost', async () => {
    const { kernel, ask } = await house();
    await tamper(kernel, () => ({ suspended: { scim: 1 } }));
    expect(saidOf(await ask('mail'))).to.equal('session.mfa.suspended');
    expect(await codeOf(ask('mail', personOf(kernel, 'bob', { mfaExpected: true })))).to.equal('store.record_missing');
  });

  it('is none of a weaker factor than a sign-in that looks so risky must answer', async () => {
    const { kernel, owner, ask } = await house();
    const risky = owner.signInAgain();
    risky.asker.signIn.risk = { level: 'high', score: 80, signals: [], seenFrom: 'x', since: kernel.now() };
    expect(saidOf(await ask('mail', risky))).to.equal('session.mfa.require_mfa_verification');
    expect(saidOf(await ask('key', risky))).to.equal('accepted');
  });

  it('is none while its factor waits in this lane', async () => {
    const { kernel, owner, ask } = await house();
    const lock = { failures: 5, failedAt: kernel.now(), lockedUntil: kernel.now() + 30 };
    await tamper(kernel, () => ({ attempts: { 'mail/unknown': lock, 'key/unknown': lock } }));
    const unknown = owner.signInAgain('unknown');
    expect(await ask('mail', unknown)).to.deep.include({
      reason: locked,
      details: { retryAfterSeconds: 30, remainingAttempts: 0 },
    });
    expect(saidOf(await ask('mail'))).to.equal('accepted');
    expect(saidOf(await ask('key', unknown))).to.equal('accepted');
    kernel.clock.now += 30;
    expect(saidOf(await ask('mail', unknown))).to.equal('accepted');
  });

  it('whose sender says no is told as not sent, and nothing is open', async () => {
    const issue = () =>
      Promise.reject(new MfaError('connector.rate_limit_exceeded', 'no', { details: { retryAfterSeconds: 9 } }));
    const { kernel, ask } = await house({ issue });
    expect(await ask('key')).to.deep.include({
      reason: 'connector.rate_limit_exceeded',
      details: { retryAfterSeconds: 9 },
    });
    expect(namesOf(kernel)).to.deep.equal(['send-limited']);
  });
});

describe('failed signatures', () => {
  async function failing(times: number, browser: 'known' | 'unknown') {
    const made = await house();
    const { kernel, owner, ask } = made;
    const who = owner.signInAgain(browser);
    const record = await kernel.recordOf('ann');
    for (let n = 0; n < times; n += 1) await countFailedSignature(kernel, who.asker, record);
    return { ...made, who, from: (at: 'known' | 'unknown', kind = 'key') => ask(kind, owner.signInAgain(at)) };
  }
  const waits = { reason: locked, details: { retryAfterSeconds: 600 } };

  it('of nineteen keep nobody waiting, of twenty those of their lane, for ten minutes', async () => {
    for (const [lane, other] of [
      ['known', 'unknown'],
      ['unknown', 'known'],
    ] as const) {
      expect(saidOf(await (await failing(19, lane)).from(lane))).to.equal('accepted');
      const { kernel, from } = await failing(20, lane);
      expect(await from(lane)).to.deep.include(waits);
      expect(saidOf(await from(other))).to.equal('accepted');
      expect(saidOf(await from(lane, 'mail'))).to.equal('accepted');
      kernel.clock.now += 599;
      expect(await from(lane)).to.deep.include(waits);
      kernel.clock.now += 1;
      expect(saidOf(await from(lane))).to.equal('accepted');
    }
  });

  it('of strangers keep a browser waiting that says it is the owner’s and is not', async () => {
    const { owner, ask } = await failing(20, 'unknown');
    const liar = owner.signInAgain();
    liar.asker.knownBrowser = `${owner.asker.knownBrowser!.split('.')[0]}.wrong`;
    expect(await ask('key', liar)).to.deep.include(waits);
  });

  it('of the owner’s browser keep nobody waiting who only names it', async () => {
    const { owner, ask } = await failing(20, 'known');
    const liar = owner.signInAgain();
    liar.asker.knownBrowser = `${owner.asker.knownBrowser!.split('.')[0]}.wrong`;
    expect(saidOf(await ask('key', liar))).to.equal('accepted');
  });

  it('that a store cannot count are no error', async () => {
    const { kernel, owner } = await house();
    const store = { ...kernel.store, increment: () => Promise.reject(new Error('down')) };
    await countFailedSignature({ ...kernel, store }, owner.asker, await kernel.recordOf('ann'));
  });
});

describe('the challenge that a session began', () => {
  it('is shown with its time, in that session, as long as it stands and the account is the same', async () => {
    const { kernel, owner, ask } = await house();
    const who = owner.signInAgain();
    expect(await openChallenge(kernel, who.asker, 'mail')).to.equal(undefined);
    const outcome = await ask('mail', who);
    if (!outcome.accepted) return expect.fail(outcome.reason);
    const { shown, startedAt } = outcome;
    const record = await kernel.recordOf('ann');
    kernel.clock.now += 299;
    expect(await openChallenge(kernel, who.asker, 'mail')).to.deep.equal({ shown, startedAt });
    expect(await openChallenge(kernel, who.asker, 'mail', record)).to.deep.equal({ shown, startedAt });
    expect(await openChallenge(kernel, who.asker, 'mail', { ...record, epoch: 'x' })).to.equal(undefined);
    expect(await openChallenge(kernel, owner.signInAgain().asker, 'mail')).to.equal(undefined);
    kernel.clock.now += 1;
    expect(await openChallenge(kernel, who.asker, 'mail')).to.equal(undefined);
  });

  it('is never read where it is answered once, nor of a factor without one', async () => {
    const { kernel, owner, ask } = await house();
    const who = owner.signInAgain();
    await ask('key', who);
    for (const kind of ['key', 'app', 'pigeon'])
      expect(await openChallenge(kernel, who.asker, kind)).to.equal(undefined);
    expect(await kernel.store.take('ann', `ceremony:verify:key:${who.asker.signIn.flowId}`)).to.have.property('shown');
  });
});
