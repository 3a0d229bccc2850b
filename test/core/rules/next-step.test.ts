// The decision over the full cross product of its facts, checked against the rules stated apart from the code: what
// each step takes, and which facts may not matter. The rows in words stand in next-step-table.test.ts.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  isDemanded,
  isMandatory,
  nextStep,
  skippable,
  type Facts,
  type KindInUse,
  type Rank,
} from '../../../src/core/rules/next-step.js';
import { policies } from '../../../src/core/kernel/policy.js';

const now = 1_800_000_000;
const kind = (name: string, rank: Rank, state: KindInUse['state'] = 'usable'): KindInUse => ({
  kind: name,
  rank,
  state,
});
const primary = kind('riddle', 'primary');
const backup = (state: KindInUse['state']) => kind('spare-words', 'backup', state);
const offers = [
  { kind: 'riddle', rank: 'primary' },
  { kind: 'song', rank: 'primary' },
  { kind: 'spare-words', rank: 'backup' },
] as const;

const dimensions = {
  policy: policies,
  moment: ['sign-up', 'sign-in'],
  protected: [false, true],
  inUse: [
    [],
    [primary],
    [primary, backup('usable')],
    [primary, backup('low')],
    [primary, backup('empty')],
    [primary, backup('expired')],
    [backup('usable')],
    [backup('low')],
    [backup('empty')],
    [backup('expired')],
  ],
  skipped: [{}, { 'suggest-mfa': 1 }, { 'suggest-another': 1 }],
  graceUntil: [undefined, now - 1, now, now + 1],
  proved: [[], ['primary'], ['backup'], ['backup', 'primary']],
  trusted: [false, true],
  signInStepOff: [false, true],
  owed: [[], ['backup-codes']],
  offered: [offers, offers.filter(({ rank }) => rank === 'primary')],
  boundByItself: [false, true],
} as const;

function* crossProduct(): Generator<Facts> {
  const names = Object.keys(dimensions) as (keyof typeof dimensions)[];
  function* fill(facts: object, [name, ...rest]: typeof names): Generator<Facts> {
    if (name === undefined) return yield facts as Facts;
    for (const value of dimensions[name]) {
      yield* fill(value === undefined ? facts : { ...facts, [name]: value }, rest);
    }
  }
  yield* fill({ now }, names);
}

/** The rules once more: for each step the conditions under which it is told, of which exactly one set holds. */
function stepsThatHold(facts: Facts): string[] {
  const works = (rank: Rank) =>
    facts.inUse.some((each) => each.rank === rank && each.state !== 'empty' && each.state !== 'expired');
  const mandatory = facts.policy === 'mandatory' && !(facts.graceUntil !== undefined && now < facts.graceUntil);
  const pending = facts.protected && facts.proved.length === 0;
  const elevated = facts.protected && facts.proved.length > 0;
  const excused = facts.trusted || (facts.signInStepOff && facts.policy !== 'mandatory');
  const rebinds = elevated && !works('primary') && (mandatory || !facts.proved.includes('primary'));
  const setIsDue =
    facts.owed.includes('backup-codes') || facts.inUse.some((each) => each.rank === 'backup' && /^e/.exec(each.state));
  const saves = elevated && works('primary') && setIsDue && facts.offered.some(({ rank }) => rank === 'backup');
  const another =
    facts.boundByItself === true &&
    !Object.hasOwn(facts.skipped, 'suggest-another') &&
    facts.inUse.filter((each) => each.rank === 'primary').length < 2 &&
    facts.offered.some((each) => each.rank === 'primary' && !facts.inUse.some((own) => own.kind === each.kind));
  const prompts =
    facts.policy === 'mandatory' ||
    facts.policy === 'prompt-at-sign-in-and-sign-up' ||
    (facts.policy === 'prompt-only-at-sign-in' && facts.moment === 'sign-in');
  const suggested = !facts.protected && !mandatory && prompts && !Object.hasOwn(facts.skipped, 'suggest-mfa');
  const conditions: { [step: string]: boolean } = {
    recover: pending && !works('primary') && !works('backup'),
    verify: pending && (works('primary') || works('backup')) && !excused,
    enroll: rebinds || (!facts.protected && mandatory),
    'save-backup-codes': saves && !rebinds,
    'suggest-another': elevated && !rebinds && !saves && another,
    'suggest-mfa': suggested,
  };
  const held = Object.keys(conditions).filter((step) => conditions[step]);
  return held.length === 0 ? ['nothing'] : held;
}

const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    policy: fc.constantFrom(...policies),
    moment: fc.constantFrom('sign-up' as const, 'sign-in' as const),
    graceUntil: fc.option(fc.integer({ min: now - 9, max: now + 9 }), { nil: undefined }),
    inUse: fc.array(
      fc.record({
        kind: fc.constantFrom('riddle', 'song', 'spare-words', 'gone'),
        rank: fc.constantFrom('primary' as const, 'backup' as const),
        state: fc.constantFrom('usable' as const, 'low' as const, 'empty' as const, 'expired' as const),
      }),
      { maxLength: 4 },
    ),
    offered: fc.subarray([...offers]),
    owed: fc.subarray(['backup-codes', 'something-else']),
    skipped: fc.dictionary(fc.constantFrom('suggest-mfa', 'suggest-another', 'enroll', 'verify'), fc.nat()),
    protected: fc.boolean(),
    signInStepOff: fc.boolean(),
    proved: fc.subarray<Rank>(['primary', 'backup']),
    trusted: fc.boolean(),
    boundByItself: fc.boolean(),
  })
  .map(({ graceUntil, ...facts }) => ({ now, ...facts, ...(graceUntil === undefined ? {} : { graceUntil }) }));

const someWorks = ({ inUse }: Facts) => inUse.some(({ state }) => state === 'usable' || state === 'low');

describe('the next step', () => {
  it('is the one whose conditions hold, for every combination of facts', () => {
    let combinations = 0;
    const seen = new Set<string>();
    for (const facts of crossProduct()) {
      const held = stepsThatHold(facts);
      const { step } = nextStep(facts);
      combinations += 1;
      seen.add(step);
      if (held.length !== 1 || held[0] !== step) expect.fail(`${step}, not ${held.join()}: ${JSON.stringify(facts)}`);
    }
    expect(combinations).to.equal(4 * 2 * 2 * 10 * 3 * 4 * 4 * 2 * 2 * 2 * 2 * 2);
    expect([...seen].sort()).to.deep.equal([
      'enroll',
      'nothing',
      'recover',
      'save-backup-codes',
      'suggest-another',
      'suggest-mfa',
      'verify',
    ]);
  });

  it('never passes a protected person who proved nothing, but by a trusted browser or their own switch', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        fc.pre(facts.protected && facts.proved.length === 0);
        const { step } = nextStep(facts);
        if (step === 'verify' || step === 'recover') return;
        expect(step).to.equal('nothing');
        expect(facts.trusted || (facts.signInStepOff && facts.policy !== 'mandatory')).to.equal(true);
        expect(someWorks(facts)).to.equal(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('never lets a protected person enrol, save codes or skip before they proved something', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const next = nextStep({ ...facts, protected: true, proved: [] });
        expect(next.step).not.to.be.oneOf(['enroll', 'save-backup-codes', 'suggest-mfa', 'suggest-another']);
        expect(skippable(next)).to.equal(undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it('is stood in for by an identity provider at the sign-in step alone: no recovery, risk, bar or set-up of others', () => {
    const more = fc.record({
      vouched: fc.constantFrom('unprotected' as const, 'instead' as const, 'owed' as const),
      barred: fc.boolean(),
      recovering: fc.constantFrom(undefined, 'proof' as const, 'approval' as const, 'approved' as const),
      asks: fc.constantFrom('allow' as const, 'strongest' as const, 'block' as const),
    });
    fc.assert(
      fc.property(anyFacts, more, (some, { vouched, recovering, ...others }) => {
        const facts = { ...some, ...others, ...(recovering && { recovering }) } as Facts;
        const without = nextStep(facts);
        const next = nextStep({ ...facts, vouched });
        const standsIn = vouched === 'instead' && without.step === 'verify' && facts.asks === 'allow';
        if (facts.barred === true) expect(next.step).to.equal('barred');
        else if (vouched === 'owed') expect(next.step).to.equal('reauthenticate');
        else if (facts.protected && !standsIn) expect(next).to.deep.equal(without);
        else expect(next.step).to.equal('nothing');
      }),
      { numRuns: 4000 },
    );
  });

  it('demands enrolment under a mandatory policy, whatever was skipped, trusted or switched off', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const mandatory: Facts = { ...facts, policy: 'mandatory', protected: false };
        delete mandatory.graceUntil;
        expect(nextStep(mandatory)).to.deep.equal({ step: 'enroll', why: 'policy' });
        expect(isMandatory(mandatory)).to.equal(true);
      }),
    );
  });

  it('is recovery where a protected person proved nothing and has nothing that works', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const stuck: Facts = { ...facts, protected: true, proved: [] };
        expect(nextStep(stuck).step === 'recover').to.equal(!someWorks(stuck));
      }),
      { numRuns: 2000 },
    );
  });

  it('demands a new primary factor of whoever proved a backup code only and has no other way, under every policy', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const inUse = facts.inUse.filter(({ rank }) => rank === 'backup');
        const next = nextStep({ ...facts, protected: true, proved: ['backup'], inUse });
        expect(next).to.deep.equal({ step: 'enroll', why: 'recovery' });
      }),
    );
  });

  it('can be skipped only where it is a suggestion, and a suggestion is never demanded', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const next = nextStep(facts);
        if (skippable(next)) expect(next.step).to.match(/^suggest-/);
        expect(isDemanded(next)).to.equal(!/^(suggest-|nothing)/.test(next.step));
      }),
      { numRuns: 2000 },
    );
  });

  it('bars whoever is suspended, whatever else is true', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const next = nextStep({ ...facts, barred: true });
        expect(next).to.deep.equal({ step: 'barred' });
        expect(isDemanded(next)).to.equal(true);
        expect(skippable(next)).to.equal(undefined);
      }),
    );
  });

  it('suggests nothing any more once it was skipped', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const what = skippable(nextStep(facts));
        if (what === undefined) return;
        const after = nextStep({ ...facts, skipped: { ...facts.skipped, [what]: now } });
        expect(after.step).not.to.equal(what);
        expect(isDemanded(after)).to.equal(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('never softens when a policy becomes stricter', () => {
    const weight = (facts: Facts) => {
      const next = nextStep(facts);
      return isDemanded(next) ? 2 : skippable(next) ? 1 : 0;
    };
    fc.assert(
      fc.property(anyFacts, ({ graceUntil: _none, ...facts }) => {
        const weights = policies.map((policy) => weight({ ...facts, policy }));
        expect(weights).to.deep.equal([...weights].sort((a, b) => a - b));
      }),
      { numRuns: 2000 },
    );
  });
});
