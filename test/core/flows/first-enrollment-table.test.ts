// What confirms a first enrolment: how it is asked for, each refusal before and while it is judged, and what is told and written.
import { expect } from 'chai';
import {
  beginConfirmation,
  confirmFirstEnrollment,
  openConfirmation,
} from '../../../src/core/flows/first-enrollment.js';
import { grantEnrollment } from '../../../src/core/flows/enrollment-grant.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import type { MfaUser } from '../../../src/core/kernel/mfa-user.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import type { Settings } from '../../../src/core/kernel/settings.js';
import type { Json } from '../../../src/core/words/json.js';
import { letters } from '../../support/core-address-factor.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { namesOf, testKernel } from '../../support/core-kernel.js';
import { forget, personOf, saidOf } from '../../support/core-person.js';
import { fullLog } from '../../support/core-recovering.js';
import { tamper } from '../../support/core-record.js';
import { riskTable } from '../../support/rule-person.js';
import { codeOf } from '../../support/thrown.js';

const off = 'session.mfa.mfa_factor_not_enabled';
const none = 'session.mfa.pending_info_not_found';
const locked = 'session.verification_blocked_too_many_attempts';
const verified: Partial<MfaUser> = { email: 'ann@example.com', emailVerified: true };

type Options = { user?: Partial<MfaUser>; enrollment?: Partial<Factor['enrollment']>; more?: Partial<Factor> };

async function house(
  confirmFirstEnrollment: Settings['confirmFirstEnrollment'] = 'when-possible',
  { user = verified, enrollment, more }: Options = {},
) {
  const { factor, sent } = letters();
  const hooks = { whileWeighing: async (): Promise<unknown> => undefined };
  const weigh: Factor['enrollment']['weigh'] = async (...given) => {
    await hooks.whileWeighing();
    return factor.enrollment.weigh(...given);
  };
  const post: Factor = { ...factor, ...more, enrollment: { ...factor.enrollment, weigh, ...enrollment } };
  const kernel = testKernel({
    factors: [riddle(), post, spareWords()],
    settings: { confirmFirstEnrollment, riskActions: riskTable },
  });
  await kernel.store.save('ann', emptyRecord('e'), undefined);
  const { asker } = personOf(kernel, 'ann', user);
  const answer = (body: Json) => confirm(kernel, asker, body);
  const send = async () => {
    expect(saidOf(await beginConfirmation(kernel, asker))).to.equal('accepted');
    forget(kernel);
    return { word: sent.at(-1)!.word, use: 1 };
  };
  const told = () =>
    kernel.events.map(({ ip: _ip, userAgent: _agent, requestId: _id, userId: _user, ...rest }) => rest);
  const record = () => kernel.recordOf('ann');
  return { kernel, asker, answer, send, sent, told, record, hooks };
}

const confirm = confirmFirstEnrollment;
const refusedBy = (reason: string) => ({ name: 'enrollment-refused', outcome: 'refused', reason });

describe('how a first enrolment is confirmed', () => {
  it('is said before and after a code was sent: by which kind, to where, and what was shown', async () => {
    const { kernel, asker, send, record } = await house('when-possible', { more: { maskOf: () => 'a…@example.com' } });
    const via = { via: 'letters', masked: 'a…@example.com' };
    expect(await openConfirmation(kernel, asker, await record())).to.deep.equal(via);
    await send();
    expect(await openConfirmation(kernel, asker, await record())).to.deep.equal({ ...via, shown: {} });
  });

  it('is said without what nobody knows: no mask, a granted code, nothing at all', async () => {
    const plain = await house();
    expect(await openConfirmation(plain.kernel, plain.asker, await plain.record())).to.deep.equal({ via: 'letters' });
    const granted = await house('required', { user: {} });
    const said = await openConfirmation(granted.kernel, granted.asker, await granted.record());
    expect(said).to.deep.equal({ via: 'granted' });
    const open = await house('open');
    expect(await openConfirmation(open.kernel, open.asker, await open.record())).to.equal(undefined);
  });

  it('is by no code where nothing is to be confirmed, or a granted one alone will do', async () => {
    for (const [confirms, user] of [
      ['open', verified],
      ['required', {}],
    ] as const) {
      const { kernel, asker, sent } = await house(confirms, { user });
      expect(saidOf(await beginConfirmation(kernel, asker))).to.equal(off);
      expect(sent).to.deep.equal([]);
    }
    const { answer, told } = await house('open');
    expect(saidOf(await answer({ word: 'x', use: 1 }))).to.equal(none);
    expect(told()).to.deep.equal([refusedBy(none)]);
  });

  it('is by a code with the address and the purpose, of no authenticator, in the lane of the browser', async () => {
    const asks: unknown[] = [];
    const begin: Factor['enrollment']['begin'] = async ({ knownBrowser }, own, input) => {
      asks.push([knownBrowser, own, input]);
      return { secret: {}, shown: { to: 'a…' } };
    };
    const { kernel, asker } = await house('when-possible', { enrollment: { begin } });
    expect(await beginConfirmation(kernel, asker)).to.deep.equal({ accepted: true, shown: { to: 'a…' } });
    expect(asks).to.deep.equal([[undefined, [], { address: 'ann@example.com', purpose: 'confirm' }]]);
  });
});

describe('a code that confirms a first enrolment', () => {
  it('gives a time and no proof, clears its own count alone, and is told as what it is', async () => {
    const { kernel, answer, send, told, record } = await house();
    const right = await send();
    await answer({ word: 'wrong', use: 1 });
    const other = { failures: 1, failedAt: 1 };
    await tamper(kernel, ({ attempts }) => ({ attempts: { ...attempts, 'enroll:riddle/unknown': other } }));
    forget(kernel);
    expect(await answer(right)).to.deep.equal({ accepted: true, at: kernel.now() });
    const detail = { firstEnrollment: true };
    expect(told()).to.deep.equal([{ name: 'verification-accepted', outcome: 'accepted', detail, kind: 'letters' }]);
    expect((await record()).attempts).to.deep.equal({ 'enroll:riddle/unknown': other });
    expect(saidOf(await answer(right))).to.equal('verification_code.not_found');
  });

  it('waits after five wrong ones, for another code as well, and to the second', async () => {
    const { kernel, asker, answer, send, told } = await house();
    const right = await send();
    for (const remainingAttempts of [4, 3, 2, 1])
      expect(await answer({ word: 'wrong', use: 1 })).to.deep.include({ details: { remainingAttempts } });
    forget(kernel);
    const fifth = { details: { remainingAttempts: 0, retryAfterSeconds: 30 } };
    expect(await answer({ word: 'wrong', use: 1 })).to.deep.include(fifth);
    const wait = { name: 'locked', kind: 'confirm', detail: { waitSeconds: 30 } };
    expect(told()).to.deep.equal([refusedBy('session.mfa.invalid_totp_code'), wait]);
    kernel.clock.now += 29;
    const waiting = { reason: locked, details: { retryAfterSeconds: 1, remainingAttempts: 0 } };
    expect(await answer(right)).to.deep.include(waiting);
    expect(await beginConfirmation(kernel, asker)).to.deep.include(waiting);
    kernel.clock.now += 1;
    expect(saidOf(await answer(right))).to.equal('accepted');
  });

  const shut: [why: string, reason: string, change: (record: MfaRecord) => Partial<MfaRecord>][] = [
    ['suspended', 'session.mfa.suspended', () => ({ suspended: { scim: 1 } })],
    ['protected', none, () => ({ protected: true })],
    ['changed', 'verification_code.not_found', () => ({ epoch: 'another' })],
  ];
  for (const [why, reason, change] of shut)
    it(`is refused where the account is ${why}, before it is weighed or while it is`, async () => {
      const before = await house();
      const right = await before.send();
      await tamper(before.kernel, change);
      expect(saidOf(await before.answer(right))).to.equal(reason);
      expect(before.told()).to.deep.equal([refusedBy(reason)]);
      const { kernel, answer, send, told, hooks, record } = await house();
      const late = await send();
      hooks.whileWeighing = () => tamper(kernel, (kept) => ({ ...change(kept), attempts: {} }));
      await tamper(kernel, () => ({ attempts: { 'enroll:confirm/unknown': { failures: 1, failedAt: 1 } } }));
      expect(saidOf(await answer(late))).to.equal(reason);
      expect(told()).to.deep.equal([refusedBy(reason)]);
      expect((await record()).attempts).to.deep.equal({});
    });

  it('is neither sent nor looked at where it looks too risky, or the sign-in is too long ago', async () => {
    for (const [reason, user, level] of [
      ['session.mfa.blocked', verified, 'high'],
      ['session.mfa.first_enrollment_unconfirmed', { ...verified, signedInAt: 1_800_000_000 - 601 }, 'low'],
    ] as const) {
      const { kernel, asker, answer, told, sent } = await house('when-possible', { user });
      asker.signIn.risk = { level, score: 1, signals: [], seenFrom: 'x', since: kernel.now() };
      expect(saidOf(await beginConfirmation(kernel, asker))).to.equal(reason);
      expect(sent).to.deep.equal([]);
      expect(saidOf(await answer({ word: 'x', use: 1 }))).to.equal(reason);
      expect(told()).to.deep.equal([refusedBy(reason)]);
    }
  });

  it('that was compared with nothing is told and costs nothing', async () => {
    const details = { hint: 'lapsed' };
    const reason = 'verification_code.exceed_max_try';
    for (const [verdict, said] of [
      [{ is: 'stale' }, { reason: 'store.conflict', details: { retryAfterSeconds: 1 } }],
      [
        { is: 'wrong', reason, details, attempt: false },
        { reason, details },
      ],
    ] as const) {
      const { answer, send, told, record } = await house('when-possible', { enrollment: { judge: () => verdict } });
      const right = await send();
      const before = await record();
      expect(await answer(right)).to.deep.equal({ accepted: false, ...said });
      expect(told()).to.deep.equal([refusedBy(said.reason)]);
      expect(await record()).to.deep.equal(before);
    }
  });

  it('that is malformed says in which field', async () => {
    const { answer, told } = await house();
    expect(await answer({})).to.deep.include({ reason: 'request.invalid', details: { field: 'word' } });
    expect(told()).to.deep.equal([refusedBy('request.invalid')]);
  });
});

describe('a granted code', () => {
  it('is told without a kind, and says in which field and form it is malformed', async () => {
    const { kernel, answer, told } = await house('required', { user: {} });
    const details = { field: 'code', hint: 'backup.format' };
    expect(await answer({ code: 'x' })).to.deep.include({ reason: 'request.invalid', details });
    const code = await grantEnrollment(kernel, 'ann');
    forget(kernel);
    expect(await answer({ code })).to.deep.equal({ accepted: true, at: kernel.now() });
    const detail = { firstEnrollment: true };
    expect(told()).to.deep.equal([{ name: 'verification-accepted', outcome: 'accepted', detail }]);
  });

  it('is nobody’s where the log cannot be told of it: nothing is told as refused as well', async () => {
    const { kernel, asker } = await house('required', { user: {} });
    const code = await grantEnrollment(kernel, 'ann');
    forget(kernel);
    expect(await codeOf(confirm({ ...kernel, logbook: fullLog }, asker, { code }))).to.equal('audit.unavailable');
    expect(namesOf(kernel)).to.deep.equal(['verification-accepted']);
  });

  it('is refused to somebody who was enrolled by another session meanwhile', async () => {
    const { kernel, answer, told } = await house('required', { user: {} });
    const code = await grantEnrollment(kernel, 'ann');
    await tamper(kernel, () => ({ protected: true }));
    forget(kernel);
    expect(saidOf(await answer({ code }))).to.equal(none);
    expect(told()).to.deep.equal([refusedBy(none)]);
  });
});
