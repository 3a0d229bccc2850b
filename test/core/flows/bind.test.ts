// Addresses that the host verified: bound without a code of ours, and following when the host's change.
import { expect } from 'chai';
import { bindsAtOnce, bindVouched, boundAtSignUp, followAddresses } from '../../../src/core/flows/bind.js';
import type { MfaUser } from '../../../src/core/kernel/mfa-user.js';
import { loadRecord } from '../../../src/core/kernel/transact.js';
import { letters } from '../../support/core-address-factor.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel, type TestKernelOptions, namesOf } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, saidOf, type Person } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';

const verified: Partial<MfaUser> = { email: 'ann@example.com', emailVerified: true };

function house(user: Partial<MfaUser> = verified, options: TestKernelOptions = {}) {
  const { factor, sent } = letters();
  const kernel = testKernel({
    factors: [riddle(), factor, spareWords()],
    ...options,
    settings: { autoBind: true, ...options.settings },
  });
  const person = personOf(kernel, 'ann', user);
  const bind = async (who: Person = person, proves = false) =>
    who.keep(await bindVouched(kernel, who.asker, 'letters', proves));
  return { kernel, person, sent, bind };
}

describe('binding a verified address', () => {
  it('protects without a code, owes the backup codes, and asks for its code at once', async () => {
    const { kernel, person, bind, sent } = house();
    expect(saidOf(await bind())).to.equal('accepted');
    const record = await kernel.recordOf('ann');
    expect(record).to.deep.include({ protected: true, owed: ['backup-codes'] });
    expect(record.authenticators[0]).to.include({ kind: 'letters', adopted: true });
    expect(await person.step()).to.equal('verify');
    expect(sent).to.deep.equal([]);
    expect(kernel.outcomes()).to.have.length(1);
    expect(kernel.notices.map(({ what }) => what)).to.deep.equal(['factor-added']);
  });

  it('proves it only where the host verified it in this very sign-up', async () => {
    const { person, bind } = house();
    person.asker.signIn.moment = 'sign-up';
    await bind(person, true);
    expect(await person.step()).to.equal('save-backup-codes');
  });

  it('is no way for a pending person to change the address of somebody protected', async () => {
    const { kernel, person, bind } = house();
    await enrollRiddle(person);
    const before = await kernel.recordOf('ann');
    expect(saidOf(await bind(person.signInAgain()))).to.equal('session.mfa.require_mfa_verification');
    expect(await kernel.recordOf('ann')).to.deep.equal(before);
    expect(saidOf(await bind(person))).to.equal('accepted');
    expect(await person.step()).to.equal('save-backup-codes');
  });

  it('asks for a recent sign-in, where the host tells when it was', async () => {
    const { kernel, bind } = house({ ...verified, signedInAt: 1_800_000_000 - 601 });
    expect(saidOf(await bind())).to.equal('session.mfa.first_enrollment_unconfirmed');
    expect((await kernel.recordOf('ann')).protected).to.equal(false);
  });

  it('is refused where nothing is verified, and for the channel of the first factor', async () => {
    const unverified = house({ email: 'ann@example.com' });
    expect(saidOf(await unverified.bind())).to.equal('session.mfa.mfa_factor_not_enabled');
    const byLink = house({ ...verified, signedInBy: 'email' });
    expect(saidOf(await byLink.bind())).to.equal('session.mfa.mfa_factor_not_enabled');
    expect((await byLink.kernel.recordOf('ann')).protected).to.equal(false);
  });

  it('is refused where the host expects a record and there is none', async () => {
    const { bind } = house({ ...verified, mfaExpected: true });
    expect(await codeOf(bind())).to.equal('store.record_missing');
  });

  it('suggests another factor afterwards, until there is one', async () => {
    const factors = [riddle(), letters().factor];
    const { person, bind } = house(verified, { factors });
    person.asker.signIn.moment = 'sign-up';
    await bind(person, true);
    expect(await person.step()).to.equal('suggest-another');
    await enrollRiddle(person);
    expect(await person.step()).to.equal('nothing');
  });

  it('happens at once where exactly the verified address was typed', () => {
    const { kernel, person } = house();
    const typed = (address: unknown) => bindsAtOnce(kernel, person.asker, 'letters', { address } as never);
    expect(typed('ann@example.com')).to.equal(true);
    expect(typed('eve@example.com')).to.equal(false);
    expect(typed(['ann@example.com'])).to.equal(false);
    expect(bindsAtOnce(kernel, person.asker, 'riddle', {})).to.equal(false);
    const off = house(verified, { settings: { autoBind: false } });
    expect(bindsAtOnce(off.kernel, off.person.asker, 'letters', { address: 'ann@example.com' })).to.equal(false);
  });

  it('happens at sign-up where the policy suggests MFA there', () => {
    const kinds = (options: TestKernelOptions, user = verified) => {
      const { kernel, person } = house(user, options);
      return boundAtSignUp(kernel, person.asker);
    };
    expect(kinds({})).to.deep.equal(['letters']);
    expect(kinds({ policy: 'mandatory' })).to.deep.equal(['letters']);
    expect(kinds({ policy: 'no-prompt' })).to.deep.equal([]);
    expect(kinds({ policy: 'prompt-only-at-sign-in' })).to.deep.equal([]);
    expect(kinds({ settings: { autoBind: false } })).to.deep.equal([]);
    expect(kinds({}, { email: 'ann@example.com' })).to.deep.equal([]);
    expect(kinds({}, { ...verified, signedInBy: 'email' })).to.deep.equal([]);
  });
});

describe('a bound address', () => {
  async function moved() {
    const { kernel, person, bind } = house();
    await bind();
    forget(kernel);
    const now = personOf(kernel, 'ann', { email: 'ann@new.example', emailVerified: true });
    const follow = async (who = now) =>
      followAddresses(kernel, who.asker, (await loadRecord(kernel, who.asker.user)).record!);
    const address = async () => ((await kernel.recordOf('ann')).authenticators[0]?.data as { address: string }).address;
    return { kernel, person, follow, address };
  }

  it('follows the one that the host verified, with a new epoch, an event and a notice to the old one as well', async () => {
    const { kernel, follow, address } = await moved();
    const { epoch } = await kernel.recordOf('ann');
    await follow();
    expect(await address()).to.equal('ann@new.example');
    expect((await kernel.recordOf('ann')).epoch).not.to.equal(epoch);
    expect(namesOf(kernel)).to.deep.equal(['address-changed']);
    expect(kernel.notices[0]).to.include({ what: 'address-changed', kind: 'letters' });
    expect(JSON.stringify(kernel.notices[0]?.before)).to.include('ann@example.com');
    expect(JSON.stringify(kernel.events)).not.to.include('@');
  });

  it('follows once, however many requests see the change at once', async () => {
    const { kernel, follow } = await moved();
    await Promise.all(Array.from({ length: 10 }, () => follow()));
    expect(kernel.events).to.have.length(1);
    await follow();
    expect(kernel.events).to.have.length(1);
  });

  it('does not follow one that the host has not verified', async () => {
    const { kernel, follow, address } = await moved();
    await follow(personOf(kernel, 'ann', { email: 'eve@example.com' }));
    expect(await address()).to.equal('ann@example.com');
    expect(kernel.events).to.deep.equal([]);
  });
});
