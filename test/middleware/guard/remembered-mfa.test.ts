// What is concluded from a remembered record, and what ends that conclusion: a stale "elevated" that is served once more
// would let somebody pass. Each row changes one thing of a person whose conclusion stands.
import { expect } from 'chai';
import { rememberedMfa, type RequestMfa } from '../../../middleware/guard/request-mfa.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import type { MfaUser } from '../../../src/core/kernel/mfa-user.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import { createRemembered } from '../../../src/core/kernel/remembered.js';
import type { Settings } from '../../../src/core/kernel/settings.js';
import type { SignIn } from '../../../src/core/kernel/sign-in.js';
import { endedByFlow } from '../../../src/core/rules/ended-sign-ins.js';
import * as ann from '../../support/rule-person.js';
import { now } from '../../support/rule-person.js';

const issuer = 'https://idp.example';
const codes: Factor = {
  ...ann.codes,
  standing: ({ data }, at) => {
    const { expiresAt } = data as { expiresAt: number };
    return expiresAt > at ? { state: 'usable', expiresAt } : { state: 'expired' };
  },
};
const upstream = new Map([
  [issuer, { mfa: 'enforce', acr: [], isEnough: () => true, maxAgeSeconds: 600, insteadOfOwnFactor: true } as const],
]);

/** Remembers this record since an hour ago; the clock stands at `now`. Policy and grace are of the tenant. */
function remembering(record: MfaRecord, settings: Partial<Settings> = {}) {
  const kernel = ann.ruleKernel(
    {
      upstream,
      policyOf: ({ tenant }) => (tenant === undefined ? 'no-prompt' : 'mandatory'),
      graceUntilOf: ({ tenant }) => (tenant === 'later' ? now + 50 : undefined),
      ...settings,
    },
    { factors: [ann.key, { ...ann.app, amr: 'otp' }, ann.sms, ann.mail, codes], remembered: createRemembered(9e9) },
  );
  kernel.remembered.keep('ann', record, now - 3600);
  const asks = (signIn: Partial<SignIn> = {}, user: Partial<MfaUser> = {}, by = kernel): RequestMfa | undefined => {
    const asker = ann.asking({ user, signIn: { proofs: [ann.proof(ann.app)], ...signIn } });
    return rememberedMfa(by, asker.user, asker.signIn);
  };
  return { kernel, asks };
}

type Asked = [signIn?: Partial<SignIn>, user?: Partial<MfaUser>];

const own = ann.having([ann.app]);
const disabled = ann.having([ann.own(ann.app, { disabledAt: now })]);
const vouched = { issuer, subject: 's', at: now - 10, amr: ['hwk'], epoch: 'e' };
const risky = (more: object = {}) => ({ risk: { ...ann.risk('low'), ...more } });

describe('what is concluded from a remembered record', () => {
  it('is concluded once, for every sign-in of which the same is true', () => {
    for (const record of [own, { ...own, ended: [{ id: 'x', at: now }] }, { ...own, codesBarredUntil: now }]) {
      const { asks } = remembering(record);
      const first = asks();
      expect(first).to.deep.include({ state: 'elevated', amr: ['otp', 'mfa'], next: { step: 'nothing' } });
      expect(asks()).to.equal(first);
      if (!record.ended) expect(asks({ flowId: 'another' })).to.equal(first);
    }
    for (const signIn of [risky(), { vouched }, { vouched, enforced: { issuer } }]) {
      const { asks } = remembering(own);
      expect(asks(signIn)).to.be.an('object').and.equal(asks(signIn));
    }
  });

  it('is nothing where somebody is not elevated, or owes or is offered anything', () => {
    expect(remembering({ ...own, protected: false }).asks()).to.equal(undefined);
    expect(remembering(ann.nobody).asks({ proofs: [] })).to.equal(undefined);
    expect(remembering(own).asks({ proofs: [] })).to.equal(undefined);
    expect(remembering({ ...own, owed: ['backup-codes'] }).asks()).to.equal(undefined);
    const bound = remembering(ann.having([ann.own(ann.app, { adopted: true } as object)]));
    expect(bound.asks()).to.equal(undefined);
    const { kernel, asks } = remembering(own);
    kernel.remembered.forget('ann');
    expect(asks()).to.equal(undefined);
  });

  const whose: [what: string, record: MfaRecord, first: Asked, then: Asked][] = [
    ['another epoch', own, [], [{ epoch: 'f' }]],
    ['a stricter policy', disabled, [], [{}, { tenant: 'now' }]],
    ['the same policy without its grace', disabled, [{}, { tenant: 'later' }], [{}, { tenant: 'now' }]],
    [
      'a channel that was the first factor',
      ann.having([ann.sms]),
      [{ proofs: [ann.proof(ann.sms)] }, { tenant: 'now' }],
      [{ proofs: [ann.proof(ann.sms)] }, { tenant: 'now', signedInBy: 'sms' }],
    ],
    ['a provider that must vouch and does not', own, [], [{ enforced: { issuer } }]],
    ['no proofs', own, [], [{ proofs: [] }]],
    ['a proof of a kind that is not theirs', own, [], [{ proofs: [{ ...ann.proof(ann.app), kind: 'key' }] }]],
    ['a proof by what is not theirs', own, [], [{ proofs: [ann.proof(ann.app, now, 'another')] }]],
    ['a proof too old', own, [], [{ proofs: [ann.proof(ann.app, now - 86_401)] }]],
    [
      'a sign-in that ended',
      { ...own, ended: [{ id: endedByFlow(ann.ruleKernel(), 'gone'), at: now }] },
      [],
      [{ flowId: 'gone' }],
    ],
    [
      'a sign-in that looks risky, seen from the same place',
      ann.having([ann.sms, ann.key]),
      [{ ...risky(), proofs: [ann.proof(ann.sms)] }],
      [{ ...risky({ level: 'high' }), flowId: 'another', proofs: [ann.proof(ann.sms)] }],
    ],
    [
      'the same sign-in, seen from where it looks risky',
      ann.having([ann.sms, ann.key]),
      [{ ...risky(), proofs: [ann.proof(ann.sms)] }],
      [{ ...risky({ level: 'high', seenFrom: 'y' }), proofs: [ann.proof(ann.sms)] }],
    ],
  ];
  for (const [what, record, first, then] of whose) {
    it(`is not believed of ${what}`, () => {
      const { asks } = remembering(record);
      expect(asks(...first)).to.have.property('state', 'elevated');
      expect(asks(...then)).to.equal(undefined);
    });
  }

  it('is not believed by an app with other settings that shares the memory', () => {
    const { kernel, asks } = remembering(own);
    const old = { proofs: [ann.proof(ann.app, now - 100)] };
    expect(asks(old)).to.have.property('state', 'elevated');
    const stricter = { ...kernel, settings: { ...kernel.settings, elevationMaxAgeSeconds: 99 } };
    expect(asks(old, {}, stricter)).to.equal(undefined);
  });

  it('says of each sign-in what it proved, who vouches for it, and its own risk', () => {
    const two = ann.having([ann.app, ann.sms, ann.own(ann.app, { id: 'second' })]);
    const { asks } = remembering(two);
    const rows = [
      { proofs: [ann.proof(ann.app)] },
      { proofs: [ann.proof(ann.app), ann.proof(ann.sms)] },
      { proofs: [ann.proof(ann.app), ann.proof(ann.sms, now - 1)] },
      { proofs: [ann.proof(ann.app)] },
      { proofs: [ann.proof(ann.app, now - 1)] },
      { proofs: [ann.proof(ann.app, now - 1, 'second')] },
    ];
    for (const { proofs } of rows) expect(asks({ proofs })?.proofs).to.deep.equal(proofs);
    expect(asks({ vouched })?.amr).to.deep.equal(['otp', 'mfa', 'hwk']);
    expect(asks({ vouched: { ...vouched, amr: ['pin'] } })?.amr).to.deep.equal(['otp', 'mfa', 'pin']);
    expect(asks({ vouched: { ...vouched, epoch: 'f' } })?.amr).to.deep.equal(['otp', 'mfa']);
    expect(asks()).not.to.have.property('risk');
    expect(asks(risky({ score: 3 }))).to.have.nested.property('risk.score', 3);
    expect(asks({ ...risky({ score: 4 }), flowId: 'another' })).to.have.nested.property('risk.score', 4);
    expect(asks()).not.to.have.property('risk');
  });

  const expiring = (at: number) => ann.having([ann.app, ann.own(codes, { data: { expiresAt: at } })]);
  const ends: [what: string, record: MfaRecord, asked: Asked, then: object | undefined][] = [
    ['a proof', own, [{ proofs: [ann.proof(ann.app, now + 49 - 86_400), ann.proof(ann.app)] }], { state: 'elevated' }],
    ['the only proof', own, [{ proofs: [ann.proof(ann.app, now + 49 - 86_400)] }], undefined],
    ['a grace', disabled, [{}, { tenant: 'later' }], undefined],
    ['a hold', { ...own, hold: { since: 0, until: now + 50 } }, [], { hold: undefined }],
    ['a bar on codes', { ...expiring(now), codesBarredUntil: now + 50 }, [], undefined],
    ['a set of codes', expiring(now + 50), [], undefined],
    ["a provider's word", own, [{ vouched: { ...vouched, at: now + 49 - 600 } }], { amr: ['otp', 'mfa'] }],
  ];
  for (const [what, record, asked, then] of ends) {
    it(`ends with ${what}, to the second`, () => {
      const { kernel, asks } = remembering(record);
      const first = asks(...asked);
      expect(first).to.have.property('state', 'elevated');
      kernel.clock.now = now + 49;
      expect(asks(...asked)).to.equal(first);
      kernel.clock.now = now + 50;
      const next = asks(...asked);
      expect(next).not.to.equal(first);
      if (then) expect({ hold: undefined, ...next }).to.deep.include(then);
      else expect(next).to.equal(undefined);
    });
  }

  it('ends with a word that stood in its last second as it was concluded', () => {
    const { kernel, asks } = remembering(own);
    const last = { vouched: { ...vouched, at: now - 600 }, enforced: { issuer } };
    expect(asks(last)).to.have.property('state', 'elevated');
    kernel.clock.now = now + 1;
    expect(asks(last)).to.equal(undefined);
  });

  it('does not hold before it was concluded: a clock went back', () => {
    const { kernel, asks } = remembering(own);
    const ahead = { proofs: [ann.proof(ann.app, now + 60)] };
    expect(asks(ahead)).to.have.property('state', 'elevated');
    kernel.clock.now = now - 1;
    expect(asks(ahead)).to.equal(undefined);
  });
});
