// What a backup code owes in a sign-in that looks risky, whom it keeps from another one, and what ends it.
import { expect } from 'chai';
import type { Factor } from '../../../src/core/kernel/factor.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import { recoveriesOf } from '../../../src/core/kernel/recovering.js';
import type { RiskAction, RiskLevel } from '../../../src/core/kernel/risk.js';
import {
  isHeldNow,
  recoveryAction,
  refusedAsBarredCode,
  refusedAsRecovering,
  refusedAsRisen,
  withRecoveryEnded,
} from '../../../src/core/rules/recovery.js';
import {
  app,
  asking,
  codes,
  having,
  highRisk,
  key,
  now,
  own,
  pass,
  proof,
  recovering,
  ruleKernel,
  since,
  spent,
} from '../../support/rule-person.js';

const kernel = ruleKernel();
const person = having([app, codes]);
const [mine, theirs] = [spent(), spent({ id: 'theirs', flow: 'another sign-in' })];
const waiting = { owes: 'approval' as const };

describe('what a backup code is asked for', () => {
  it('is what the table says of the level of this sign-in', () => {
    const at = (level: RiskLevel) => recoveryAction(kernel, asking({ level }).signIn, person);
    expect([at('low'), at('medium'), at('high')]).to.deep.equal(['allow', 'confirm', 'hold']);
    expect(recoveryAction(kernel, asking().signIn, person)).to.equal('allow');
    const told = ruleKernel({ riskActions: undefined });
    expect(recoveryAction(told, asking({ level: 'high' }).signIn, person)).to.equal('allow');
  });

  it('becomes nothing by a release after it looked risky, and no less by any proof', () => {
    const high = asking({ level: 'high', proofs: [proof(key)] }).signIn;
    const releasedUntil = (at: number) => recoveryAction(kernel, high, { ...person, releasedUntil: at });
    expect(recoveryAction(kernel, high, person)).to.equal('hold');
    expect(releasedUntil(since - 1)).to.equal('hold');
    expect(releasedUntil(since)).to.equal('allow');
  });

  const rows: [word: RiskAction, isHeld: boolean, refusal: string | undefined][] = [
    ['allow', false, undefined],
    ['confirm', false, undefined],
    ['hold', true, undefined],
    ['approve', true, 'session.mfa.blocked'],
    ['block', true, 'session.mfa.blocked'],
  ];
  for (const [word, isHeld, refusal] of rows)
    it(`at the word \`${word}\` ${isHeld ? 'is followed by a hold' : 'is followed by none'}, ${refusal ? 'and no proof is enough' : 'and a proof is enough'}`, () => {
      const risen = ruleKernel({ riskActions: highRisk({ recovery: word }) });
      const { signIn } = asking({ level: 'high' });
      expect(isHeldNow(risen, signIn, person, {})).to.equal(isHeld);
      expect(refusedAsRisen(risen, signIn, person)?.reason).to.equal(refusal);
    });

  it('is followed by a hold for good where it looked so as the code was spent', () => {
    expect(isHeldNow(kernel, asking({ level: 'low' }).signIn, person, { held: true })).to.equal(true);
    expect(isHeldNow(kernel, asking({ level: 'medium' }).signIn, person, {})).to.equal(false);
  });
});

describe('a spent code that owes something', () => {
  const held = having([app, own(key, { createdAt: since }), codes], { hold: { since, until: now + 1 } });
  const early = spent({ at: since - 50 });
  const inIt = asking();
  const elsewhere = asking({ signIn: { flowId: 'somewhere else' } });
  const confirmed = { name: 'recovery-confirmed', kind: codes.kind, authenticatorId: codes.kind };
  /** What is left of the spent codes, what is told, and the hold. */
  function after(record: MfaRecord, factor: Factor, asker?: typeof inIt) {
    const ended = withRecoveryEnded(kernel, record, factor, factor.kind, asker);
    const left = recoveriesOf(kernel, 'ann', ended.record).map(({ id }) => id);
    return { left, happened: ended.happened, hold: ended.record.hold };
  }

  it('ends with all others by a primary factor from before any hold, in whatever sign-in', () => {
    const [free, before] = [recovering(person, early, theirs), recovering(held, early, theirs)];
    const byApp = { ...confirmed, detail: { by: app.kind } };
    expect(after(free, app, inIt)).to.deep.equal({ left: [], happened: [byApp], hold: undefined });
    expect(after(before, app, inIt)).to.deep.equal({ left: [], happened: [byApp], hold: held.hold });
    expect(after(free, app, elsewhere)).to.deep.equal({ left: [], happened: [], hold: undefined });
    expect(after(free, app)).to.deep.equal({ left: [], happened: [], hold: undefined });
    expect(withRecoveryEnded(kernel, free, app, app.kind, inIt).record).to.deep.equal(person);
  });

  it('ends alone by one that was made in a recovery, in its own sign-in, and the hold begins anew', () => {
    const until = now + kernel.settings.holdHours * 3600;
    expect(after(recovering(held, early, theirs), key, inIt)).to.deep.equal({
      left: ['theirs'],
      happened: [{ ...confirmed, detail: { by: key.kind } }],
      hold: { since: since - 50, until },
    });
  });

  it('stays by anything else', () => {
    const record = recovering(held, early, theirs);
    const stays = (of: MfaRecord, factor: Factor, asker?: typeof inIt) => {
      const ended = withRecoveryEnded(kernel, of, factor, factor.kind, asker);
      expect(ended.record, factor.kind).to.equal(of);
      expect(ended.happened).to.deep.equal([]);
    };
    stays(record, key, elsewhere);
    stays(record, key);
    stays(record, codes, inIt);
    stays(record, pass, inIt);
    stays(held, app, inIt);
  });
});

describe('a further backup code', () => {
  it('is not looked at while codes and passes are barred after an objection; a primary factor is', () => {
    const until = (at: number) => ({ ...person, codesBarredUntil: at });
    for (const factor of [codes, pass]) {
      const refusal = refusedAsBarredCode(kernel, factor, until(now + 90));
      expect(refusal?.reason).to.equal('session.mfa.on_hold');
      expect(refusal?.details).to.deep.equal({
        hint: 'recovery.barred',
        heldUntil: now + 90,
        retryAfterSeconds: 90,
      });
      expect(refusedAsBarredCode(kernel, factor, until(now))).to.equal(undefined);
      expect(refusedAsBarredCode(kernel, factor, person)).to.equal(undefined);
    }
    expect(refusedAsBarredCode(kernel, app, until(now + 90))).to.equal(undefined);
  });

  const [unconfirmed, awaiting] = ['session.mfa.recovery_unconfirmed', 'session.mfa.awaiting_approval'];
  const later = { signIn: { flowId: 'later', recovery: 'mine' } };
  const rows: [
    who: string,
    spent: MfaRecord,
    opensCase: boolean,
    refusal: string | undefined,
    asker?: Parameters<typeof asking>[0],
  ][] = [
    ['nobody spent one', person, true, undefined],
    ['this sign-in owes a proof', recovering(person, mine), false, unconfirmed],
    ['this sign-in owes a proof, whatever another would', recovering(person, mine), true, unconfirmed],
    ['this sign-in awaits an administrator', recovering(person, spent(waiting)), false, awaiting],
    [
      'this browser does, from an earlier sign-in',
      recovering(person, spent({ ...waiting, flow: 'x' })),
      false,
      awaiting,
      later,
    ],
    ['its time is over', recovering(person, spent({ until: now })), true, undefined],
    ['another sign-in owes a proof', recovering(person, theirs), true, undefined],
    ['another awaits an administrator', recovering(person, { ...theirs, ...waiting }), true, awaiting],
    ['another does, and this one would owe a proof', recovering(person, { ...theirs, ...waiting }), false, undefined],
  ];
  for (const [who, record, opensCase, refusal, asker] of rows)
    it(`where ${who} is ${refusal ? `refused: ${refusal}` : 'looked at'}`, () => {
      expect(refusedAsRecovering(kernel, asking(asker), codes, record, opensCase)?.reason).to.equal(refusal);
      expect(refusedAsRecovering(kernel, asking(asker), app, record, opensCase)).to.equal(undefined);
    });
});
