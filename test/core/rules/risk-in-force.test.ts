// What the level of a sign-in does to what was proved in it, and to what is asked for.
import { expect } from 'chai';
import { isOlderThan, riskInForce, strengthOf, strongestKinds } from '../../../src/core/rules/risk-in-force.js';
import type { Factor } from '../../../src/core/kernel/factor.js';
import { emptyRecord, type Authenticator, type MfaRecord } from '../../../src/core/kernel/record.js';
import type { RiskLevel } from '../../../src/core/kernel/risk.js';
import type { AssessedRisk, Proof } from '../../../src/core/kernel/sign-in.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel } from '../../support/core-kernel.js';

const key = { ...(riddle({ kind: 'key' }) as unknown as Factor), strength: 3 as const };
const app = { ...(riddle({ kind: 'app' }) as unknown as Factor), strength: 2 as const };
const mail = riddle({ kind: 'mail' }) as unknown as Factor;
const codes = spareWords() as unknown as Factor;
const strongest = { low: 'allow', medium: 'ask', high: 'strongest' };
const enrollment = { low: 'allow', medium: 'confirm', high: 'block' };
const settings = { riskActions: { signIn: strongest, enrollment, recovery: strongest } as never };
const kernel = testKernel({ factors: [key, app, mail, codes], settings });
const since = kernel.now() - 100;

const own = (id: string, createdAt = since): Authenticator => ({ id, kind: id, createdAt, data: {} });
const record: MfaRecord = {
  ...emptyRecord('e'),
  authenticators: [own('key'), own('app'), own('mail'), own(codes.kind)],
};
const proof = (kind: string, at = since): Proof => ({ kind, authenticatorId: kind, at, userVerified: false });
const usable = () => [app, mail, key, codes].map((factor) => ({ factor, authenticator: own(factor.kind) }));
const risk = (level: RiskLevel): AssessedRisk => ({ level, score: 1, signals: [], seenFrom: 'x', since });
const inForce = (level: RiskLevel, proofs: Proof[], of = record) =>
  riskInForce(kernel, { risk: risk(level) }, of, proofs, usable);

describe('the level of a sign-in', () => {
  it('does nothing where none was assessed, or nothing is to be done', () => {
    const nothing = { level: 'low', signIn: 'allow', enrollment: 'allow', proofs: [proof('mail')] };
    const never = () => expect.fail('what is usable is asked for');
    expect(riskInForce(kernel, {}, record, [proof('mail')], never)).to.deep.equal(nothing);
    const idle = testKernel();
    expect(riskInForce(idle, { risk: risk('high') }, record, [proof('mail')], never)).to.deep.equal(nothing);
  });

  it('lets every proof count below the action `strongest`', () => {
    const proofs = [proof('mail'), proof(codes.kind)];
    expect(inForce('medium', proofs)).to.deep.equal({ level: 'medium', signIn: 'ask', enrollment: 'confirm', proofs });
    expect(inForce('low', proofs)).to.deep.equal({ level: 'low', signIn: 'allow', enrollment: 'allow', proofs });
  });

  it('lets no weaker primary proof count at it, and asks for the strongest kinds', () => {
    expect(inForce('high', [proof('mail'), proof('app'), proof(codes.kind), proof('gone')])).to.deep.equal({
      level: 'high',
      signIn: 'strongest',
      enrollment: 'block',
      proofs: [proof(codes.kind), proof('gone')],
      strongest: ['key'],
    });
  });

  it('lets no proof count where nobody goes on, but one that lowers it', () => {
    const signIn = { ...strongest, high: 'block' };
    const blocking = testKernel({
      factors: [key, mail, codes],
      settings: { riskActions: { signIn, enrollment, recovery: strongest } as never },
    });
    const at = (level: RiskLevel, ...proofs: Proof[]) =>
      riskInForce(blocking, { risk: risk(level) }, record, proofs, usable);
    expect(at('high', proof('key', since - 1), proof(codes.kind))).to.deep.equal({
      level: 'high',
      signIn: 'block',
      enrollment: 'block',
      proofs: [],
      strongest: ['key'],
    });
    expect(at('high', proof('key'))).to.deep.include({ level: 'low', proofs: [proof('key')] });
    expect(at('medium', proof('mail'))).to.deep.include({ level: 'medium', proofs: [proof('mail')] });
  });

  it('falls by a proof of the strongest kind, made since by what stood there before', () => {
    const all = [proof('mail'), proof('key')];
    expect(inForce('high', all)).to.deep.equal({ level: 'low', signIn: 'allow', enrollment: 'allow', proofs: all });
    const early = [proof('mail'), proof('key', since - 1)];
    expect(inForce('high', early)).to.deep.include({ level: 'high', proofs: early, strongest: ['key'] });
    const late = { ...record, authenticators: [own('key', since + 1), own('mail')] };
    expect(inForce('high', all, late)).to.deep.include({ level: 'high', proofs: all });
    const held = { ...record, hold: { since, until: kernel.now() + 1 } };
    expect(inForce('high', all, held)).to.deep.include({ level: 'high', proofs: all });
  });

  it('asks for the primary kinds that are hardest to take, each once', () => {
    expect([key, app, mail].map(strengthOf)).to.deep.equal([3, 2, 1]);
    const of = (...factors: Factor[]) => strongestKinds(factors.map((factor) => ({ factor })));
    expect(of(mail, key, app, key)).to.deep.equal(['key']);
    expect(of(mail, { ...mail, kind: 'sms' }, codes)).to.deep.equal(['mail', 'sms']);
    expect(of({ ...codes, strength: 3 }, mail)).to.deep.equal(['mail']);
    expect(of(codes)).to.deep.equal([]);
  });

  it('knows what stood there as it rose, to the second', () => {
    const is = isOlderThan({ ...record, authenticators: [own('a', since), own('b', since + 1)] }, since);
    expect(['a', 'b', 'c'].map((authenticatorId) => is({ authenticatorId }))).to.deep.equal([true, false, false]);
  });
});
