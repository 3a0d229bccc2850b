// The addresses that the host last said were verified: what teaches them, what is kept of them and since when, and to whom they
// count where a request says none. Sealed for this person, so that a test opens them to look.
import { expect } from 'chai';
import type { Told } from '../../../src/core/kernel/kernel.js';
import type { MfaUser } from '../../../src/core/kernel/mfa-user.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { openField, sealField } from '../../../src/core/kernel/sealed-field.js';
import { asKnownBefore, describedUser, withVouched } from '../../../src/core/kernel/vouched-addresses.js';
import type { Happened } from '../../../src/core/words/events.js';
import { testKernel } from '../../support/core-kernel.js';
import { thrownBy } from '../../support/thrown.js';

const kernel = testKernel();
const { now } = kernel.clock;
const proved: Happened[] = [{ name: 'verification-accepted', outcome: 'accepted' }];
const empty: MfaRecord = { ...emptyRecord('e'), protected: true };
const ann: MfaUser = {
  id: 'ann',
  label: 'Ann',
  email: 'ann@example.com',
  emailVerified: true,
  phone: '+41790000001',
  phoneVerified: true,
};
const { email, phone } = ann;
const keeping = (kept: unknown): MfaRecord => ({
  ...empty,
  addresses: sealField(kernel.sealer, 'ann', 'addresses', JSON.stringify(kept)),
});
const keptIn = ({ addresses }: MfaRecord): unknown =>
  addresses && JSON.parse(openField(kernel.sealer, 'ann', 'addresses', addresses));
const told = (user: Told['user']): Told => ({ user, hints: {} });
/** What stands in the record after a proof of somebody whom the host describes so. */
const learnt = (before: MfaRecord, user: Partial<MfaUser>, happened = proved) =>
  withVouched(kernel, told({ ...ann, ...user }), before, happened);
const unsaid = { email: undefined, phone: undefined } as unknown as Partial<MfaUser>;
/** Moved here from somebody else, or under a secret that is gone. */
const closed = { ...empty, addresses: sealField(kernel.sealer, 'bob', 'addresses', '{"email":"x@example.com"}') };
const broken = { ...empty, addresses: sealField(kernel.sealer, 'ann', 'addresses', 'no JSON') };

describe('the verified addresses of a record', () => {
  it('are learnt as the host says them, with language and zone, unreadable in the store', () => {
    const record = learnt(empty, { locale: 'de', timeZone: 'Europe/Zurich' });
    expect(keptIn(record)).to.deep.equal({ email, phone, locale: 'de', timeZone: 'Europe/Zurich' });
    expect(JSON.stringify(record)).not.to.match(/example|\+4179|Zurich/);
    expect({ ...record, addresses: undefined }).to.deep.equal({ ...empty, addresses: undefined });
  });

  it('are learnt where something was proved by the person, or a bound address followed; of nothing else', () => {
    const teaching: Happened[] = [
      { name: 'verification-accepted', outcome: 'accepted' },
      { name: 'authenticator-enrolled', outcome: 'accepted' },
      { name: 'address-changed', actor: 'system' },
    ];
    for (const each of teaching)
      expect(keptIn(learnt(empty, {}, [{ name: 'locked' }, each]))).to.deep.equal({ email, phone });
    const idle: Happened[][] = [[], [{ name: 'verification-refused', outcome: 'refused' }], [{ name: 'code-sent' }]];
    for (const happened of idle) expect(learnt(empty, {}, happened)).to.equal(empty);
  });

  it('are not learnt of somebody known by their id alone, nor of who is not protected', () => {
    const { label: _label, ...nameless } = ann;
    expect(withVouched(kernel, told(nameless), empty, proved)).to.equal(empty);
    const free = emptyRecord('e');
    expect(learnt(free, {})).to.equal(free);
  });

  it('are those that are verified: of the others what was said last stays', () => {
    const unverified = [false, undefined].flatMap((said) => [
      [{ emailVerified: said }, { phone }],
      [{ phoneVerified: said }, { email }],
    ]) as [Partial<MfaUser>, unknown][];
    for (const [user, kept] of unverified) expect(keptIn(learnt(empty, user))).to.deep.equal(kept);
    const none: Partial<MfaUser>[] = [unsaid, { emailVerified: false, phoneVerified: false }];
    for (const user of none) {
      expect(learnt(empty, user)).to.equal(empty);
      const before = keeping({ email: 'old@example.com' });
      expect(learnt(before, user)).to.equal(before);
    }
    expect(
      keptIn(learnt(keeping({ email: 'old@example.com', phone }), { emailVerified: false, locale: 'fr' })),
    ).to.deep.equal({ email: 'old@example.com', phone, locale: 'fr' });
    const half = { ...unsaid, phone, locale: 'fr' } as Partial<MfaUser>;
    expect(keptIn(learnt(keeping({ email: 'old@example.com', phone }), half))).to.deep.equal({
      email: 'old@example.com',
      phone,
      locale: 'fr',
    });
  });

  it('say since when one took another’s place, but not of the first', () => {
    const rows: [before: object, after: object][] = [
      [
        { email: 'old@example.com', phone },
        { email, phone, since: now },
      ],
      [
        { email, phone: '+41790000002' },
        { email, phone, since: now },
      ],
      [{ email }, { email, phone, since: now }],
      [{ phone }, { email, phone, since: now }],
      [
        { email: 'old@example.com', phone, since: now - 5 },
        { email, phone, since: now },
      ],
      [{}, { email, phone }],
      [{ locale: 'de' }, { email, phone, locale: 'de' }],
    ];
    for (const [before, after] of rows) expect(keptIn(learnt(keeping(before), {}))).to.deep.equal(after);
  });

  it('are not written anew where nothing changed, and keep since when they are', () => {
    const all = { email, phone, locale: 'de', timeZone: 'Europe/Zurich', since: now - 5 };
    const before = keeping(all);
    for (const user of [{}, { locale: 'de' }, { locale: 'de', timeZone: 'Europe/Zurich' }])
      expect(learnt(before, user)).to.equal(before);
    expect(keptIn(learnt(before, { locale: 'fr' }))).to.deep.equal({ ...all, locale: 'fr' });
    expect(keptIn(learnt(before, { timeZone: 'Asia/Tokyo' }))).to.deep.equal({ ...all, timeZone: 'Asia/Tokyo' });
  });

  it('begin anew where their secret is gone; what is broken otherwise is an error', () => {
    expect(keptIn(learnt(closed, {}))).to.deep.equal({ email, phone });
    expect(thrownBy(() => learnt(broken, {}))).to.be.instanceOf(SyntaxError);
  });
});

describe('whom the record knew before a sign-in', () => {
  const known = (record: MfaRecord, at = now) => asKnownBefore(kernel, { ...ann, locale: 'de' }, record, at);
  const bare = { id: 'ann', label: 'Ann', emailVerified: true, phoneVerified: true, locale: 'de' };

  it('has the addresses of the record, whatever the host says now', () => {
    const old = 'old@example.com';
    expect(known(keeping({ email: old }))).to.deep.equal({ ...bare, email: old });
    expect(asKnownBefore(kernel, { id: 'ann', label: 'Ann' }, keeping({ email: old, phone }), now)).to.deep.equal({
      id: 'ann',
      label: 'Ann',
      email: old,
      emailVerified: true,
      phone,
      phoneVerified: true,
    });
    for (const record of [empty, closed]) expect(known(record)).to.deep.equal(bare);
  });

  it('has them once they were theirs for a day, to the second', () => {
    const record = keeping({ email, phone, since: now - 86_400 });
    expect(known(record)).to.include({ email, phone });
    expect(known(record, now - 1)).to.deep.equal(bare);
  });
});

describe('the person as the host describes them', () => {
  const byId = told({ id: 'ann', tenant: 't1' });

  it('is as the request says, where there is one', () => {
    expect(describedUser(kernel, told(ann), keeping({ email: 'old@example.com', locale: 'fr' }))).to.equal(ann);
  });

  it('is as the host last said where there is none: verified, in their language and zone', () => {
    const kept = { email, phone, locale: 'fr', timeZone: 'Europe/Paris' };
    const verified = { emailVerified: true, phoneVerified: true };
    expect(describedUser(kernel, byId, keeping({ ...kept, since: now }))).to.deep.equal({
      ...kept,
      ...verified,
      id: 'ann',
      label: 'ann',
      tenant: 't1',
    });
    expect(describedUser(kernel, byId, keeping({ phone }))).to.deep.equal({
      id: 'ann',
      label: 'ann',
      tenant: 't1',
      phone,
      phoneVerified: true,
    });
    expect(describedUser(kernel, byId, keeping({ email }))).to.include({ email, emailVerified: true });
  });

  it('is an id alone where nothing was kept', () => {
    for (const record of [undefined, empty, closed])
      expect(describedUser(kernel, byId, record)).to.deep.equal({ id: 'ann', label: 'ann', tenant: 't1' });
    expect(thrownBy(() => describedUser(kernel, byId, broken))).to.be.instanceOf(SyntaxError);
  });
});
