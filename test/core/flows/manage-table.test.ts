// What the elevated person changes themselves, change by change: what it writes, leaves alone and tells.
import { expect } from 'chai';
import {
  ownsSignInStep,
  renameAuthenticator,
  revokeTrusted,
  setPreferences,
  skipSuggestion,
  type Preferences,
} from '../../../src/core/flows/manage.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { watchedStore, type TestKernelOptions, type WatchedStore } from '../../support/core-kernel.js';
import { forget, protectedPerson, saidOf } from '../../support/core-person.js';
import { idOf, tamper } from '../../support/core-record.js';

async function house(options: TestKernelOptions = {}) {
  let watched!: WatchedStore;
  const made = await protectedPerson({
    factors: [riddle(), riddle({ kind: 'song' }), spareWords()],
    store: (memory) => (watched = watchedStore(memory)),
    ...options,
  });
  const { kernel, person } = made;
  const told = () => kernel.events.map(({ name, kind, detail }) => [name, kind, detail]);
  const noticed = () => kernel.notices.map(({ what, at }) => [what, at]);
  const set = (wanted: Preferences) => setPreferences(kernel, person.asker, wanted);
  return { ...made, watched, told, noticed, set };
}

const browser = (id: string) => ({ id, hash: 'h', previous: [], createdAt: 1, expiresAt: 9_000_000_000 });

describe('a change by the elevated person', () => {
  it('of a name is of that one authenticator, and told with its kind', async () => {
    const { kernel, person, told } = await house();
    const before = await kernel.recordOf('ann');
    const id = await idOf(kernel, 'riddle');
    const outcome = await renameAuthenticator(kernel, person.asker, id, 'Mine');
    const after = await kernel.recordOf('ann');
    const [first, ...rest] = before.authenticators;
    expect(after.authenticators).to.deep.equal([{ ...first, name: 'Mine' }, ...rest]);
    expect(outcome).to.deep.include({ epoch: before.epoch });
    expect(told()).to.deep.equal([['authenticator-renamed', 'riddle', undefined]]);
  });

  it('of trusted browsers is of that one alone, each told by its name', async () => {
    const { kernel, person, told } = await house();
    await tamper(kernel, () => ({ trusted: ['a', 'b', 'c'].map(browser) }));
    const outcome = await revokeTrusted(kernel, person.asker, 'b');
    const { trusted, epoch } = await kernel.recordOf('ann');
    expect(trusted.map(({ id }) => id)).to.deep.equal(['a', 'c']);
    if (!outcome.accepted) return expect.fail(outcome.reason);
    expect(outcome.epoch).to.equal(epoch);
    expect(outcome.record.trusted).to.deep.equal(trusted);
    await revokeTrusted(kernel, person.asker);
    expect((await kernel.recordOf('ann')).trusted).to.deep.equal([]);
    const names = ['b', 'a', 'c'].map((id) => ['browser-trust-revoked', undefined, { browser: id }]);
    expect(told()).to.deep.equal(names);
  });

  it('of nothing that is theirs is refused, told to nobody and not written', async () => {
    const { kernel, person, told, watched } = await house();
    const { saves } = watched;
    const unknown = { accepted: false, reason: 'session.verification_session_not_found', details: {} };
    expect(await revokeTrusted(kernel, person.asker, 'a')).to.deep.equal(unknown);
    expect(await renameAuthenticator(kernel, person.asker, 'a', 'Mine')).to.deep.equal(unknown);
    expect(told()).to.deep.equal([]);
    expect(watched.saves).to.equal(saves);
  });

  it('that they may not make is told with what they owe', async () => {
    const { kernel, person, told } = await house();
    kernel.clock.now += 601;
    expect(saidOf(await revokeTrusted(kernel, person.asker))).to.equal('session.mfa.step_up_required');
    expect(told()).to.deep.equal([['step-up-required', undefined, { at: 'change', why: 'expired' }]]);
    forget(kernel);
    await tamper(kernel, () => ({ suspended: { admin: 1 } }));
    expect(saidOf(await skipSuggestion(kernel, person.asker))).to.equal('session.mfa.suspended');
    expect(told()).to.deep.equal([['session-refused', undefined, { at: 'change' }]]);
  });

  it('that skips a suggestion keeps those that were skipped before', async () => {
    const { kernel, person, told } = await house();
    await tamper(kernel, () => ({ protected: false, authenticators: [], skipped: { 'suggest-another': 7 } }));
    const outcome = await skipSuggestion(kernel, person.asker);
    if (!outcome.accepted) return expect.fail(outcome.reason);
    expect(outcome.what).to.equal('suggest-mfa');
    const { skipped } = await kernel.recordOf('ann');
    expect(skipped).to.deep.equal({ 'suggest-another': 7, 'suggest-mfa': kernel.now() });
    expect(told()).to.deep.equal([['prompt-skipped', undefined, { what: 'suggest-mfa' }]]);
  });
});

describe('a switch of the person', () => {
  const steps: [from: boolean, signInStep: 'on' | 'off', isNoticed: boolean][] = [
    [false, 'off', true],
    [true, 'off', false],
    [true, 'on', false],
    [false, 'on', false],
  ];
  for (const [from, signInStep, isNoticed] of steps)
    it(`turns a sign-in step that is ${from ? 'off' : 'on'} ${signInStep}, and is noticed ${isNoticed ? 'once' : 'by nobody'}`, async () => {
      const { kernel, set, told, noticed } = await house();
      if (from) await tamper(kernel, () => ({ signInStepOff: true }));
      const before = await kernel.recordOf('ann');
      const outcome = await set({ signInStep });
      const after = await kernel.recordOf('ann');
      const { signInStepOff: _off, ...on } = before;
      expect(after).to.deep.equal(signInStep === 'off' ? { ...on, signInStepOff: true } : on);
      expect(outcome).to.deep.include({ accepted: true, epoch: before.epoch });
      expect(told()).to.deep.equal([['sign-in-step-changed', undefined, { signInStep }]]);
      expect(noticed()).to.deep.equal(isNoticed ? [['sign-in-step-off', kernel.now()]] : []);
    });

  it('prefers a primary factor of theirs, another one, or none again', async () => {
    const { kernel, set, told } = await house();
    const preferred = async () => (await kernel.recordOf('ann')).preferred;
    expect(saidOf(await set({ preferred: 'riddle' }))).to.equal('accepted');
    expect(await preferred()).to.equal('riddle');
    for (const kind of ['spare-words', 'song', 'pigeon'])
      expect(await set({ preferred: kind }), kind).to.deep.equal({
        accepted: false,
        reason: 'request.invalid',
        details: { field: 'preferred' },
      });
    expect(await preferred()).to.equal('riddle');
    expect(saidOf(await set({ preferred: '' }))).to.equal('accepted');
    expect(await kernel.recordOf('ann')).not.to.have.property('preferred');
    expect(told()).to.deep.equal([
      ['preferred-changed', undefined, { preferred: 'riddle' }],
      ['preferred-changed', undefined, { preferred: '' }],
    ]);
  });

  it('that is not named stays as it is, and is not told', async () => {
    const { kernel, set, told, noticed } = await house();
    await tamper(kernel, () => ({
      signInStepOff: true,
      preferred: 'riddle',
      skipped: { 'suggest-another': 1 },
      attempts: { '/unknown': { failures: 50, failedAt: 1, closedAt: 1 } },
    }));
    const before = await kernel.recordOf('ann');
    await set({});
    await set({ resetPrompts: false, openLane: false });
    expect(await kernel.recordOf('ann')).to.deep.equal(before);
    expect(told()).to.deep.equal([]);
    await set({ resetPrompts: true });
    expect(await kernel.recordOf('ann')).to.deep.equal({ ...before, skipped: {} });
    await set({ openLane: true });
    expect(await kernel.recordOf('ann')).to.deep.equal({ ...before, skipped: {}, attempts: {} });
    expect(told().map(([name]) => name)).to.deep.equal(['prompt-reset', 'unlocked']);
    expect(noticed()).to.deep.equal([]);
  });

  it('of the sign-in step is theirs unless the policy is mandatory', async () => {
    for (const policy of ['prompt-at-sign-in-and-sign-up', 'mandatory'] as const) {
      const { kernel, person, set } = await house({ policy });
      const isTheirs = policy !== 'mandatory';
      expect(ownsSignInStep(kernel, person.asker.user)).to.equal(isTheirs);
      expect(saidOf(await set({ signInStep: 'on' }))).to.equal('accepted');
      expect(saidOf(await set({ signInStep: 'off' }))).to.equal(
        isTheirs ? 'accepted' : 'session.mfa.mfa_policy_not_user_controlled',
      );
    }
  });
});
