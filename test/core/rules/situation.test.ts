// Where a person stands: what record and sign-in come to, and by which ways they can verify, in which order.
import { expect } from 'chai';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import type { Settings } from '../../../src/core/kernel/settings.js';
import { endedByFlow } from '../../../src/core/rules/ended-sign-ins.js';
import type { NextStep } from '../../../src/core/rules/next-step.js';
import { situationOf, type State } from '../../../src/core/rules/situation.js';
import {
  app,
  asking,
  codes,
  having,
  highRisk,
  key,
  mail,
  nobody,
  now,
  own,
  pass,
  proof,
  recovering,
  ruleKernel,
  since,
  spent,
  type AskerOptions,
} from '../../support/rule-person.js';

const here = 'https://idp.example';
const rule = { mfa: 'accept', acr: [], isEnough: () => true, maxAgeSeconds: 600, insteadOfOwnFactor: false } as const;
const upstream = (more: object): Partial<Settings> => ({ upstream: new Map([[here, { ...rule, ...more }]]) });
const vouched = { vouched: { issuer: here, subject: 's', at: now, amr: ['mfa'], epoch: 'e' } };
const mandatory: Partial<Settings> = { policyOf: () => 'mandatory' };

const person = having([app, codes]);
const byApp: AskerOptions = { proofs: [proof(app)] };
const over = { ended: [{ id: endedByFlow(ruleKernel(), 'flow'), at: now }] };
const browser = (id: string, expiresAt = now + 1) => ({ id, hash: 'h', previous: [], createdAt: 1, expiresAt });
const trusts: Partial<Settings> = { trustDays: 30 };
const inTrusted = (trustedAt = now): AskerOptions => ({ signIn: { trusted: 'mine', trustedAt } });
const withTrusted = { ...person, trusted: [browser('other'), browser('mine')] };

const situation = (record: MfaRecord, asker: AskerOptions = {}, settings: Partial<Settings> = {}) => {
  const { user, signIn } = asking(asker);
  return situationOf(ruleKernel(settings), user, signIn, record);
};

type Row = [
  who: string,
  state: State,
  step: NextStep['step'],
  record: MfaRecord,
  asker?: AskerOptions,
  app?: Partial<Settings>,
];

const states: { [about: string]: Row[] } = {
  'somebody unprotected': [
    ['who just signed in', 'none', 'suggest-mfa', nobody],
    ['under a mandatory policy', 'none', 'enroll', nobody, {}, mandatory],
    ['before its day', 'none', 'suggest-mfa', nobody, {}, { ...mandatory, graceUntilOf: () => now + 1 }],
    ['who is exempt', 'none', 'nothing', { ...nobody, exemptions: [{ from: now, until: now + 1 }] }, {}, mandatory],
    ['whose exemption is over', 'none', 'enroll', { ...nobody, exemptions: [{ from: 1, until: now }] }, {}, mandatory],
    ['who skipped the suggestion', 'none', 'nothing', { ...nobody, skipped: { 'suggest-mfa': 1 } }],
    [
      'who signs up where only sign-ins are asked',
      'none',
      'nothing',
      nobody,
      { signIn: { moment: 'sign-up' } },
      { policyOf: () => 'prompt-only-at-sign-in' },
    ],
    ['with a proof from before a reset', 'none', 'suggest-mfa', { ...person, protected: false }, byApp],
    ['who is suspended', 'pending', 'barred', { ...nobody, suspended: { scim: 1 } }],
    ['for whom a provider vouches', 'none', 'nothing', nobody, { signIn: vouched }, { ...mandatory, ...upstream({}) }],
    ['who looks too risky for what is demanded', 'pending', 'blocked', nobody, { level: 'high' }, mandatory],
  ],
  'somebody protected': [
    ['who proved nothing', 'pending', 'verify', person],
    ['who proved a factor', 'elevated', 'nothing', person, byApp],
    ['who proved it before the last change', 'pending', 'verify', { ...person, epoch: 'another' }, byApp],
    ['whose proof is a day old', 'pending', 'verify', person, { proofs: [proof(app, now - 86_401)] }],
    ['whose proof is of what is gone', 'pending', 'verify', person, { proofs: [proof(key)] }],
    ['whose sign-in has ended', 'pending', 'verify', { ...person, ...over }, byApp],
    ['who is suspended', 'pending', 'barred', { ...person, suspended: { admin: 1 } }, byApp],
    ['who came by a pass', 'elevated', 'enroll', having([app, pass]), { proofs: [proof(pass)] }],
    ['whose only method is disabled', 'pending', 'recover', having([own(app, { disabledAt: 1 })])],
    ['whose only method the app offers no more', 'pending', 'recover', having([{ ...own(app), kind: 'gone' }])],
    [
      'who proved one that the app offers no more',
      'elevated',
      'enroll',
      having([{ ...own(app), kind: 'gone' }, own(codes)]),
      { proofs: [proof({ kind: 'gone' }, now, 'app')] },
    ],
    ['whose only method was the first factor', 'pending', 'recover', having([mail]), { user: { signedInBy: 'email' } }],
    [
      'whose codes are barred, and have nothing else',
      'pending',
      'recover',
      having([codes], { codesBarredUntil: now + 1 }),
    ],
    ['whose codes are barred no more', 'pending', 'verify', having([codes], { codesBarredUntil: now })],
    [
      'whose codes are empty',
      'elevated',
      'save-backup-codes',
      having([app, own(codes, { data: { state: 'empty' } })]),
      byApp,
    ],
    [
      'whose empty codes are disabled',
      'elevated',
      'nothing',
      having([app, own(codes, { data: { state: 'empty' }, disabledAt: 1 })]),
      byApp,
    ],
    ['who owes the first set', 'elevated', 'save-backup-codes', having([app], { owed: ['backup-codes'] }), byApp],
    [
      'whose address was bound by itself',
      'elevated',
      'suggest-another',
      having([own(mail, { adopted: true }), codes]),
      { proofs: [proof(mail)] },
    ],
    ['who chose their address', 'elevated', 'nothing', having([mail, codes]), { proofs: [proof(mail)] }],
    ['who objected to their first enrolment', 'none', 'enroll', having([], { owed: ['primary'] })],
    [
      'who looks too risky, whatever was proved before',
      'pending',
      'blocked',
      person,
      { level: 'high', proofs: [proof(app, since - 1)] },
      { riskActions: highRisk({ signIn: 'block' }) },
    ],
  ],
  'where something stands in for the sign-in step, somebody': [
    ['who switched it off', 'none', 'nothing', { ...person, signInStepOff: true }],
    ['in a trusted network', 'none', 'nothing', person, { user: { inTrustedNetwork: true } }],
    ['in a trusted browser', 'none', 'nothing', withTrusted, inTrusted(), trusts],
    ['in one, a day ago', 'none', 'nothing', withTrusted, inTrusted(now - 86_400), trusts],
    ['in one, longer ago than a proof counts', 'pending', 'verify', withTrusted, inTrusted(now - 86_401), trusts],
    ['in one that did not stand in yet', 'pending', 'verify', withTrusted, { signIn: { trusted: 'mine' } }, trusts],
    ['in one that was revoked', 'pending', 'verify', { ...person, trusted: [browser('other')] }, inTrusted(), trusts],
    [
      'in one whose time is over',
      'pending',
      'verify',
      { ...person, trusted: [browser('mine', now), browser('other')] },
      inTrusted(),
      trusts,
    ],
    ['in one, but the app trusts none any more', 'pending', 'verify', withTrusted, inTrusted()],
    ['in one, whose sign-in has ended', 'pending', 'verify', { ...withTrusted, ...over }, inTrusted(), trusts],
    [
      'in one, in a sign-in that looks risky',
      'pending',
      'verify',
      withTrusted,
      { ...inTrusted(), level: 'medium' },
      trusts,
    ],
    [
      'for whom a provider vouches instead',
      'none',
      'nothing',
      person,
      { signIn: vouched },
      upstream({ insteadOfOwnFactor: true }),
    ],
    [
      'for whom it vouches, but for people without a method',
      'pending',
      'verify',
      person,
      { signIn: vouched },
      upstream({}),
    ],
    [
      'for whom it must vouch and does not',
      'pending',
      'reauthenticate',
      person,
      { ...byApp, signIn: { enforced: { issuer: here } } },
      upstream({ mfa: 'enforce' }),
    ],
  ],
  'after a backup code in a sign-in that looked risky, somebody': [
    ['who owes a proof', 'pending', 'confirm-recovery', recovering(person, spent())],
    ['who awaits an administrator', 'pending', 'wait', recovering(person, spent({ owes: 'approval' }))],
    ['whose sign-in has ended', 'pending', 'verify', { ...recovering(person, spent()), ...over }],
    ['who spent it in another sign-in', 'pending', 'verify', recovering(person, spent({ flow: 'another' }))],
    ['who proved something', 'elevated', 'nothing', recovering(person, spent()), byApp],
  ],
};

describe('the situation of', () => {
  for (const [about, rows] of Object.entries(states))
    for (const [who, state, step, record, asker, settings] of rows)
      it(`${about} ${who} is ${state}: ${step}`, () => {
        const found = situation(record, asker, settings);
        expect([found.state, found.next.step]).to.deep.equal([state, step]);
        if (state !== 'elevated') expect([found.proofs, found.counting]).to.deep.equal([[], []]);
        expect(found.record).to.equal(record);
      });

  it('whoever waits says that an administrator has approved', () => {
    const approved = recovering(person, spent({ owes: 'approval', approvedAt: now }));
    expect(situation(approved).next).to.deep.equal({ step: 'wait', approved: true });
    expect(situation(recovering(person, spent({ owes: 'approval' }))).next).to.deep.equal({ step: 'wait' });
  });

  it('whoever has days left says by when', () => {
    const { next } = situation(nobody, {}, { ...mandatory, graceUntilOf: () => now + 9 });
    expect(next).to.deep.equal({ step: 'suggest-mfa', graceUntil: now + 9 });
  });

  it('whoever a provider vouches for says so, whether that stands in for anything or not', () => {
    const isVouched = (asker: AskerOptions, more: object) => situation(person, asker, upstream(more)).isVouched;
    expect(isVouched({ signIn: vouched }, {})).to.equal(true);
    expect(isVouched({ signIn: vouched }, { insteadOfOwnFactor: true })).to.equal(true);
    expect(isVouched({}, {})).to.equal(false);
    expect(isVouched({ signIn: { enforced: { issuer: here } } }, { mfa: 'enforce' })).to.equal(false);
  });
});
