// The decision in words: one row a person, one sentence a row. The full cross product is in next-step.test.ts.
import { expect } from 'chai';
import {
  isDemanded,
  isUnproved,
  nextStep,
  skippable,
  type Facts,
  type KindInUse,
  type NextStep,
} from '../../../src/core/rules/next-step.js';

const now = 1_800_000_000;
const riddle: KindInUse = { kind: 'riddle', rank: 'primary', state: 'usable' };
const song: KindInUse = { kind: 'song', rank: 'primary', state: 'usable' };
const spare = (state: KindInUse['state']): KindInUse => ({ kind: 'spare-words', rank: 'backup', state });

/** Nobody in particular: signs in under the default policy, without MFA, in an app with two factors and backup codes. */
const somebody: Facts = {
  policy: 'prompt-at-sign-in-and-sign-up',
  moment: 'sign-in',
  now,
  inUse: [],
  offered: [
    { kind: 'riddle', rank: 'primary' },
    { kind: 'song', rank: 'primary' },
    { kind: 'spare-words', rank: 'backup' },
  ],
  owed: [],
  skipped: {},
  protected: false,
  signInStepOff: false,
  proved: [],
  trusted: false,
};
const pending: Partial<Facts> = { protected: true, inUse: [riddle, spare('usable')] };
const elevated: Partial<Facts> = { ...pending, proved: ['primary'] };
const recovering: Partial<Facts> = { protected: true, inUse: [spare('usable')], proved: ['backup'] };
const spareOffered = { kind: 'spare-words', rank: 'backup' } as const;
const withoutBackup = somebody.offered.filter(({ rank }) => rank === 'primary');
const grace = (offset: number): Partial<Facts> => ({ policy: 'mandatory', graceUntil: now + offset });

type Row = [sentence: string, step: NextStep['step'], facts: Partial<Facts>];

const withoutMfa: Row[] = [
  ['whoever signs in under the default policy is shown a suggestion', 'suggest-mfa', {}],
  ['whoever signs up under the default policy is shown one, too', 'suggest-mfa', { moment: 'sign-up' }],
  ['who skipped it is left alone', 'nothing', { skipped: { 'suggest-mfa': 1 } }],
  ['who skipped something else is not', 'suggest-mfa', { skipped: { 'suggest-another': 1 } }],
  ['prompt-only-at-sign-in leaves a sign-up alone', 'nothing', { policy: 'prompt-only-at-sign-in', moment: 'sign-up' }],
  ['prompt-only-at-sign-in suggests at sign-in', 'suggest-mfa', { policy: 'prompt-only-at-sign-in' }],
  ['no-prompt says nothing at sign-in', 'nothing', { policy: 'no-prompt' }],
  ['no-prompt says nothing at sign-up', 'nothing', { policy: 'no-prompt', moment: 'sign-up' }],
  ['mandatory demands enrolment at sign-in', 'enroll', { policy: 'mandatory' }],
  ['mandatory demands enrolment at sign-up', 'enroll', { policy: 'mandatory', moment: 'sign-up' }],
  ['a remembered skip does not help under mandatory', 'enroll', { policy: 'mandatory', skipped: { 'suggest-mfa': 1 } }],
  ['a skip named after the demand does not help either', 'enroll', { policy: 'mandatory', skipped: { enroll: 1 } }],
  ['mandatory is a suggestion before the day', 'suggest-mfa', grace(1)],
  ['before the day it can be skipped', 'nothing', { ...grace(1), skipped: { 'suggest-mfa': 1 } }],
  ['before the day a sign-up is shown it, too', 'suggest-mfa', { ...grace(1), moment: 'sign-up' }],
  ['on the day itself it is demanded', 'enroll', grace(0)],
  ['after the day it is demanded of who skipped, too', 'enroll', { ...grace(-1), skipped: { 'suggest-mfa': 1 } }],
  ['a day of grace makes no other policy mandatory', 'nothing', { ...grace(-1), policy: 'no-prompt' }],
  ['a trusted browser excuses nobody from a mandatory enrolment', 'enroll', { policy: 'mandatory', trusted: true }],
  ['nor does the own switch', 'enroll', { policy: 'mandatory', signInStepOff: true }],
  ['owed codes are not asked of somebody unprotected', 'suggest-mfa', { owed: ['backup-codes'] }],
  ['a proof from before a reset brings nothing', 'suggest-mfa', { proved: ['primary'] }],
];

const atSignIn: Row[] = [
  ['whoever has a factor is asked for it', 'verify', pending],
  ['under no-prompt as well', 'verify', { ...pending, policy: 'no-prompt' }],
  ['under prompt-only-at-sign-in as well', 'verify', { ...pending, policy: 'prompt-only-at-sign-in' }],
  ['under mandatory as well', 'verify', { ...pending, policy: 'mandatory' }],
  ['at a sign-up with an existing account as well', 'verify', { ...pending, moment: 'sign-up' }],
  ['skipped suggestions skip no verification', 'verify', { ...pending, skipped: { 'suggest-mfa': 1, verify: 1 } }],
  ['owed codes wait for the verification', 'verify', { ...pending, owed: ['backup-codes'] }],
  ['an empty set waits for the verification', 'verify', { ...pending, inUse: [riddle, spare('empty')] }],
  ['backup codes alone are a way in', 'verify', { protected: true, inUse: [spare('usable')] }],
  ['even the last ones', 'verify', { protected: true, inUse: [spare('low')] }],
  ['a trusted browser skips the step', 'nothing', { ...pending, trusted: true }],
  ['a trusted browser skips it under mandatory, too', 'nothing', { ...pending, trusted: true, policy: 'mandatory' }],
  ['the own switch skips the step under an optional policy', 'nothing', { ...pending, signInStepOff: true }],
  ['the own switch does not under mandatory', 'verify', { ...pending, signInStepOff: true, policy: 'mandatory' }],
  ['nor before its day', 'verify', { ...pending, signInStepOff: true, ...grace(1) }],
];

const withoutAWay: Row[] = [
  ['protected with nothing left recovers', 'recover', { protected: true }],
  ['with an empty set only, too', 'recover', { protected: true, inUse: [spare('empty')] }],
  ['with an expired set only, too', 'recover', { protected: true, inUse: [spare('expired')] }],
  ['under no-prompt as well', 'recover', { protected: true, policy: 'no-prompt' }],
  [
    'under mandatory as well: nobody enrols with the password alone',
    'recover',
    { protected: true, policy: 'mandatory' },
  ],
  ['a trusted browser passes nobody without a way', 'recover', { protected: true, trusted: true }],
  ['the own switch passes nobody without a way', 'recover', { protected: true, signInStepOff: true }],
  ['a remembered skip passes nobody without a way', 'recover', { protected: true, skipped: { 'suggest-mfa': 1 } }],
  ['an objection to the first enrolment leads back to it', 'enroll', { protected: true, owed: ['primary'] }],
  ['but not past a way that works', 'verify', { protected: true, owed: ['primary'], inUse: [riddle] }],
  ['owed codes are no way in', 'recover', { protected: true, owed: ['backup-codes'] }],
  ['an app that offers nothing any more does not let go', 'recover', { protected: true, offered: [] }],
];

const afterProof: Row[] = [
  ['who proved a primary factor goes on', 'nothing', elevated],
  ['under mandatory as well', 'nothing', { ...elevated, policy: 'mandatory' }],
  ['the first set is demanded at once', 'save-backup-codes', { ...elevated, inUse: [riddle], owed: ['backup-codes'] }],
  ['under no-prompt as well', 'save-backup-codes', { ...elevated, owed: ['backup-codes'], policy: 'no-prompt' }],
  [
    'a skipped suggestion skips no codes',
    'save-backup-codes',
    { ...elevated, owed: ['backup-codes'], skipped: { 'suggest-mfa': 1, 'suggest-another': 1 } },
  ],
  [
    'no codes are demanded where the app has none',
    'nothing',
    { ...elevated, owed: ['backup-codes'], offered: withoutBackup },
  ],
  ['something else that is owed is not the codes', 'nothing', { ...elevated, owed: ['terms'] }],
  ['at zero a new set is demanded', 'save-backup-codes', { ...elevated, inUse: [riddle, spare('empty')] }],
  ['a lapsed set is renewed', 'save-backup-codes', { ...elevated, inUse: [riddle, spare('expired')] }],
  ['a method at its end is no set', 'nothing', { ...elevated, inUse: [riddle, { ...song, state: 'expired' }] }],
  ['a low set is only a warning', 'nothing', { ...elevated, inUse: [riddle, spare('low')] }],
  ['a set that was removed is not demanded again', 'nothing', { ...elevated, inUse: [riddle] }],
  [
    'who used the last code, but has a primary factor, makes a new set',
    'save-backup-codes',
    { ...elevated, proved: ['backup'], inUse: [riddle, spare('empty')] },
  ],
  ['who used a code and has a primary factor goes on', 'nothing', { ...elevated, proved: ['backup'] }],
];

const recovery: Row[] = [
  ['who came in by a code without a primary factor sets one up', 'enroll', recovering],
  ['under no-prompt as well', 'enroll', { ...recovering, policy: 'no-prompt' }],
  ['a remembered skip does not help', 'enroll', { ...recovering, skipped: { 'suggest-mfa': 1 } }],
  ['nor does a trusted browser', 'enroll', { ...recovering, trusted: true }],
  ['nor does the own switch', 'enroll', { ...recovering, signInStepOff: true }],
  ['before a new set, because a set cannot stand alone', 'enroll', { ...recovering, inUse: [spare('empty')] }],
  ['whose primary factor was disabled meanwhile stays in', 'nothing', { ...elevated, inUse: [spare('usable')] }],
  ['but under mandatory binds another', 'enroll', { ...elevated, inUse: [spare('usable')], policy: 'mandatory' }],
  ['and is not sent to a set that could not be made', 'nothing', { ...elevated, inUse: [], owed: ['backup-codes'] }],
];

const another: Row[] = [
  [
    'an address that was bound by itself suggests another factor',
    'suggest-another',
    { ...elevated, boundByItself: true },
  ],
  ['once skipped it does not', 'nothing', { ...elevated, boundByItself: true, skipped: { 'suggest-another': 1 } }],
  ['the codes come first', 'save-backup-codes', { ...elevated, boundByItself: true, owed: ['backup-codes'] }],
  [
    'with everything bound there is nothing to suggest',
    'nothing',
    { ...elevated, boundByItself: true, inUse: [riddle, song] },
  ],
  ['a factor that was chosen suggests nothing', 'nothing', elevated],
  [
    'whoever has a second one chose it themselves',
    'nothing',
    {
      ...elevated,
      boundByItself: true,
      inUse: [riddle, song],
      offered: [...somebody.offered, { kind: 'dance', rank: 'primary' }],
    },
  ],
  [
    'backup codes are no other method',
    'nothing',
    { ...elevated, boundByItself: true, inUse: [riddle], offered: [{ kind: 'riddle', rank: 'primary' }, spareOffered] },
  ],
];

const risky: Row[] = [
  ['a suspended account is barred before anything else', 'barred', { ...elevated, barred: true, vouched: 'owed' }],
  ['so is one without a method', 'barred', { barred: true }],
  ['whoever a provider must vouch for signs in there again', 'reauthenticate', { ...elevated, vouched: 'owed' }],
  ['a sign-in that may go no further does not, proved or not', 'blocked', { ...elevated, asks: 'block' }],
  ['nor by a code that owes a proof', 'blocked', { ...pending, asks: 'block', recovering: 'proof' }],
  ['one that looks risky is asked in a trusted browser', 'verify', { ...pending, asks: 'ask', trusted: true }],
  ['and where the step is switched off', 'verify', { ...pending, asks: 'strongest', signInStepOff: true }],
  ['and where a provider stands in', 'verify', { ...pending, asks: 'ask', vouched: 'instead' }],
  ['a provider stands in for the step', 'nothing', { ...pending, vouched: 'instead' }],
  ['but not where it does so for others alone', 'verify', { ...pending, vouched: 'unprotected' }],
  ['a spent code owes a proof', 'confirm-recovery', { ...pending, recovering: 'proof', trusted: true }],
  ['or an administrator’s word', 'wait', { ...pending, recovering: 'approval', trusted: true }],
  ['which may be there', 'wait', { ...pending, recovering: 'approved', signInStepOff: true }],
  ['whoever proved a factor meanwhile owes nothing', 'nothing', { ...elevated, recovering: 'proof' }],
  ['after an objection nobody enrols in one', 'blocked', { protected: true, owed: ['primary'], enrollment: 'block' }],
  ['but where it is only confirmed', 'enroll', { protected: true, owed: ['primary'], enrollment: 'confirm' }],
  ['no first enrolment in one, but none is demanded', 'nothing', { enrollment: 'block' }],
  ['where it is demanded, nobody goes on', 'blocked', { enrollment: 'block', policy: 'mandatory' }],
  [
    'a provider’s word is as good as a method',
    'nothing',
    { enrollment: 'block', policy: 'mandatory', vouched: 'unprotected' },
  ],
  ['what sign-ins are asked concerns nobody without a method', 'suggest-mfa', { asks: 'block' }],
];

const passes: Row[] = [
  ['who came by a pass sets a factor up', 'enroll', { ...elevated, proved: ['pass'] }],
  ['whatever they have left', 'enroll', { ...elevated, proved: ['pass'], owed: ['backup-codes'] }],
  ['but not who proved another as well', 'nothing', { ...elevated, proved: ['pass', 'primary'] }],
  ['nor who proved a code as well', 'nothing', { ...elevated, proved: ['pass', 'backup'] }],
];

const exempt: Row[] = [
  ['an exemption demands nothing', 'nothing', { policy: 'mandatory', exempt: true }],
  ['nor suggests anything', 'nothing', { exempt: true }],
  ['but excuses nobody from a method that they have', 'verify', { ...pending, exempt: true }],
];

const table: { [about: string]: Row[] } = {
  'without MFA': withoutMfa,
  'at sign-in': atSignIn,
  'without a way in': withoutAWay,
  'once something is proved': afterProof,
  'in recovery': recovery,
  'with one factor': another,
  'in a sign-in that looks risky, or is somebody else’s to judge': risky,
  'with a pass': passes,
  'while exempt': exempt,
};

describe('the next step, in words', () => {
  for (const [about, rows] of Object.entries(table)) {
    describe(about, () => {
      for (const [sentence, step, facts] of rows) {
        it(`${sentence}: ${step}`, () => expect(nextStep({ ...somebody, ...facts }).step).to.equal(step));
      }
    });
  }

  it('says by when, where a date was given', () => {
    const next = nextStep({ ...somebody, policy: 'mandatory', graceUntil: now + 60 });
    expect(next).to.deep.equal({ step: 'suggest-mfa', graceUntil: now + 60 });
    expect(nextStep({ ...somebody, graceUntil: now + 60 })).to.deep.equal({ step: 'suggest-mfa' });
  });

  it('says whether an administrator has approved, where one is waited for', () => {
    const waits = (recovering: Facts['recovering']) => nextStep({ ...somebody, ...pending, recovering });
    expect(waits('approved')).to.deep.equal({ step: 'wait', approved: true });
    expect(waits('approval')).to.deep.equal({ step: 'wait' });
  });

  it('can be skipped where it is a suggestion, is demanded where it is none, and is pending where a proof is owed', () => {
    const all: [step: NextStep, skip: string | undefined, isDemanded: boolean, isUnproved: boolean][] = [
      [{ step: 'barred' }, undefined, true, false],
      [{ step: 'blocked' }, undefined, true, false],
      [{ step: 'reauthenticate' }, undefined, true, false],
      [{ step: 'verify' }, undefined, true, true],
      [{ step: 'recover' }, undefined, true, true],
      [{ step: 'confirm-recovery' }, undefined, true, true],
      [{ step: 'wait' }, undefined, true, true],
      [{ step: 'enroll', why: 'policy' }, undefined, true, false],
      [{ step: 'save-backup-codes' }, undefined, true, false],
      [{ step: 'suggest-mfa' }, 'suggest-mfa', false, false],
      [{ step: 'suggest-another' }, 'suggest-another', false, false],
      [{ step: 'nothing' }, undefined, false, false],
    ];
    for (const [next, ...said] of all)
      expect([skippable(next), isDemanded(next), isUnproved(next)], next.step).to.deep.equal(said);
  });

  it('tells an enrolment that the policy demands from one that recovery does', () => {
    expect(nextStep({ ...somebody, policy: 'mandatory' })).to.include({ why: 'policy' });
    expect(nextStep({ ...somebody, ...recovering, policy: 'mandatory' })).to.include({ why: 'recovery' });
    expect(nextStep({ ...somebody, ...elevated, proved: ['pass'] })).to.include({ why: 'recovery' });
    expect(nextStep({ ...somebody, protected: true, owed: ['primary'] })).to.include({ why: 'recovery' });
  });
});
