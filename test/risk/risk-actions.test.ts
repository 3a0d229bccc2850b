// What an app does at each level of risk, and the level that a record keeps.
import { expect } from 'chai';
import { createMfa, memoryStore, totp, type MfaOptions } from '../../src/index.js';
import { riskByHistory } from '../../src/risk.js';
import { emptyRecord, type MfaRecord } from '../../src/core/kernel/record.js';
import { riskLevels, type RiskLevel, type RiskPlace } from '../../src/core/kernel/risk.js';
import { actionAt, fittingActions } from '../../src/core/rules/risk-actions.js';
import { keptLevel, levelNow, withLevel, withoutLevel } from '../../src/core/rules/kept-level.js';

const mfaWith = (riskActions: unknown, riskMode: 'enforce' | 'report' = 'enforce') =>
  createMfa({
    appName: 'Acme',
    secrets: ['a secret of the tests, thirty-two bytes or more'],
    store: memoryStore(),
    factors: [totp()],
    user: () => null,
    notify: () => undefined,
    risk: riskByHistory(),
    riskMode,
    riskActions: riskActions as MfaOptions['riskActions'],
  } as MfaOptions);

const words = (riskActions: unknown, place: RiskPlace, riskMode?: 'report') => {
  const { riskActions: table } = mfaWith(riskActions, riskMode).config.settings;
  return riskLevels.map((level) => actionAt(table, place, level)).join(' ');
};

describe('the table of what each level does', () => {
  it('has a word in every cell where an app says nothing', () => {
    expect(words(undefined, 'signIn')).to.equal('allow ask strongest');
    expect(words({}, 'enrollment')).to.equal('allow confirm block');
    expect(words({ signIn: {} }, 'recovery')).to.equal('allow confirm hold');
  });

  it('takes what an app says of single cells', () => {
    expect(words({ recovery: { high: 'approve' } }, 'recovery')).to.equal('allow confirm approve');
    expect(words({ signIn: { medium: 'strongest', high: 'block' } }, 'signIn')).to.equal('allow strongest block');
  });

  it('does nothing where risk is only told of', () => {
    for (const place of Object.keys(fittingActions) as RiskPlace[])
      expect(words({ signIn: { low: 'block', medium: 'block', high: 'block' } }, place, 'report')).to.equal(
        'allow allow allow',
      );
  });

  for (const [given, sentence] of [
    [
      { signIn: { high: 'allow' } },
      /`riskActions.signIn` asks less at a higher level: "allow" at high, "ask" at medium/,
    ],
    [{ recovery: { low: 'hold' } }, /`riskActions.recovery` asks less at a higher level: "confirm" at medium/],
    [{ enrollment: { medium: 'ask' } }, /`riskActions.enrollment.medium` is "ask", which does not fit there/],
    [{ signIn: { high: 'approve' } }, /It takes allow, ask, strongest, block/],
    [{ signIn: { high: 'strongst' } }, /none of its words. Did you mean "strongest"\?/],
    [{ signIn: { high: 3 } }, /none of its words/],
    [{ signin: {} }, /`riskActions` has no `signin`. Did you mean `signIn`\?/],
    [{ signIn: { hgh: 'block' } }, /`riskActions.signIn` has no `hgh`. Did you mean `high`\?/],
    [{ signIn: 'block' }, /`riskActions.signIn` takes an object/],
    ['block', /`riskActions` takes an object/],
  ] as const)
    it(`refuses ${JSON.stringify(given)} at start-up`, () => {
      expect(() => mfaWith(given)).to.throw(sentence);
      expect(() => mfaWith(given, 'report')).to.throw(sentence);
    });
});

describe('the level that a record keeps', () => {
  const known = (...ids: string[]): MfaRecord => ({
    ...emptyRecord('e'),
    known: ids.map((id) => ({ id, hash: 'h', createdAt: 1 })),
  });

  it('rises and never falls, for every pair of levels', () => {
    for (const first of riskLevels)
      for (const then of riskLevels) {
        const kept = keptLevel(withLevel(withLevel(known(), 'unknown', first), 'unknown', then), 'unknown');
        expect(riskLevels.indexOf(kept)).to.equal(Math.max(riskLevels.indexOf(first), riskLevels.indexOf(then)));
      }
  });

  it('is written only where it rises', () => {
    const record = withLevel(known(), 'unknown', 'medium');
    for (const level of ['low', 'medium'] satisfies RiskLevel[])
      expect(withLevel(record, 'unknown', level)).to.equal(record);
    expect(withLevel(known(), 'unknown', 'low')).not.to.have.property('raised');
  });

  it('of strangers raises nothing in a known browser, and that of a known one everything of unknown ones', () => {
    const strangers = withLevel(known('a'), 'unknown', 'high');
    expect(keptLevel(strangers, 'known:a')).to.equal('low');
    const own = withLevel(known('a', 'b'), 'known:a', 'high');
    expect(keptLevel(own, 'unknown')).to.equal('high');
    expect(keptLevel(own, 'known:b')).to.equal('low');
  });

  it('of a browser that is known no more is that of unknown ones', () => {
    const before = withLevel(known('a'), 'known:a', 'high');
    const after = withLevel({ ...before, known: [] }, 'unknown', 'medium');
    expect(keptLevel(after, 'unknown')).to.equal('high');
    expect(keptLevel({ ...before, known: [] }, 'unknown')).to.equal('high');
  });

  it('is over in the lane where the strongest factor was proved; from an unknown browser, in all', () => {
    const both = withLevel(withLevel(known('a'), 'unknown', 'medium'), 'known:a', 'high');
    expect(withoutLevel(both, 'known:a').raised).to.deep.equal({ unknown: 'medium' });
    expect(withoutLevel(both, 'unknown')).not.to.have.property('raised');
  });

  it('counts until a release, or a proof of the strongest class made since it rose', () => {
    const risk = { score: 65, level: 'high' as const, signals: [], seenFrom: 's', since: 100 };
    const proof = (when: number) => [{ kind: 'totp', authenticatorId: 'a', at: when, userVerified: false }];
    expect(levelNow(risk, {})).to.equal('high');
    expect(levelNow(risk, {}, proof(99))).to.equal('high');
    expect(levelNow(risk, {}, proof(100))).to.equal('low');
    expect(levelNow(risk, { releasedUntil: 100 })).to.equal('low');
    expect(levelNow(risk, { releasedUntil: 99 })).to.equal('high');
    expect(levelNow(undefined, {})).to.equal('low');
  });
});
