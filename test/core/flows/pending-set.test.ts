// A set of backup codes between its making and the word that it is saved: shown again, extended once, and never lapsed in silence.
import { expect } from 'chai';
import { beginSet, extendSet, forgetSet, pendingSet } from '../../../src/core/flows/pending-set.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { namesOf, testKernel } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, saidOf } from '../../support/core-person.js';
import { tamper } from '../../support/core-record.js';

const unknown = 'session.verification_session_not_found';

/** Shows a token with the words, as the factor of an app does: by it the page names the set. */
function words(): Factor {
  const plain = spareWords() as Factor;
  const { enrollment } = plain;
  const begin: typeof enrollment.begin = async (context, own, input) => {
    const begun = await enrollment.begin(context, own, input);
    return { ...begun, shown: { ...(begun.shown as object), revealToken: context.random.token(6) } };
  };
  return { ...plain, enrollment: { ...enrollment, begin } };
}

async function house(backup: Factor | undefined = words()) {
  const kernel = testKernel({ factors: [riddle(), backup] });
  const person = personOf(kernel);
  await enrollRiddle(person);
  forget(kernel);
  const { asker } = person;
  const begin = async (who = asker) => {
    const outcome = await beginSet(kernel, who);
    if (!outcome.accepted || !outcome.set) throw new Error(saidOf(outcome));
    return outcome.set;
  };
  const pending = async (who = asker) => pendingSet(kernel, who, await kernel.recordOf('ann'));
  const extend = async (token: unknown, who = asker) => extendSet(kernel, who, await kernel.recordOf('ann'), token);
  const tokenOf = ({ begun }: Awaited<ReturnType<typeof begin>>) =>
    (begun.shown as { revealToken: string }).revealToken;
  return { kernel, person, asker, begin, pending, extend, tokenOf };
}

describe('a set of backup codes that is not saved yet', () => {
  it('is made once, told, and shown as it was by another press and another page', async () => {
    const { kernel, begin, pending } = await house();
    expect(await pending()).to.equal(undefined);
    const set = await begin();
    const { now } = kernel.clock;
    expect(set.factor.kind).to.equal('spare-words');
    expect(set.begun).to.include({ startedAt: now, expiresAt: now + 600, extendable: true });
    expect(namesOf(kernel)).to.deep.equal(['backup-codes-generated']);
    kernel.clock.now += 599;
    expect(await begin()).to.deep.equal(set);
    expect(await pending()).to.deep.equal(set);
    expect(namesOf(kernel)).to.deep.equal(['backup-codes-generated']);
    expect((await kernel.recordOf('ann')).authenticators).to.have.length(1);
  });

  it('is one set, however many tabs ask for it at once', async () => {
    const { kernel, begin } = await house();
    const all = await Promise.all(Array.from({ length: 10 }, () => begin()));
    expect(new Set(all.map(({ begun }) => JSON.stringify(begun.shown))).size).to.equal(1);
    expect(namesOf(kernel)).to.deep.equal(['backup-codes-generated']);
  });

  it('is told as lapsed after its ten minutes, for a day, until another one is made', async () => {
    const { kernel, begin, pending } = await house();
    const set = await begin();
    kernel.clock.now += 600;
    expect(await pending()).to.equal('lapsed');
    kernel.clock.now += 86_400 - 601;
    expect(await pending()).to.equal('lapsed');
    kernel.clock.now += 1;
    expect(await pending()).to.equal(undefined);
    const next = await begin();
    expect(next.begun.shown).not.to.deep.equal(set.begun.shown);
    expect(await pending()).to.deep.equal(next);
  });

  it('is told as lapsed once the account has changed, and is no longer named by its token', async () => {
    const { kernel, begin, pending, extend, tokenOf } = await house();
    const token = tokenOf(await begin());
    await tamper(kernel, () => ({ epoch: 'another' }));
    expect(await pending()).to.equal('lapsed');
    expect(saidOf(await extend(token))).to.equal(unknown);
  });

  it('is nobody’s in another session', async () => {
    const { person, begin, pending, extend, tokenOf } = await house();
    const token = tokenOf(await begin());
    const other = person.signInAgain().asker;
    expect(await pending(other)).to.equal(undefined);
    expect(saidOf(await extend(token, other))).to.equal(unknown);
  });

  it('is not made where it may not be, and nothing is remembered of it', async () => {
    const { kernel, person, pending } = await house();
    const other = person.signInAgain().asker;
    const outcome = await beginSet(kernel, other);
    expect(saidOf(outcome)).to.equal('session.mfa.require_mfa_verification');
    expect(await pending(other)).to.equal(undefined);
    expect(namesOf(kernel)).not.to.include('backup-codes-generated');
  });

  it('is none where the app has no backup factor', async () => {
    const kernel = testKernel({ factors: [riddle()] });
    const person = personOf(kernel);
    await enrollRiddle(person);
    expect(saidOf(await beginSet(kernel, person.asker))).to.equal('session.mfa.mfa_factor_not_enabled');
    const record = await kernel.recordOf('ann');
    expect(await pendingSet(kernel, person.asker, record)).to.equal(undefined);
    expect(saidOf(await extendSet(kernel, person.asker, record, 'x'))).to.equal(unknown);
  });

  it('is forgotten once it is confirmed: nothing has lapsed then', async () => {
    const { kernel, person, begin, pending } = await house();
    await begin();
    expect(saidOf(await person.confirm('spare-words', { saved: true }))).to.equal('accepted');
    forgetSet(kernel, person.asker);
    expect(await pending()).to.equal(undefined);
  });

  it('is forgotten by nobody’s wait: a store that cannot is no error', async () => {
    const { kernel, asker } = await house();
    forgetSet({ ...kernel, store: { ...kernel.store, take: () => Promise.reject(new Error('down')) } }, asker);
    await Promise.resolve();
  });
});

describe('a longer life of a set that is not saved yet', () => {
  it('is ten more minutes, once, however often they are asked for', async () => {
    const { kernel, begin, pending, extend, tokenOf } = await house();
    const set = await begin();
    const token = tokenOf(set);
    kernel.clock.now += 599;
    const all = await Promise.all(Array.from({ length: 5 }, () => extend(token)));
    expect(new Set(all.map(saidOf))).to.deep.equal(new Set(['accepted']));
    const { startedAt, shown } = set.begun;
    const longer = { shown, startedAt, expiresAt: startedAt + 1200, extendable: false };
    expect(await pending()).to.deep.equal({ factor: set.factor, begun: longer });
    kernel.clock.now += 600;
    expect(saidOf(await extend(token))).to.equal('accepted');
    expect(await pending()).to.deep.equal({ factor: set.factor, begun: longer });
    kernel.clock.now += 1;
    expect(await pending()).to.equal('lapsed');
    expect(saidOf(await extend(token))).to.equal(unknown);
  });

  it('is for whoever names the set by its token, and nobody else', async () => {
    const { begin, pending, extend, tokenOf } = await house();
    expect(saidOf(await extend('x'))).to.equal(unknown);
    const set = await begin();
    for (const token of ['', `${tokenOf(set)}x`, undefined, null, 7, [tokenOf(set)]])
      expect(saidOf(await extend(token)), String(token)).to.equal(unknown);
    expect(await pending()).to.deep.equal(set);
    expect(saidOf(await extend(tokenOf(set)))).to.equal('accepted');
  });

  it('is refused where the set has no token', async () => {
    const { begin, extend } = await house(spareWords());
    await begin();
    expect(saidOf(await extend(undefined))).to.equal(unknown);
    expect(saidOf(await extend('undefined'))).to.equal(unknown);
  });
});
