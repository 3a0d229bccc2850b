// The code that confirms a spent backup code: sent to an address that was the person's before, compared once, counted where it is
// wrong, and told by one outcome event however it ends.
import { expect } from 'chai';
import { beginRecoveryCode, confirmRecovery, openRecoveryCode } from '../../../src/core/flows/confirm-recovery.js';
import type { Json } from '../../../src/core/words/json.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { namesOf } from '../../support/core-kernel.js';
import { forget, saidOf } from '../../support/core-person.js';
import { idOf, tamper } from '../../support/core-record.js';
import { fullLog, recovering, type Recovering, type RecoveringOptions } from '../../support/core-recovering.js';
import { highRisk } from '../../support/rule-person.js';
import { codeOf } from '../../support/thrown.js';

const wrong = 'session.mfa.invalid_totp_code';
const locked = 'session.verification_blocked_too_many_attempts';

async function asked(options: RecoveringOptions = {}) {
  const made = await recovering(options);
  const { kernel, asker, sent } = made;
  const answer = (body: Json, kind = 'letters') => confirmRecovery(kernel, asker, kind, body);
  const send = async () => {
    const begun = await beginRecoveryCode(kernel, asker, 'letters');
    if (!begun.accepted) throw new Error(`not sent: ${begun.reason}`);
    return { word: sent.at(-1)!.word, use: 1 };
  };
  const told = () => kernel.events.map(({ name, kind, reason, outcome }) => [name, kind, reason, outcome]);
  return { ...made, answer, send, told };
}

describe('the code that confirms a spent backup code', () => {
  it('goes to the known address, in one message, and nothing is written', async () => {
    const { kernel, asker, sent, staged } = await asked();
    const before = await kernel.recordOf('ann');
    expect(await openRecoveryCode(kernel, asker, 'letters')).to.equal(undefined);
    expect(await beginRecoveryCode(kernel, asker, 'letters')).to.deep.equal({ accepted: true, shown: {} });
    expect(sent.map(({ to }) => to)).to.deep.equal(['ann@example.com']);
    expect(kernel.events).to.have.length(1);
    expect(kernel.events[0]).to.include({ name: 'code-sent', kind: 'letters', userId: 'ann' });
    expect(await kernel.recordOf('ann')).to.deep.equal(before);
    expect(await openRecoveryCode(kernel, asker, 'letters')).to.deep.equal({});
    expect(staged.owes).to.equal('proof');
  });

  it('is asked of its factor for this purpose, with the address, by the known browser where it is one', async () => {
    const asks: unknown[] = [];
    const begin = async ({ knownBrowser }: { knownBrowser?: string }, own: readonly unknown[], input: unknown) => {
      asks.push({ knownBrowser, own, input });
      return { secret: {}, shown: { to: 'a…' } };
    };
    const { kernel, asker, owner } = await asked({ enrollment: { begin } });
    expect(await beginRecoveryCode(kernel, asker, 'letters')).to.deep.equal({ accepted: true, shown: { to: 'a…' } });
    await beginRecoveryCode(kernel, { ...asker, knownBrowser: owner.asker.knownBrowser! }, 'letters');
    const input = { address: 'ann@example.com', purpose: 'confirm' };
    expect(asks).to.deep.equal([
      { knownBrowser: undefined, own: [], input },
      { knownBrowser: owner.asker.knownBrowser!.split('.')[0], own: [], input },
    ]);
  });

  it('makes the backup code count: a proof, a known browser, nothing owed, no count left', async () => {
    const { kernel, asker, answer, send, staged } = await asked();
    const right = await send();
    await answer({ word: 'wrong', use: 1 });
    const { epoch, known } = await kernel.recordOf('ann');
    forget(kernel);
    const outcome = await answer(right);
    if (!outcome.accepted) return expect.fail(outcome.reason);
    const { kind, authenticatorId } = staged;
    expect(outcome.proof).to.deep.equal({ kind, authenticatorId, at: kernel.now(), userVerified: false });
    expect(outcome.epoch).to.equal(epoch);
    const record = await kernel.recordOf('ann');
    expect(record).to.include({ epoch }).and.not.have.any.keys('recovery', 'hold');
    expect(record.attempts).to.deep.equal({});
    expect(record.known.slice(0, -1)).to.deep.equal(known);
    expect(record.known.at(-1)).to.include({ id: outcome.knownBrowser!.split('.')[0], createdAt: kernel.now() });
    expect(kernel.events.map(({ ip: _ip, userAgent: _agent, requestId: _id, ...rest }) => rest)).to.deep.equal([
      { name: 'verification-accepted', kind, authenticatorId, outcome: 'accepted', userId: 'ann' },
      { name: 'recovery-confirmed', kind, authenticatorId, detail: { by: 'letters' }, userId: 'ann' },
    ]);
    expect(await openRecoveryCode(kernel, asker, 'letters')).to.equal(undefined);
    expect(saidOf(await answer(right))).to.equal('session.mfa.pending_info_not_found');
  });

  it('begins a hold where it looked very risky as the code was spent, from then on, for a day', async () => {
    const { kernel, answer, send, staged } = await asked({ level: 'high' });
    expect(saidOf(await answer(await send()))).to.equal('accepted');
    const until = kernel.now() + 86_400;
    expect((await kernel.recordOf('ann')).hold).to.deep.equal({ since: staged.at, until });
    expect(kernel.events.at(-1)).to.deep.include({ name: 'recovery-held', kind: 'spare-words', detail: { until } });
    expect(kernel.events.at(-1)).to.include({ authenticatorId: staged.authenticatorId });
  });

  it('begins a hold where it looks very risky by now', async () => {
    const { kernel, asker, answer, send } = await asked();
    asker.signIn.risk = { ...asker.signIn.risk!, level: 'high' };
    expect(saidOf(await answer(await send()))).to.equal('accepted');
    expect(namesOf(kernel)).to.include('recovery-held');
  });

  it('of one of 20 answers at once counts, each told by one outcome', async () => {
    const { kernel, answer, send } = await asked();
    const right = await send();
    forget(kernel);
    const all = await Promise.all(Array.from({ length: 20 }, () => answer(right)));
    expect(all.filter(({ accepted }) => accepted)).to.have.length(1);
    expect(kernel.outcomes()).to.have.length(20);
  });
});

describe('a code that is to confirm a spent backup code', () => {
  const blocked = { signIn: highRisk({}), recovery: highRisk({ recovery: 'approve' }) };
  const refusals: [why: string, reason: string, change: (made: Recovering) => unknown, kind?: string][] = [
    ['somebody suspended', 'session.mfa.suspended', ({ kernel }) => tamper(kernel, () => ({ suspended: { scim: 1 } }))],
    ['nothing owed', 'session.mfa.pending_info_not_found', ({ owing }) => owing('nothing')],
    ['an approval owed', 'session.mfa.pending_info_not_found', ({ owing }) => owing({ owes: 'approval' })],
    ['its time over', 'session.mfa.pending_info_not_found', ({ kernel }) => (kernel.clock.now += 800)],
    [
      'no known address',
      'session.mfa.mfa_factor_not_enabled',
      ({ kernel }) =>
        tamper(kernel, ({ addresses: _none, ...record }) => ({ ...record, addresses: undefined as never })),
    ],
    ['a factor that has a page of its own', 'session.mfa.mfa_factor_not_enabled', () => undefined, 'riddle'],
    ['the backup codes', 'session.mfa.mfa_factor_not_enabled', () => undefined, 'spare-words'],
    ['no such kind', 'session.mfa.mfa_factor_not_enabled', () => undefined, 'pigeon'],
    ['a host that takes no passwords', 'session.mfa.mfa_factor_not_enabled', () => undefined, 'password'],
  ];
  for (const [why, reason, change, kind = 'letters'] of refusals)
    it(`is neither sent nor looked at with ${why}: ${reason}`, async () => {
      const made = await asked();
      const { kernel, asker, answer, send, told, sent } = made;
      const right = await send();
      await change(made);
      const before = await kernel.recordOf('ann');
      forget(kernel);
      expect(saidOf(await beginRecoveryCode(kernel, asker, kind))).to.equal(reason);
      expect(sent).to.have.length(1);
      expect(kernel.events).to.deep.equal([]);
      expect(saidOf(await answer(right, kind))).to.equal(reason);
      expect(told()).to.deep.equal([['verification-refused', kind, reason, 'refused']]);
      expect(await kernel.recordOf('ann')).to.deep.equal(before);
    });

  it('is neither sent nor looked at once it looks so risky that an administrator must approve', async () => {
    const { kernel, asker, answer, send, told } = await asked({ settings: { riskActions: blocked.recovery } });
    const right = await send();
    asker.signIn.risk = { ...asker.signIn.risk!, level: 'high' };
    forget(kernel);
    expect(saidOf(await beginRecoveryCode(kernel, asker, 'letters'))).to.equal('session.mfa.blocked');
    expect(saidOf(await answer(right))).to.equal('session.mfa.blocked');
    expect(told()).to.deep.equal([['verification-refused', 'letters', 'session.mfa.blocked', 'refused']]);
  });

  it('is refused where it is malformed, or none was sent in this session, and costs nothing', async () => {
    const { kernel, answer, told, send, owner } = await asked();
    expect(await answer(null)).to.deep.include({ reason: 'request.invalid', details: { field: 'word' } });
    expect(saidOf(await answer({ word: 'x', use: 1 }))).to.equal('verification_code.not_found');
    const refusals = ['request.invalid', 'verification_code.not_found'];
    expect(told()).to.deep.equal(refusals.map((reason) => ['verification-refused', 'letters', reason, 'refused']));
    const right = await send();
    expect(saidOf(await confirmRecovery(kernel, owner.signInAgain().asker, 'letters', right))).to.equal(
      'session.mfa.pending_info_not_found',
    );
    expect((await kernel.recordOf('ann')).attempts).to.deep.equal({});
  });

  it('counts where it is wrong: four more, then a wait of 30 s, for asking for another as well', async () => {
    const { kernel, asker, answer, send, told } = await asked();
    const right = await send();
    for (const remainingAttempts of [4, 3, 2, 1])
      expect(await answer({ word: 'wrong', use: 1 })).to.deep.include({
        reason: wrong,
        details: { remainingAttempts },
      });
    forget(kernel);
    const fifth = await answer({ word: 'wrong', use: 1 });
    expect(fifth).to.deep.include({ reason: wrong, details: { remainingAttempts: 0, retryAfterSeconds: 30 } });
    expect(told()).to.deep.equal([
      ['verification-refused', 'letters', wrong, 'refused'],
      ['locked', 'recover', undefined, undefined],
    ]);
    kernel.clock.now += 29;
    const waiting = { reason: locked, details: { remainingAttempts: 0, retryAfterSeconds: 1 } };
    expect(await answer(right)).to.deep.include(waiting);
    expect(await beginRecoveryCode(kernel, asker, 'letters')).to.deep.include(waiting);
    kernel.clock.now += 1;
    expect(saidOf(await answer(right))).to.equal('accepted');
  });

  it('is void once the account has another epoch', async () => {
    const { kernel, answer, send, told } = await asked();
    const right = await send();
    await tamper(kernel, () => ({ epoch: 'another' }));
    forget(kernel);
    expect(saidOf(await answer(right))).to.equal('verification_code.not_found');
    expect(told()).to.deep.equal([['verification-refused', 'letters', 'verification_code.not_found', 'refused']]);
  });

  const rivals: [what: string, reason: string, rival: (made: Recovering) => Promise<unknown>][] = [
    ['confirmed it', 'session.mfa.pending_info_not_found', ({ owing }) => owing('nothing')],
    ['suspended them', 'session.mfa.suspended', ({ kernel }) => tamper(kernel, () => ({ suspended: { admin: 1 } }))],
    [
      'changed the account',
      'verification_code.not_found',
      ({ kernel }) => tamper(kernel, () => ({ epoch: 'another' })),
    ],
    [
      'removed the set',
      'session.mfa.pending_info_not_found',
      ({ kernel }) =>
        tamper(kernel, ({ authenticators }) => ({
          authenticators: authenticators.filter(({ kind }) => kind !== 'spare-words'),
        })),
    ],
  ];
  for (const [what, reason, rival] of rivals)
    it(`is refused where a rival ${what} while it was weighed, told by one outcome`, async () => {
      const made = await asked();
      const { kernel, hooks, answer, send, told } = made;
      const right = await send();
      hooks.whileWeighing = () => rival(made) as Promise<void>;
      forget(kernel);
      const outcome = await answer(right);
      expect(saidOf(outcome)).to.equal(reason);
      const kind = what === 'removed the set' ? 'spare-words' : 'letters';
      expect(told()).to.deep.equal([['verification-refused', kind, reason, 'refused']]);
      expect((await kernel.recordOf('ann')).attempts).to.deep.equal({});
    });

  it('that was compared with nothing is told and costs nothing', async () => {
    const details = { hint: 'lapsed' };
    const reason = 'verification_code.exceed_max_try';
    const judged = [{ is: 'stale' }, { is: 'wrong', reason, details, attempt: false }] as const;
    for (const [verdict, said] of [
      [judged[0], { reason: 'store.conflict', details: { retryAfterSeconds: 1 } }],
      [judged[1], { reason, details }],
    ] as const) {
      const { kernel, answer, send, told } = await asked({ enrollment: { judge: () => verdict } });
      const right = await send();
      const before = await kernel.recordOf('ann');
      forget(kernel);
      expect(await answer(right)).to.deep.equal({ accepted: false, ...said });
      expect(told()).to.deep.equal([['verification-refused', 'letters', said.reason, 'refused']]);
      expect(await kernel.recordOf('ann')).to.deep.equal(before);
    }
  });

  it('that fails is told by one outcome: its code, or that the store does not answer', async () => {
    const { kernel, watched, answer, send } = await asked();
    const right = await send();
    for (const [thrown, reason] of [
      [new MfaError('store.conflict', 'busy'), 'store.conflict'],
      [new Error('ECONNREFUSED'), 'store.unavailable'],
    ] as const) {
      watched.beforeSave = () => {
        throw thrown;
      };
      forget(kernel);
      expect(await codeOf(answer(right))).not.to.equal('nothing thrown');
      expect(kernel.events.map((told) => [told.name, told.kind, told.reason])).to.deep.equal([
        ['verification-refused', 'letters', reason],
      ]);
    }
    watched.beforeSave = () => undefined;
    expect(saidOf(await answer(right))).to.equal('accepted');
    expect(await idOf(kernel, 'spare-words')).not.to.equal('none');
  });

  it('that is saved and cannot be logged is told as accepted, and as nothing else', async () => {
    const { kernel, asker, send } = await asked();
    const right = await send();
    forget(kernel);
    expect(await codeOf(confirmRecovery({ ...kernel, logbook: fullLog }, asker, 'letters', right))).to.equal(
      'audit.unavailable',
    );
    expect(namesOf(kernel)).to.deep.equal(['verification-accepted', 'recovery-confirmed']);
  });

  it('is refused at once where it is refused anyway, while another one is weighed', async () => {
    const { kernel, hooks, answer, send } = await asked();
    const right = await send();
    let goOn = (): void => undefined;
    const isWeighed = new Promise<void>((resolve) => {
      hooks.whileWeighing = () => (resolve(), new Promise((go) => (goOn = go)));
    });
    const first = answer(right);
    await isWeighed;
    await tamper(kernel, () => ({ suspended: { admin: 1 } }));
    expect(saidOf(await answer(right))).to.equal('session.mfa.suspended');
    goOn();
    expect(saidOf(await first)).to.equal('session.mfa.suspended');
  });
});
