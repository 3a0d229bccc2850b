// What stands in `req.mfa`, and what stops a request: tables of situations, without a request.
import { expect } from 'chai';
import { demandOf, requestMfaOf, stopOf } from '../../../middleware/guard/request-mfa.js';
import type { NextStep } from '../../../src/core/rules/next-step.js';
import type { Situation } from '../../../src/core/rules/situation.js';
import * as ann from '../../support/rule-person.js';
import { now } from '../../support/rule-person.js';

const kernel = ann.ruleKernel({}, { factors: [ann.key, { ...ann.app, amr: 'otp' }, { ...ann.mail, amr: 'sms' }] });
const nothing: NextStep = { step: 'nothing' };
const standing = (more: Partial<Situation> = {}) =>
  ({ state: 'elevated', proofs: [], counting: [], next: nothing, isVouched: false, ...more }) as unknown as Situation;
const vouched = { issuer: 'i', subject: 's', at: now, amr: ['hwk', 'otp'], epoch: 'e' };
const risk = { ...ann.risk('medium'), signals: [{ id: 'country', code: 'unseen', points: 30 }] };

describe('what a route is told in `req.mfa`', () => {
  const [byApp, byKey, byMail, byGone] = [ann.app, ann.key, ann.mail, { kind: 'gone' }].map((each) => ann.proof(each));
  const rows: [what: string, proofs: Situation['proofs'], isVouched: boolean, amr: string[]][] = [
    ['nothing', [], false, []],
    ['an app', [byApp!], false, ['otp', 'mfa']],
    ['a factor without a value', [byKey!], false, ['mfa']],
    ['a mailbox alone, which is no second factor', [byMail!], false, ['sms']],
    ['a mailbox and an app, each value once', [byMail!, byApp!, byApp!], false, ['sms', 'otp', 'mfa']],
    ['a factor that the app no longer offers', [byGone!], false, ['mfa']],
    ['the word of a provider', [], true, ['hwk', 'otp']],
    ['that word and an app', [byApp!], true, ['otp', 'mfa', 'hwk']],
  ];
  for (const [what, proofs, isVouched, amr] of rows) {
    it(`is, of ${what}, ${JSON.stringify(amr)}`, () => {
      expect(requestMfaOf(kernel, standing({ proofs, isVouched }), { vouched }).amr).to.deep.equal(amr);
    });
  }

  it('has no values of a provider that vouches for nobody, or says none', () => {
    expect(requestMfaOf(kernel, standing({ isVouched: true }), {}).amr).to.deep.equal([]);
    expect(requestMfaOf(kernel, standing({ isVouched: true }), { vouched: { ...vouched, amr: [] } }).amr).to.be.empty;
  });

  it('says until when a sign-in is held, and how risky it looked once it is elevated; nothing of the kind else', () => {
    const bare = { state: 'elevated', proofs: [], amr: [], next: nothing };
    expect(requestMfaOf(kernel, standing(), {})).to.deep.equal(bare);
    expect(requestMfaOf(kernel, standing({ heldUntil: now }), {})).to.deep.equal({ ...bare, hold: now });
    const { score, level, signals } = risk;
    expect(requestMfaOf(kernel, standing(), { risk })).to.deep.equal({ ...bare, risk: { score, level, signals } });
    for (const state of ['pending', 'none'] as const)
      expect(requestMfaOf(kernel, standing({ state }), { risk })).to.deep.equal({ ...bare, state });
  });

  it('is frozen throughout, and nothing of the sign-in', () => {
    const proofs = [ann.proof(ann.app)];
    const told = requestMfaOf(kernel, standing({ proofs }), { risk });
    const parts = [told, told.proofs, told.proofs[0], told.amr, told.next, told.risk, told.risk?.signals];
    for (const each of [...parts, told.risk?.signals[0]]) expect(each).to.be.frozen;
    for (const each of [proofs, proofs[0], risk.signals, risk.signals[0]]) expect(each).not.to.be.frozen;
    expect(told.proofs).to.deep.equal(proofs);
  });
});

describe('what stops a request', () => {
  const steps: [step: NextStep['step'], code: string | undefined][] = [
    ['barred', 'session.mfa.suspended'],
    ['blocked', 'session.mfa.blocked'],
    ['reauthenticate', 'session.mfa.upstream_insufficient'],
    ['verify', 'session.mfa.require_mfa_verification'],
    ['enroll', 'user.missing_mfa'],
    ['save-backup-codes', 'session.mfa.backup_code_required'],
    ['recover', 'session.mfa.recovery_required'],
    ['confirm-recovery', 'session.mfa.recovery_unconfirmed'],
    ['wait', 'session.mfa.awaiting_approval'],
    ['suggest-mfa', undefined],
    ['suggest-another', undefined],
    ['nothing', undefined],
  ];
  for (const [step, code] of steps) {
    it(`is ${code ?? 'nothing'} where "${step}" is next`, () => {
      const situation = standing({ next: { step } as NextStep });
      expect(stopOf(kernel, situation, undefined)?.code).to.equal(code);
      expect(stopOf(kernel, situation, { maxAgeSeconds: 60 })).to.deep.equal(
        code === undefined ? { code: 'session.mfa.step_up_required', why: 'missing' } : { code },
      );
    });
  }

  it('is a hold at a step-up, or where the route says so, and nowhere else', () => {
    const held = standing({ heldUntil: now, counting: [ann.proof(ann.app)] });
    expect(stopOf(kernel, held, undefined)).to.equal(undefined);
    for (const stop of [stopOf(kernel, held, {}), stopOf(kernel, held, undefined, 'refuse')])
      expect(stop).to.deep.equal({ code: 'session.mfa.on_hold' });
    const free = standing({ counting: [ann.proof(ann.app)] });
    expect(stopOf(kernel, free, undefined, 'refuse')).to.equal(undefined);
  });

  it('is a step-up, with why', () => {
    const whys: [counting: Situation['counting'], demand: object, why: string | undefined][] = [
      [[], { factors: ['app'] }, 'missing'],
      [[ann.proof(ann.key)], { factors: ['app'] }, 'kind'],
      [[ann.proof(ann.key)], { factors: ['app', 'key'] }, undefined],
      [[ann.proof(ann.app, now - 60)], { maxAgeSeconds: 60 }, undefined],
      [[ann.proof(ann.app, now - 61)], { maxAgeSeconds: 60 }, 'expired'],
    ];
    for (const [counting, demand, why] of whys) {
      const stop = stopOf(kernel, standing({ counting }), demand);
      expect(stop).to.deep.equal(why && { code: 'session.mfa.step_up_required', why });
    }
  });

  it('is demanded where an age or kinds are named, 0 and none at all included', () => {
    const rows = [{ maxAgeSeconds: 0 }, { factors: [] }, { maxAgeSeconds: 60, factors: ['app'] }];
    for (const options of rows) expect(demandOf({ ...options, mode: 'report' } as object)).to.deep.equal(options);
    expect(demandOf({})).to.equal(undefined);
  });
});
