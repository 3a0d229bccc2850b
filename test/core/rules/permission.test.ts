// Who may change an account's authenticators: the elevated and fresh, and a backup code opens only what it should.
import { expect } from 'chai';
import { forbids, type Change } from '../../../src/core/rules/permission.js';
import { situationOf } from '../../../src/core/rules/situation.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { personOf, protectedPerson, type Person, type Protected } from '../../support/core-person.js';
import { testKernel, type TestKernel } from '../../support/core-kernel.js';

const changes: Change[] = ['enroll-primary', 'backup-codes', 'manage'];

/** What each change says: `yes`, or the reason against it. */
async function mayChange(kernel: TestKernel, { asker }: Person) {
  const record = await kernel.recordOf('ann');
  return Object.fromEntries(changes.map((change) => [change, forbids(kernel, asker, record, change)?.reason ?? 'yes']));
}
const all = (said: string) => Object.fromEntries(changes.map((change) => [change, said]));

/** Comes in again by a backup code, in a browser that is known. */
async function byBackup({ person, words }: Protected, n = 0) {
  const again = person.signInAgain('known');
  await again.verify('spare-words', { word: words[n]! });
  return again;
}

describe('permission, protected', () => {
  it('is given to whoever proved a primary factor in the last ten minutes', async () => {
    const { kernel, person } = await protectedPerson();
    expect(await mayChange(kernel, person)).to.deep.equal(all('yes'));
    kernel.clock.now += 600;
    expect(await mayChange(kernel, person)).to.deep.equal(all('yes'));
    kernel.clock.now += 1;
    expect(await mayChange(kernel, person)).to.deep.equal(all('session.mfa.step_up_required'));
  });

  it('is not given to whoever is pending, and says with what to pay', async () => {
    const { kernel, person } = await protectedPerson();
    const pending = person.signInAgain('known');
    expect(await mayChange(kernel, pending)).to.deep.equal(all('session.mfa.require_mfa_verification'));
    const refusal = forbids(kernel, pending.asker, await kernel.recordOf('ann'), 'manage');
    expect(refusal?.details).to.deep.equal({ availableFactors: ['riddle', 'spare-words'] });
  });

  it('is not given by a password alone to whoever has no way left', async () => {
    const made = await protectedPerson();
    const gone = testKernel({ factors: [riddle({ kind: 'song' })], beside: made.kernel });
    const pending = personOf(gone, 'ann');
    expect(await mayChange(gone, pending)).to.deep.equal(all('session.mfa.recovery_required'));
  });

  it('is not given to whoever switched the sign-in step off and proved nothing', async () => {
    const { kernel, person } = await protectedPerson();
    const { record, revision } = await kernel.store.load('ann');
    await kernel.store.save('ann', { ...record!, signInStepOff: true }, revision);
    const again = person.signInAgain('known');
    expect(await again.step()).to.equal('nothing');
    expect(await mayChange(kernel, again)).to.deep.equal(all('session.mfa.step_up_required'));
  });

  it('is not given by a proof of before the last change elsewhere', async () => {
    const { kernel, person } = await protectedPerson();
    const { record, revision } = await kernel.store.load('ann');
    await kernel.store.save('ann', { ...record!, epoch: 'another' }, revision);
    expect(await mayChange(kernel, person)).to.deep.equal(all('session.mfa.require_mfa_verification'));
  });

  it('by a backup code enrols a primary factor, and nothing else', async () => {
    const made = await protectedPerson();
    const again = await byBackup(made);
    expect(await mayChange(made.kernel, again)).to.deep.equal({
      'enroll-primary': 'yes',
      'backup-codes': 'session.mfa.step_up_required',
      manage: 'session.mfa.step_up_required',
    });
  });

  it('by a backup code names the factors that would do', async () => {
    const made = await protectedPerson();
    const again = await byBackup(made);
    const refusal = forbids(made.kernel, again.asker, await made.kernel.recordOf('ann'), 'manage');
    expect(refusal?.details.stepUp).to.deep.equal({ why: 'missing', maxAgeSeconds: 600, factors: ['riddle'] });
  });

  it('by the last backup code makes the set that is owed then, but manages nothing', async () => {
    const made = await protectedPerson({ factors: [riddle(), spareWords({ count: 1 })] });
    const again = await byBackup(made);
    expect(await again.step()).to.equal('save-backup-codes');
    expect(await mayChange(made.kernel, again)).to.deep.equal({
      'enroll-primary': 'yes',
      'backup-codes': 'yes',
      manage: 'session.mfa.step_up_required',
    });
  });

  it('by a backup code is as fresh as that code', async () => {
    const made = await protectedPerson();
    const again = await byBackup(made);
    made.kernel.clock.now += 601;
    expect((await mayChange(made.kernel, again))['enroll-primary']).to.equal('session.mfa.step_up_required');
  });

  it('by a backup code and a primary factor is that of the primary factor', async () => {
    const made = await protectedPerson();
    const again = await byBackup(made);
    await again.verify('riddle', { word: made.word, use: 2 });
    expect(await mayChange(made.kernel, again)).to.deep.equal(all('yes'));
    made.kernel.clock.now += 601;
    await again.verify('spare-words', { word: made.words[1]! });
    expect(await mayChange(made.kernel, again)).to.deep.include({ manage: 'session.mfa.step_up_required' });
  });

  it('by a factor that the app no longer offers is no more than by a backup code', async () => {
    const { kernel, person } = await protectedPerson();
    const other = testKernel({ factors: [riddle({ kind: 'song' }), spareWords()], beside: kernel });
    expect(await mayChange(other, person)).to.deep.include({
      'enroll-primary': 'yes',
      manage: 'session.mfa.step_up_required',
    });
    const { next } = situationOf(other, person.asker.user, person.asker.signIn, await kernel.recordOf('ann'));
    expect(next).to.deep.equal({ step: 'enroll', why: 'recovery' });
  });
});

describe('permission, not protected', () => {
  it('is given for a first factor, and for no backup codes before it', async () => {
    const kernel = testKernel();
    const person = personOf(kernel);
    expect(await mayChange(kernel, person)).to.deep.include({
      'enroll-primary': 'yes',
      'backup-codes': 'session.mfa.backup_code_can_not_be_alone',
    });
  });

  it('asks for a recent sign-in, where the host tells when it was', async () => {
    const kernel = testKernel();
    const signedInAt = kernel.now() - 600;
    const person = personOf(kernel, 'ann', { signedInAt });
    expect((await mayChange(kernel, person))['enroll-primary']).to.equal('yes');
    kernel.clock.now += 1;
    expect((await mayChange(kernel, person))['enroll-primary']).to.equal('session.mfa.first_enrollment_unconfirmed');
  });

  it('does not believe a sign-in from the future', async () => {
    const kernel = testKernel();
    const person = personOf(kernel, 'ann', { signedInAt: kernel.now() + 3600 });
    expect((await mayChange(kernel, person))['enroll-primary']).to.equal('session.mfa.first_enrollment_unconfirmed');
  });

  it('is not given by a session that carries the right epoch, and no proof', async () => {
    const { kernel } = await protectedPerson();
    const bob = personOf(kernel, 'bob');
    bob.asker.signIn.epoch = (await kernel.recordOf('ann')).epoch;
    const refusal = forbids(kernel, bob.asker, await kernel.recordOf('ann'), 'manage');
    expect(refusal?.reason).to.equal('session.mfa.require_mfa_verification');
  });
});
