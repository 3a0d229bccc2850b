// The password that confirms a spent backup code, in a sign-in that began without one: a try is charged before the host is asked,
// and the host is asked no more than there are tries.
import { expect } from 'chai';
import { beginRecoveryCode, confirmRecovery } from '../../../src/core/flows/confirm-recovery.js';
import { MfaError } from '../../../src/core/words/errors.js';
import type { Json } from '../../../src/core/words/json.js';
import { forget, saidOf } from '../../support/core-person.js';
import { tamper } from '../../support/core-record.js';
import { recovering, type Recovering, type RecoveringOptions } from '../../support/core-recovering.js';
import { codeOf } from '../../support/thrown.js';
import { tally } from '../../support/tally.js';

const mismatch = 'session.mfa.password_mismatch';
const locked = 'session.verification_blocked_too_many_attempts';
const gone = 'session.mfa.pending_info_not_found';

async function asked(options: RecoveringOptions = {}) {
  const made = await recovering(options);
  const { kernel, asker } = made;
  const host = { asked: [] as string[], while: async (): Promise<void> => undefined };
  const answer = (body: Json) =>
    confirmRecovery(kernel, asker, 'password', body, async (text) => {
      host.asked.push(text);
      await host.while();
      return text === 'right';
    });
  const told = () => kernel.events.map(({ name, kind, reason }) => [name, kind, reason]);
  const counts = async () => {
    const { attempts } = await kernel.recordOf('ann');
    return Object.fromEntries(Object.entries(attempts).map(([scope, { failures }]) => [scope, failures]));
  };
  return { ...made, host, answer, told, counts };
}

describe('the password that confirms a spent backup code', () => {
  it('makes it count, is charged before the host is asked, and given back', async () => {
    const { kernel, host, answer, counts, staged } = await asked();
    let charged: unknown;
    host.while = async () => void (charged = await counts());
    const outcome = await answer({ password: 'right' });
    if (!outcome.accepted) return expect.fail(outcome.reason);
    expect(charged).to.deep.equal({ 'password/unknown': 1, '/unknown': 1 });
    expect(host.asked).to.deep.equal(['right']);
    const { kind, authenticatorId } = staged;
    expect(outcome.proof).to.deep.equal({ kind, authenticatorId, at: kernel.now(), userVerified: false });
    const record = await kernel.recordOf('ann');
    expect(record.attempts).to.deep.equal({});
    expect(record).not.to.have.any.keys('recovery', 'hold');
    expect(record.known.at(-1)?.id).to.equal(outcome.knownBrowser?.split('.')[0]);
    expect(kernel.events.map(({ name, detail }) => [name, detail])).to.deep.equal([
      ['verification-accepted', undefined],
      ['recovery-confirmed', { by: 'password' }],
    ]);
  });

  it('is wrong four times, and then waits 30 s without a question to the host', async () => {
    const { kernel, host, answer, told, counts } = await asked();
    for (const remainingAttempts of [4, 3, 2, 1])
      expect(await answer({ password: 'wrong' })).to.deep.equal({
        accepted: false,
        reason: mismatch,
        details: { field: 'password', remainingAttempts },
      });
    forget(kernel);
    const fifth = await answer({ password: 'wrong' });
    expect(fifth).to.deep.include({ details: { field: 'password', remainingAttempts: 0, retryAfterSeconds: 30 } });
    expect(told()).to.deep.equal([
      ['verification-refused', 'password', mismatch],
      ['locked', 'password', undefined],
    ]);
    expect(kernel.events[0]).to.include({ outcome: 'refused' });
    expect(await counts()).to.deep.equal({ 'password/unknown': 5, '/unknown': 5 });
    kernel.clock.now += 29;
    forget(kernel);
    const waiting = { reason: locked, details: { retryAfterSeconds: 1, remainingAttempts: 0 } };
    expect(await answer({ password: 'right' })).to.deep.include(waiting);
    expect(told()).to.deep.equal([['verification-refused', 'password', locked]]);
    expect(host.asked).to.have.length(5);
    kernel.clock.now += 1;
    expect(saidOf(await answer({ password: 'right' }))).to.equal('accepted');
  });

  it('is not waited for where the lane is closed: nobody says how long', async () => {
    const { kernel, host, answer } = await asked();
    await tamper(kernel, () => ({ attempts: { '/unknown': { failures: 50, failedAt: 1, closedAt: 1 } } }));
    const closed = { reason: locked, details: { retryAfterSeconds: null, remainingAttempts: 0 } };
    expect(await answer({ password: 'right' })).to.deep.include(closed);
    expect(host.asked).to.deep.equal([]);
  });

  it('tells its owner of twenty wrong ones in a row, with the record as the charge left it', async () => {
    const { kernel, answer, counts } = await asked();
    await tamper(kernel, () => ({ attempts: { '/unknown': { failures: 19, failedAt: 1 } } }));
    await answer({ password: 'wrong' });
    expect(kernel.notices).to.have.length(1);
    expect(kernel.notices[0]).to.include({ what: 'failures', left: 20, userId: 'ann' });
    expect(kernel.notices[0]?.before?.attempts['/unknown']?.failures).to.equal(20);
    expect(await counts()).to.deep.equal({ 'password/unknown': 1, '/unknown': 20 });
  });

  it('is counted in the lane of the browser that asks', async () => {
    const { owner, asker, answer, counts } = await asked();
    asker.knownBrowser = owner.asker.knownBrowser!;
    const lane = `known:${asker.knownBrowser.split('.')[0]}`;
    expect(await answer({ password: 'wrong' })).to.deep.include({
      details: { field: 'password', remainingAttempts: 4 },
    });
    expect(await counts()).to.deep.equal({ [`password/${lane}`]: 1, [`/${lane}`]: 1 });
    const right = await answer({ password: 'right' });
    expect(right).to.include({ accepted: true }).and.not.have.property('knownBrowser');
    expect(await counts()).to.deep.equal({});
  });

  const texts: [what: string, body: Json, said: string][] = [
    ['no body', null, 'request.invalid'],
    ['no field', {}, 'request.invalid'],
    ['a number', { password: 7 }, 'request.invalid'],
    ['an empty one', { password: '' }, 'request.invalid'],
    ['4097 characters', { password: 'x'.repeat(4097) }, 'request.invalid'],
    ['4096 characters', { password: 'x'.repeat(4096) }, mismatch],
  ];
  for (const [what, body, said] of texts)
    it(`that is ${what} is answered with ${said}`, async () => {
      const { host, answer, told, counts } = await asked();
      const outcome = await answer(body);
      const isMalformed = said !== mismatch;
      expect(outcome).to.deep.include({ accepted: false, reason: said });
      if (isMalformed) expect(outcome).to.deep.include({ details: { field: 'password' } });
      expect(told()).to.deep.equal([['verification-refused', 'password', said]]);
      expect(host.asked).to.have.length(isMalformed ? 0 : 1);
      expect(await counts()).to.deep.equal(isMalformed ? {} : { 'password/unknown': 1, '/unknown': 1 });
    });

  const noWays: [why: string, options: RecoveringOptions][] = [
    ['this sign-in began with it', { user: { signedInBy: 'password' } }],
    ['a hold would follow', { level: 'high' }],
  ];
  for (const [why, options] of noWays)
    it(`is no way where ${why}`, async () => {
      const { host, answer, told } = await asked(options);
      expect(saidOf(await answer({ password: 'right' }))).to.equal('session.mfa.mfa_factor_not_enabled');
      expect(told()).to.deep.equal([['verification-refused', 'password', 'session.mfa.mfa_factor_not_enabled']]);
      expect(host.asked).to.deep.equal([]);
    });

  it('is never sent, and is asked for in no place of a factor', async () => {
    const { kernel, asker, sent } = await asked();
    const body = { password: 'right' };
    const byFactor = await confirmRecovery(kernel, asker, 'riddle', body, () => expect.fail('the host is asked'));
    expect(saidOf(byFactor)).to.equal('session.mfa.mfa_factor_not_enabled');
    expect(saidOf(await beginRecoveryCode(kernel, asker, 'password'))).to.equal('session.mfa.mfa_factor_not_enabled');
    expect(sent).to.deep.equal([]);
  });

  const rivals: [what: string, reason: string, rival: (made: Recovering) => Promise<unknown>][] = [
    ['confirmed it', gone, ({ owing }) => owing('nothing')],
    ['made it wait for an administrator', gone, ({ owing }) => owing({ owes: 'approval' })],
    ['suspended them', 'session.mfa.suspended', ({ kernel }) => tamper(kernel, () => ({ suspended: { admin: 1 } }))],
  ];
  for (const [what, reason, rival] of rivals)
    it(`opens nothing where somebody ${what} while the host was asked`, async () => {
      const made = await asked();
      made.host.while = () => rival(made) as Promise<void>;
      forget(made.kernel);
      expect(saidOf(await made.answer({ password: 'right' }))).to.equal(reason);
      const outcomes = made.told().filter(([name]) => String(name).startsWith('verification-'));
      expect(outcomes).to.deep.equal([['verification-refused', 'password', reason]]);
      expect(await made.counts()).to.deep.equal({ 'password/unknown': 1, '/unknown': 1 });
    });

  it('is charged to nobody where a rival confirmed the code before', async () => {
    const made = await asked();
    const { kernel, host, watched, answer, told, counts } = made;
    watched.beforeSave = async () => {
      watched.beforeSave = () => undefined;
      await made.owing('nothing');
    };
    forget(kernel);
    expect(saidOf(await answer({ password: 'right' }))).to.equal(gone);
    expect(told()).to.deep.equal([['verification-refused', 'password', gone]]);
    expect(host.asked).to.deep.equal([]);
    expect(await counts()).to.deep.equal({});
  });

  it('opens nothing where the host cannot say: told once, and the try is gone', async () => {
    const { kernel, host, answer, told, counts } = await asked();
    for (const [thrown, reason] of [
      [new MfaError('server.busy', 'busy'), 'server.busy'],
      [new Error('The directory does not answer.'), 'store.unavailable'],
    ] as const) {
      host.while = () => Promise.reject(thrown);
      forget(kernel);
      expect(await codeOf(answer({ password: 'right' }))).not.to.equal('nothing thrown');
      expect(told()).to.deep.equal([['verification-refused', 'password', reason]]);
    }
    expect(await counts()).to.deep.equal({ 'password/unknown': 2, '/unknown': 2 });
  });

  it('of 20 wrong ones at once is asked of the host five times', async () => {
    const { kernel, host, answer } = await asked();
    const all = await Promise.all(Array.from({ length: 20 }, () => answer({ password: 'wrong' })));
    expect(tally(all.map(saidOf))).to.deep.equal({ [mismatch]: 5, [locked]: 15 });
    expect(host.asked).to.have.length(5);
    expect(kernel.outcomes()).to.have.length(20);
  });
});
