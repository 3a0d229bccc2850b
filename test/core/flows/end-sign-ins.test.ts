// Sign-ins that end: what was proved in them counts no more, what they leave behind stays or goes as the rule says, and the host is
// asked to end its own sessions.
import { expect } from 'chai';
import { endHostSessions, endOtherSignIns, endSignIns, rememberEnd } from '../../../src/core/flows/end-sign-ins.js';
import { endedByFlow, endedByName, hasEnded } from '../../../src/core/rules/ended-sign-ins.js';
import { signInName } from '../../../src/core/kernel/sign-in.js';
import type { TrustedBrowser } from '../../../src/core/kernel/record.js';
import { watchedStore, type WatchedStore } from '../../support/core-kernel.js';
import { personOf, protectedPerson, saidOf } from '../../support/core-person.js';
import { tamper } from '../../support/core-record.js';
import { rejectionOf } from '../../support/thrown.js';

const browser = (id: string): TrustedBrowser => ({
  id,
  hash: 'h',
  previous: [],
  createdAt: 1,
  expiresAt: 2_000_000_000,
});
const revoked = (id: string, actor: object = {}) => ({
  name: 'browser-trust-revoked',
  ...actor,
  detail: { browser: id },
});

async function house() {
  let watched!: WatchedStore;
  const made = await protectedPerson({ store: (memory) => (watched = watchedStore(memory)) });
  await tamper(made.kernel, () => ({ trusted: [browser('b1'), browser('b2')], signInStepOff: true }));
  const { saves } = watched;
  const told = () =>
    made.kernel.events.map(({ ip: _ip, userAgent: _agent, requestId: _id, userId: _user, ...rest }) => rest);
  return { ...made, told, saved: () => watched.saves - saves };
}

describe('the host’s own sessions', () => {
  it('are the host’s to end, as it is told which', async () => {
    const asked: unknown[] = [];
    await endHostSessions((...which) => void asked.push(which), 'ann', { exceptSessionId: 's' });
    await endHostSessions(undefined, 'ann', {});
    expect(asked).to.deep.equal([['ann', { exceptSessionId: 's' }]]);
  });

  it('that the host cannot end are told of as such, with what it threw', async () => {
    for (const fails of [() => Promise.reject(new Error('down')), () => expect.fail('down')]) {
      const error = await rejectionOf(endHostSessions(fails, 'ann', {}));
      expect(error).to.include({ code: 'store.unavailable' });
      expect(error.message).to.equal('`endSessions` failed: sessions of the app itself may go on.');
      expect((error.cause as Error).message).to.equal('down');
    }
  });
});

describe('a sign-in that somebody leaves', () => {
  it('is remembered by its flow, or by the name that the host gave it, and told to nobody', async () => {
    const { kernel, person, told } = await house();
    const { signIn } = person.asker;
    const at = kernel.now();
    await rememberEnd(kernel, signIn, 'sign-in');
    const named = { ...signIn, signInId: signInName(kernel, 'of the host') };
    await rememberEnd(kernel, named, 'sign-in');
    const byFlow = { id: endedByFlow(kernel, signIn.flowId), at };
    const { ended, ...record } = await kernel.recordOf('ann');
    expect(ended).to.deep.equal([byFlow, { id: endedByName(named.signInId), at }]);
    expect(record).to.include({ signInStepOff: true }).and.to.have.property('trusted').of.length(2);
    expect(told()).to.deep.equal([]);
  });

  it('is remembered by its flow where another one follows under the same name', async () => {
    const { kernel, person } = await house();
    const named = { ...person.asker.signIn, signInId: signInName(kernel, 'of the host') };
    await rememberEnd(kernel, named, 'flow');
    const record = await kernel.recordOf('ann');
    expect(record.ended?.map(({ id }) => id)).to.deep.equal([endedByFlow(kernel, named.flowId)]);
    expect(hasEnded(kernel, named, record)).to.equal(true);
    expect(hasEnded(kernel, { ...named, flowId: 'another' }, record)).to.equal(false);
  });

  it('is not written down where nothing was proved in it, or nobody is protected', async () => {
    const { kernel, person, saved } = await house();
    await rememberEnd(kernel, undefined, 'sign-in');
    await rememberEnd(kernel, { ...person.asker.signIn, proofs: [] }, 'sign-in');
    await tamper(kernel, () => ({ protected: false }));
    const before = saved();
    await rememberEnd(kernel, person.asker.signIn, 'sign-in');
    expect(saved()).to.equal(before);
    expect(await kernel.recordOf('ann')).not.to.have.property('ended');
  });

  it('is written down of somebody whom an identity provider vouches for', async () => {
    const { kernel, person } = await house();
    await tamper(kernel, () => ({ protected: false, upstream: [] }));
    const vouched = { issuer: 'https://idp.example', subject: 's', at: 1, amr: [], epoch: 'e' };
    await rememberEnd(kernel, { ...person.asker.signIn, proofs: [], vouched }, 'sign-in');
    expect((await kernel.recordOf('ann')).ended).to.have.length(1);
  });
});

describe('all other sign-ins of a person', () => {
  const others = { name: 'sign-ins-ended', detail: { which: 'others' } };

  it('end by a new epoch, which theirs carries on; trusted browsers go, known ones and the switch stay', async () => {
    const { kernel, person, told } = await house();
    const before = await kernel.recordOf('ann');
    const outcome = await endOtherSignIns(kernel, person.asker);
    const record = await kernel.recordOf('ann');
    expect(record.epoch).not.to.equal(before.epoch);
    expect(outcome).to.deep.include({ accepted: true, epoch: record.epoch });
    expect(record).to.deep.equal({ ...before, epoch: record.epoch, trusted: [] });
    expect(before.known).to.have.length(1);
    expect(told()).to.deep.equal([others, revoked('b1'), revoked('b2')]);
    expect(kernel.notices).to.deep.equal([]);
  });

  it('are ended by nobody who is pending, and nothing is told of it', async () => {
    const { kernel, person, told } = await house();
    await tamper(kernel, () => ({ signInStepOff: undefined as never }));
    const before = await kernel.recordOf('ann');
    const outcome = await endOtherSignIns(kernel, person.signInAgain().asker);
    expect(saidOf(outcome)).to.equal('session.mfa.require_mfa_verification');
    expect(await kernel.recordOf('ann')).to.deep.equal(before);
    expect(told()).to.deep.equal([]);
  });

  it('end without a factor for somebody whom an identity provider vouches for, and nothing else changes', async () => {
    const { kernel, person, told } = await house();
    await tamper(kernel, () => ({ protected: false, upstream: [], trusted: [] }));
    const before = await kernel.recordOf('ann');
    const { asker } = person.signInAgain();
    asker.user.signedInAt = kernel.now() - 601;
    const outcome = await endOtherSignIns(kernel, asker);
    const { epoch, ...rest } = await kernel.recordOf('ann');
    expect(epoch).not.to.equal(before.epoch);
    expect(outcome).to.deep.include({ accepted: true, epoch });
    expect({ ...rest, epoch: before.epoch }).to.deep.equal(before);
    expect(told()).to.deep.equal([others]);
  });

  it('of somebody in whose sign-ins nothing counts are the host’s alone: told, and nothing written', async () => {
    const { kernel, person, told, saved } = await house();
    await tamper(kernel, () => ({ protected: false, trusted: [] }));
    const [before, { epoch }] = [saved(), await kernel.recordOf('ann')];
    expect(await endOtherSignIns(kernel, person.asker)).to.deep.include({ accepted: true, epoch });
    expect(saved()).to.equal(before);
    expect(told()).to.deep.equal([others]);
  });
});

describe('sign-ins that the host ends', () => {
  it('are all of a person: new epoch, no trusted and no known browser, the step back on', async () => {
    const { kernel, told } = await house();
    const before = await kernel.recordOf('ann');
    await endSignIns(kernel, 'ann', {});
    const { signInStepOff: _off, ...rest } = before;
    const record = await kernel.recordOf('ann');
    expect(record.epoch).not.to.equal(before.epoch);
    expect(record).to.deep.equal({ ...rest, epoch: record.epoch, trusted: [], known: [] });
    const actor = { actor: 'admin' };
    const first = { name: 'sign-ins-ended', ...actor, detail: { which: 'all' } };
    expect(told()).to.deep.equal([first, revoked('b1', actor), revoked('b2', actor)]);
    expect(kernel.notices).to.deep.equal([]);
  });

  it('are told to their owner where an administrator is named, with the reason in the event', async () => {
    const { kernel, told } = await house();
    await endSignIns(kernel, 'ann', { by: 'grace', reason: 'lost laptop' });
    const detail = { which: 'all', reason: 'lost laptop' };
    expect(told()[0]).to.deep.equal({ name: 'sign-ins-ended', actor: 'admin', by: 'grace', detail });
    expect(kernel.notices).to.have.length(1);
    expect(kernel.notices[0]).to.include({ what: 'sign-ins-ended', at: kernel.now(), userId: 'ann' });
  });

  it('are the one that is named, and nothing else of theirs', async () => {
    const { kernel, told } = await house();
    const before = await kernel.recordOf('ann');
    await endSignIns(kernel, 'ann', { signInId: 'of the host', by: 'grace', reason: 'lost' });
    const ended = [{ id: endedByName(signInName(kernel, 'of the host')), at: kernel.now() }];
    expect(await kernel.recordOf('ann')).to.deep.equal({ ...before, ended });
    const detail = { which: 'one', reason: 'lost' };
    expect(told()).to.deep.equal([{ name: 'sign-ins-ended', actor: 'admin', by: 'grace', detail }]);
    expect(kernel.notices).to.deep.equal([]);
  });

  it('are told of and not written down where nothing counts in them', async () => {
    const { kernel, told, saved } = await house();
    await tamper(kernel, () => ({ protected: false, trusted: [] }));
    const before = saved();
    await endSignIns(kernel, 'ann', { signInId: 'of the host' });
    await endSignIns(kernel, 'ann', { by: 'grace' });
    await endSignIns(kernel, 'nobody', {});
    expect(saved()).to.equal(before);
    expect(told().map(({ detail }) => detail)).to.deep.equal([{ which: 'one' }, { which: 'all' }, { which: 'all' }]);
    expect(kernel.notices).to.deep.equal([]);
    expect((await kernel.recordOf('nobody')).epoch).to.equal('');
  });

  it('ask for a factor again from then on, whoever had turned that off', async () => {
    const { kernel } = await house();
    expect(await personOf(kernel).step()).to.equal('nothing');
    await endSignIns(kernel, 'ann', {});
    expect(await personOf(kernel).step()).to.equal('verify');
  });
});
