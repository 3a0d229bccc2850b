// By what a spent backup code may be confirmed: what was the person's before it looked risky, and nothing that came with the code.
import { expect } from 'chai';
import type { MfaUser } from '../../../src/core/kernel/mfa-user.js';
import type { MfaRecord } from '../../../src/core/kernel/record.js';
import { withVouched } from '../../../src/core/kernel/vouched-addresses.js';
import { confirmWays } from '../../../src/core/rules/recovery-ways.js';
import {
  app,
  asking,
  codes,
  having,
  key,
  mail,
  now,
  own,
  recovering,
  ruleKernel,
  since,
  spent,
  type AskerOptions,
} from '../../support/rule-person.js';

const kernel = ruleKernel();
const ann = {
  id: 'ann',
  label: 'ann',
  email: 'ann@example.com',
  emailVerified: true,
  phone: '+41',
  phoneVerified: true,
};
/** As the record is where this was the person's at an earlier sign-in; in its second life since `movedAt`, after others. */
function knownAs(record: MfaRecord, user: Partial<MfaUser>, movedAt?: number): MfaRecord {
  const learnt = (of: MfaRecord, said: Partial<MfaUser>, at: number) =>
    withVouched({ ...kernel, now: () => at }, { user: { ...ann, ...said }, hints: {} }, of, [
      { name: 'verification-accepted', outcome: 'accepted' },
    ]);
  if (movedAt === undefined) return learnt(record, user, since);
  return learnt(learnt(record, { email: 'old@example.com', phoneVerified: false }, 1), user, movedAt);
}
const person = having([app, codes]);
const before = recovering(knownAs(person, {}), spent());

/** As `by kind`, in their order. */
function waysOf(record: MfaRecord, asker: AskerOptions = {}, takesPassword = true): string[] {
  const all = confirmWays(
    kernel,
    asking({ level: 'medium', ...asker, user: { ...ann, ...asker.user } }),
    record,
    takesPassword,
  );
  return all.map((way) => `${way.by} ${way.kind}${way.by === 'address' ? ` ${way.address}` : ''}`);
}
const [bySms, byMail] = ['address sms +41', 'address mail ann@example.com'];

describe('the ways to confirm a spent backup code', () => {
  it('are none where none was spent in this sign-in, or an administrator must approve', () => {
    expect(waysOf(knownAs(person, {}))).to.deep.equal([]);
    expect(waysOf(recovering(knownAs(person, {}), spent({ flow: 'another' })))).to.deep.equal([]);
    expect(waysOf(recovering(knownAs(person, {}), spent({ owes: 'approval' })))).to.deep.equal([]);
  });

  it('are the primary factors, never further codes, and addresses of factors that the person has not', () => {
    expect(waysOf(before)).to.deep.equal(['factor app', bySms, byMail]);
    const withMail = recovering(knownAs(having([app, mail, codes]), {}), spent());
    expect(waysOf(withMail)).to.deep.equal(['factor app', 'factor mail', bySms]);
    expect(waysOf(recovering(knownAs(having([codes]), {}), spent()))).to.deep.equal([bySms, byMail]);
  });

  it('are at high risk the strongest of the factors alone', () => {
    const both = recovering(knownAs(having([key, app, codes]), {}), spent());
    expect(waysOf(both)).to.deep.equal(['factor key', 'factor app', bySms, byMail]);
    expect(waysOf(both, { level: 'high' })).to.deep.equal(['factor key', bySms, byMail]);
  });

  const addresses: [said: string, user: Partial<MfaUser>, record: MfaRecord, ways: string[]][] = [
    ['is said no longer', { email: 'new@example.com' }, before, [bySms]],
    ['is not verified any more', { emailVerified: false }, before, [bySms]],
    ['this sign-in began with', { signedInBy: 'email' }, before, [bySms]],
    ['was never known', {}, recovering(person, spent()), []],
    ['was known for less than a day', {}, recovering(knownAs(person, {}, now - 86_409), spent()), []],
    ['was known for a day', {}, recovering(knownAs(person, {}, now - 86_410), spent()), [bySms, byMail]],
  ];
  for (const [said, user, record, ways] of addresses)
    it(`are, where the mailbox ${said}, ${ways.join(' and ') || 'of no address'}`, () => {
      expect(waysOf(record, { user }, false)).to.deep.equal(['factor app', ...ways]);
    });

  const passwords: [where: string, expected: boolean, asker: AskerOptions, takes?: boolean, held?: true][] = [
    ['the sign-in began with a passkey', true, { user: { signedInBy: 'passkey' } }],
    ['the sign-in began with it', false, { user: { signedInBy: 'password' } }],
    ['the app does not say what it began with', false, {}],
    ['the app checks none', false, { user: { signedInBy: 'passkey' } }, false],
    ['it looks very risky', false, { user: { signedInBy: 'passkey' }, level: 'high' }],
    ['it looked very risky as the code was spent', false, { user: { signedInBy: 'passkey' } }, true, true],
  ];
  for (const [where, expected, asker, takes, held] of passwords)
    it(`are ${expected ? 'the password as well' : 'never the password'} where ${where}`, () => {
      const record = recovering(knownAs(person, {}), spent(held && { held }));
      const ways = waysOf(record, asker, takes);
      expect(ways).to.deep.equal(['factor app', bySms, byMail, ...(expected ? ['password password'] : [])]);
    });

  it('are of no factor that is disabled', () => {
    const disabled = recovering(knownAs(having([own(app, { disabledAt: 1 }), codes]), {}), spent());
    expect(waysOf(disabled)).to.deep.equal([bySms, byMail]);
  });
});
