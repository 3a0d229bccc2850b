// Which answers are not looked at in a sign-in that looks risky: whoever is refused learns neither why nor whether they were right.
import { expect } from 'chai';
import type { Factor } from '../../../src/core/kernel/factor.js';
import type { RiskAction } from '../../../src/core/kernel/risk.js';
import { refusedAsRisky } from '../../../src/core/rules/risky.js';
import {
  app,
  asking,
  codes,
  having,
  highRisk,
  key,
  mail,
  pass,
  proof,
  ruleKernel,
  since,
  type AskerOptions,
} from '../../support/rule-person.js';

const person = having([key, app, mail, codes, pass]);
const onlyCodes = having([codes]);
/** What is said of an answer: `looked at`, `blocked`, or the factors that are asked for instead. */
function saidOf(
  factor: Factor,
  asker: AskerOptions,
  words: Parameters<typeof highRisk>[0] = {},
  record = person,
): string {
  const kernel = ruleKernel({ riskActions: highRisk(words) });
  const refusal = refusedAsRisky(kernel, asking(asker), record, factor);
  if (!refusal) return 'looked at';
  if (refusal.reason === 'session.mfa.blocked') return `blocked${Object.keys(refusal.details).join()}`;
  const { hint, availableFactors = [], ...more } = refusal.details;
  expect(refusal.reason).to.equal('session.mfa.require_mfa_verification');
  expect({ hint, ...more }).to.deep.equal({ hint: 'sign_in.unusual' });
  return `asks for ${availableFactors.join(' ')}`;
}
const high: AskerOptions = { level: 'high' };

describe('an answer in a sign-in that looks risky', () => {
  it('is looked at below high, and where risk is only told of', () => {
    for (const factor of [key, app, mail, codes, pass])
      for (const asker of [{}, { level: 'low' }, { level: 'medium' }] as const)
        expect(saidOf(factor, asker), factor.kind).to.equal('looked at');
    const told = ruleKernel({ riskActions: undefined });
    expect(refusedAsRisky(told, asking(high), person, app)).to.equal(undefined);
  });

  const rows: [signIn: RiskAction, recovery: RiskAction, key: string, mail: string, codes: string, pass: string][] = [
    ['ask', 'confirm', 'looked at', 'looked at', 'looked at', 'looked at'],
    ['strongest', 'hold', 'looked at', 'asks for key codes pass', 'looked at', 'looked at'],
    ['strongest', 'approve', 'looked at', 'asks for key codes pass', 'looked at', 'looked at'],
    ['strongest', 'block', 'looked at', 'asks for key codes pass', 'blocked', 'looked at'],
    ['allow', 'block', 'looked at', 'looked at', 'blocked', 'looked at'],
    ['block', 'allow', 'blocked', 'blocked', 'blocked', 'blocked'],
  ];
  for (const [signIn, recovery, ...said] of rows)
    it(`is at the words ${signIn} and ${recovery}: passkey ${said[0]}, mail ${said[1]}, codes ${said[2]}, pass ${said[3]}`, () => {
      const all = [key, mail, codes, pass].map((factor) => saidOf(factor, high, { signIn, recovery }));
      expect(all).to.deep.equal(said);
    });

  it('is asked of the strongest that the person has', () => {
    const without = having([app, mail, codes]);
    expect(saidOf(mail, high, {}, without)).to.equal('asks for app codes');
    expect(saidOf(app, high, {}, without)).to.equal('looked at');
  });

  it('by what the person has not is refused elsewhere, like any wrong one, but for weaker ones at high risk', () => {
    const few = having([key, mail]);
    expect(saidOf(app, { level: 'medium' }, {}, few)).to.equal('looked at');
    expect(saidOf(codes, high, {}, few)).to.equal('looked at');
    expect(saidOf(app, high, {}, few)).to.equal('asks for key');
  });

  describe('by a backup code of somebody who is in', () => {
    const stepUp = { signIn: 'allow' } as const;
    const byApp: AskerOptions = { level: 'high', proofs: [proof(app, since)] };

    it('is not looked at where a sign-in by it would be held, and a primary factor would do', () => {
      expect(saidOf(codes, byApp, stepUp)).to.equal('asks for key app mail');
      expect(saidOf(codes, byApp, { ...stepUp, recovery: 'approve' })).to.equal('asks for key app mail');
    });

    it('is looked at where it would not be held', () => {
      expect(saidOf(codes, byApp, { ...stepUp, recovery: 'confirm' })).to.equal('looked at');
      expect(saidOf(codes, { ...byApp, level: 'medium' }, stepUp)).to.equal('looked at');
    });

    it('is looked at where nothing else is left, or nothing that was proved counts', () => {
      const byCode: AskerOptions = { level: 'high', proofs: [proof(codes, since)] };
      expect(saidOf(codes, byCode, stepUp, onlyCodes)).to.equal('looked at');
      expect(saidOf(codes, byCode, stepUp)).to.equal('asks for key app mail');
      expect(saidOf(codes, { level: 'high', proofs: [proof(mail, since)] })).to.equal('looked at');
    });

    it('is no matter of a primary factor or a pass', () => {
      expect(saidOf(app, byApp, stepUp)).to.equal('looked at');
      expect(saidOf(pass, byApp, stepUp)).to.equal('looked at');
    });
  });
});
