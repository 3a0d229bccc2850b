// How somebody not yet protected confirms that a first enrolment is theirs: a stolen password alone enrols no thief's phone.
import { expect } from 'chai';
import { addressDigest } from '../../../src/core/kernel/address-digest.js';
import type { MfaUser } from '../../../src/core/kernel/mfa-user.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import type { Settings } from '../../../src/core/kernel/settings.js';
import { confirmsBy, startsAgain } from '../../../src/core/rules/confirms-by.js';
import { app, asking, having, nobody, pass, ruleKernel, since, type AskerOptions } from '../../support/rule-person.js';

const ann: Partial<MfaUser> = { email: 'ann@example.com', emailVerified: true };
const phoneToo: Partial<MfaUser> = { ...ann, phone: '+41', phoneVerified: true };
const signUp = { signIn: { moment: 'sign-up' } } as const;

/** By what: `grant`, an address, or `nothing`. */
function saidOf(
  confirmFirstEnrollment: Settings['confirmFirstEnrollment'],
  asker: AskerOptions,
  record: MfaRecord = nobody,
  settings: Partial<Settings> = {},
): string {
  const by = confirmsBy(ruleKernel({ confirmFirstEnrollment, ...settings }), asking(asker), record);
  return by?.by === 'address' ? `${by.factor.kind} ${by.address}` : (by?.by ?? 'nothing');
}
const byMail = 'mail ann@example.com';

describe('the first enrolment is confirmed, of', () => {
  type Row = [
    who: string,
    asker: AskerOptions,
    record: MfaRecord,
    open: string,
    whenPossible: string,
    required: string,
  ];
  const rows: Row[] = [
    ['somebody with an address', { user: ann }, nobody, 'nothing', byMail, byMail],
    ['somebody without', {}, nobody, 'nothing', 'nothing', 'grant'],
    [
      'somebody whose address is not verified',
      { user: { ...ann, emailVerified: false } },
      nobody,
      'nothing',
      'nothing',
      'grant',
    ],
    ['somebody with two', { user: phoneToo }, nobody, 'nothing', 'sms +41', 'sms +41'],
    ['somebody who signs up, with an address', { user: ann, ...signUp }, nobody, 'nothing', 'nothing', byMail],
    ['somebody who signs up, without', signUp, nobody, 'nothing', 'nothing', 'grant'],
    ['a sign-in of low risk', { user: ann, level: 'low' }, nobody, 'nothing', byMail, byMail],
    ['a sign-in that looks risky', { user: ann, level: 'medium' }, nobody, byMail, byMail, byMail],
    ['one that looks risky, without an address', { level: 'medium' }, nobody, 'grant', 'grant', 'grant'],
    ['a sign-up that looks risky', { user: ann, level: 'medium', ...signUp }, nobody, byMail, byMail, byMail],
    ['one that was released', { level: 'medium' }, { ...nobody, releasedUntil: since }, 'nothing', 'nothing', 'grant'],
    ['somebody under an id that came back', { user: ann }, { ...nobody, account: 'anew' }, byMail, byMail, byMail],
    ['the same, without an address', signUp, { ...nobody, account: 'ended' }, 'grant', 'grant', 'grant'],
  ];
  for (const [who, asker, record, ...expected] of rows)
    it(`${who}: open ${expected[0]}, when possible ${expected[1]}, required ${expected[2]}`, () => {
      const said = (['open', 'when-possible', 'required'] as const).map((option) => saidOf(option, asker, record));
      expect(said).to.deep.equal(expected);
    });

  it('nothing by its risk alone where risk is only told of, or nothing was assessed', () => {
    expect(saidOf('open', { level: 'high' }, nobody, { riskActions: undefined })).to.equal('nothing');
    const always = { low: 'confirm', medium: 'confirm', high: 'confirm' } as const;
    const riskActions = { ...ruleKernel().settings.riskActions!, enrollment: always };
    expect(saidOf('open', {}, nobody, { riskActions })).to.equal('nothing');
    expect(saidOf('open', { level: 'low' }, nobody, { riskActions })).to.equal('grant');
  });
});

describe('whoever objected to their first enrolment', () => {
  const again = having([], { owed: ['primary'] });
  const from = (address: string, id = 'ann') => ({
    ...again,
    reclaim: { since, address: addressDigest(ruleKernel().sealer, id, address) },
  });

  it('starts again, protected, with nothing but what they owe', () => {
    expect(startsAgain(again)).to.equal(true);
    expect(startsAgain({ ...again, protected: false })).to.equal(false);
    expect(startsAgain({ ...again, owed: ['backup-codes'] })).to.equal(false);
    for (const factor of [app, pass]) expect(startsAgain(having([factor], { owed: ['primary'] }))).to.equal(false);
  });

  const rows: [where: string, user: Partial<MfaUser>, record: MfaRecord, expected: string][] = [
    ['it is still theirs', ann, from('ann@example.com'), byMail],
    ['it is one of theirs', phoneToo, from('ann@example.com'), byMail],
    ['theirs is another one now', { ...ann, email: 'thief@example.com' }, from('ann@example.com'), 'grant'],
    ['it is verified no more', { ...ann, emailVerified: false }, from('ann@example.com'), 'grant'],
    ['it was of another person', ann, from('ann@example.com', 'bob'), 'grant'],
    ['the objection came from none', ann, { ...again, reclaim: { since } }, 'grant'],
    ['nothing is known of the objection', ann, again, 'grant'],
    ['the host knows none', {}, from('ann@example.com'), 'grant'],
  ];
  for (const [where, user, record, expected] of rows)
    it(`confirms by ${expected === 'grant' ? 'a granted code' : 'the address it came from'} where ${where}, whatever the app says`, () => {
      for (const option of ['open', 'when-possible', 'required'] as const)
        for (const asker of [{ user }, { user, ...signUp }])
          expect(saidOf(option, asker, record), option).to.equal(expected);
    });

  it('confirms nothing by it once they have a method again', () => {
    const has = { ...from('ann@example.com'), ...having([app], { owed: ['primary'] }) };
    expect(saidOf('open', { user: ann }, has)).to.equal('nothing');
  });
});
