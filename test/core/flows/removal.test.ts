// Turning it off: the last primary factor and what becomes of the backup codes, and everything at once in one write.
import { expect } from 'chai';
import { removeAuthenticator, turnOff } from '../../../src/core/flows/removal.js';
import { setPreferences } from '../../../src/core/flows/manage.js';
import { waysOf } from '../../../src/core/rules/situation.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { enrollRiddle, forget, protectedPerson, saidOf } from '../../support/core-person.js';
import { idOf } from '../../support/core-record.js';
import { namesOf } from '../../support/core-kernel.js';

const twoFactors = { factors: [riddle(), riddle({ kind: 'song' }), spareWords()] };

describe('the last primary factor', () => {
  it('does not go before it is said what becomes of the backup codes', async () => {
    const { kernel, person } = await protectedPerson();
    const before = await kernel.recordOf('ann');
    const outcome = await removeAuthenticator(kernel, person.asker, await idOf(kernel, 'riddle'));
    expect(outcome).to.deep.include({ reason: 'request.invalid', details: { field: 'keepBackupCodes' } });
    expect(await kernel.recordOf('ann')).to.deep.equal(before);
  });

  it('takes them with it in one write, which turns it off and is noticed once', async () => {
    const { kernel, person } = await protectedPerson();
    forget(kernel);
    expect(saidOf(await removeAuthenticator(kernel, person.asker, await idOf(kernel, 'riddle'), false))).to.equal(
      'accepted',
    );
    expect(await kernel.recordOf('ann')).to.deep.include({ protected: false, authenticators: [], owed: [] });
    expect(namesOf(kernel)).to.deep.equal(['authenticator-removed', 'backup-codes-removed', 'turned-off']);
    expect(kernel.notices.map(({ what }) => what)).to.deep.equal(['turned-off']);
  });

  it('leaves them where a factor is demanded, whatever is asked for', async () => {
    const { kernel, person } = await protectedPerson({ policy: 'mandatory' });
    await removeAuthenticator(kernel, person.asker, await idOf(kernel, 'riddle'), false);
    const record = await kernel.recordOf('ann');
    expect(record.protected).to.equal(true);
    expect(record.authenticators.map(({ kind }) => kind)).to.deep.equal(['spare-words']);
  });

  it('asks nothing where another one stays', async () => {
    const { kernel, person } = await protectedPerson(twoFactors);
    await enrollRiddle(person, 'song');
    expect(saidOf(await removeAuthenticator(kernel, person.asker, await idOf(kernel, 'song')))).to.equal('accepted');
  });
});

describe('turning it off', () => {
  it('takes every factor, the codes, trusted browsers and the switches in one write', async () => {
    const { kernel, person } = await protectedPerson(twoFactors);
    await enrollRiddle(person, 'song');
    await setPreferences(kernel, person.asker, { signInStep: 'off', preferred: 'song' });
    const { epoch } = await kernel.recordOf('ann');
    forget(kernel);
    expect(saidOf(await turnOff(kernel, person.asker))).to.equal('accepted');
    const record = await kernel.recordOf('ann');
    expect(record).to.deep.include({ protected: false, authenticators: [], trusted: [], owed: [] });
    expect(record).not.to.have.any.keys('signInStepOff', 'preferred');
    expect(record.epoch).not.to.equal(epoch);
    expect(namesOf(kernel)).to.have.members([
      'authenticator-removed',
      'authenticator-removed',
      'backup-codes-removed',
      'turned-off',
    ]);
    expect(kernel.notices.map(({ what }) => what)).to.deep.equal(['turned-off']);
    expect(kernel.notices[0]?.before?.authenticators).to.have.length(3);
  });

  it('is refused where the policy does not leave it to the person, and needs a fresh proof', async () => {
    const strict = await protectedPerson({ policy: 'mandatory' });
    expect(saidOf(await turnOff(strict.kernel, strict.person.asker))).to.equal(
      'session.mfa.mfa_policy_not_user_controlled',
    );
    const { kernel, person } = await protectedPerson();
    expect(saidOf(await turnOff(kernel, person.signInAgain().asker))).to.equal('session.mfa.require_mfa_verification');
    kernel.clock.now += 601;
    expect(saidOf(await turnOff(kernel, person.asker))).to.equal('session.mfa.step_up_required');
    expect((await kernel.recordOf('ann')).protected).to.equal(true);
  });

  it('twice at once happens once', async () => {
    const { kernel, person } = await protectedPerson();
    forget(kernel);
    const said = (await Promise.all([1, 2].map(() => turnOff(kernel, person.asker)))).map(saidOf);
    expect(said.filter((each) => each === 'accepted')).to.have.length(1);
    expect(namesOf(kernel).filter((name) => name === 'turned-off')).to.have.length(1);
  });
});

describe('the preferred method', () => {
  it('is asked for first, before the one used last, until it is gone', async () => {
    const { kernel, person } = await protectedPerson(twoFactors);
    const word = await enrollRiddle(person, 'song');
    await person.signInAgain().verify('song', { word, use: 2 });
    const kinds = async () => waysOf(kernel, await kernel.recordOf('ann'), person.asker.user).map(({ kind }) => kind);
    expect(await kinds()).to.deep.equal(['song', 'riddle', 'spare-words']);
    expect(saidOf(await setPreferences(kernel, person.asker, { preferred: 'riddle' }))).to.equal('accepted');
    expect(await kinds()).to.deep.equal(['riddle', 'song', 'spare-words']);
    expect(kernel.events[kernel.events.length - 1]).to.deep.include({
      name: 'preferred-changed',
      detail: { preferred: 'riddle' },
    });
    await removeAuthenticator(kernel, person.asker, await idOf(kernel, 'riddle'));
    expect(await kernel.recordOf('ann')).not.to.have.property('preferred');
  });

  it('can be none again, and is never one that the person has not, nor the backup codes', async () => {
    const { kernel, person } = await protectedPerson(twoFactors);
    await setPreferences(kernel, person.asker, { preferred: 'riddle' });
    for (const preferred of ['song', 'spare-words', '__proto__']) {
      expect(saidOf(await setPreferences(kernel, person.asker, { preferred }))).to.equal('request.invalid');
    }
    expect(await kernel.recordOf('ann')).to.have.property('preferred', 'riddle');
    await setPreferences(kernel, person.asker, { preferred: '' });
    expect(await kernel.recordOf('ann')).not.to.have.property('preferred');
  });
});
