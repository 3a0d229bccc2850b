// What the elevated person changes themselves: names, removal, skips and switches.
import { expect } from 'chai';
import { removeAuthenticator } from '../../../src/core/flows/removal.js';
import { renameAuthenticator, setPreferences, skipSuggestion } from '../../../src/core/flows/manage.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel, type TestKernel, namesOf } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, protectedPerson, saidOf, type Person } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';
import { tamper, idOf } from '../../support/core-record.js';

async function remove(kernel: TestKernel, person: Person, kind: string, keepCodes: boolean | undefined = true) {
  return person.keep(await removeAuthenticator(kernel, person.asker, await idOf(kernel, kind), keepCodes));
}

const trustedBrowser = { id: 't', hash: 'h', previous: [], createdAt: 1, expiresAt: 9_000_000_000 };
const twoFactors = { factors: [riddle(), riddle({ kind: 'song' }), spareWords()] };

describe('renaming', () => {
  it('changes the name, keeps the epoch, and is told', async () => {
    const { kernel, person } = await protectedPerson();
    const { epoch } = await kernel.recordOf('ann');
    const id = await idOf(kernel, 'riddle');
    expect(saidOf(await renameAuthenticator(kernel, person.asker, id, 'Sphinx'))).to.equal('accepted');
    const record = await kernel.recordOf('ann');
    expect(record.authenticators.find((own) => own.id === id)?.name).to.equal('Sphinx');
    expect(record.epoch).to.equal(epoch);
    expect(kernel.events[0]).to.include({ name: 'authenticator-renamed', authenticatorId: id });
  });

  it("and removing find no authenticator but the person's own", async () => {
    const { kernel, person } = await protectedPerson();
    await enrollRiddle(personOf(kernel, 'bob'));
    const bobs = await idOf(kernel, 'riddle', 'bob');
    const before = await kernel.recordOf('bob');
    for (const id of [bobs, '', '__proto__', 'riddle']) {
      const notFound = 'session.verification_session_not_found';
      expect(saidOf(await renameAuthenticator(kernel, person.asker, id, 'Mine'))).to.equal(notFound);
      expect(saidOf(await removeAuthenticator(kernel, person.asker, id))).to.equal(notFound);
    }
    expect(await kernel.recordOf('bob')).to.deep.equal(before);
  });

  it('and everything else here is refused to the pending, the stale and whoever came by a backup code', async () => {
    const { kernel, person, words } = await protectedPerson();
    const id = await idOf(kernel, 'riddle');
    const pending = person.signInAgain();
    const byBackup = person.signInAgain();
    await byBackup.verify('spare-words', { word: words[0]! });
    const refusedTo = async ({ asker }: Person) => [
      saidOf(await renameAuthenticator(kernel, asker, id, 'x')),
      saidOf(await removeAuthenticator(kernel, asker, id)),
      saidOf(await setPreferences(kernel, asker, { signInStep: 'off' })),
      saidOf(await setPreferences(kernel, asker, { openLane: true })),
    ];
    const before = await kernel.recordOf('ann');
    expect(await refusedTo(pending)).to.deep.equal(Array(4).fill('session.mfa.require_mfa_verification'));
    expect(await refusedTo(byBackup)).to.deep.equal(Array(4).fill('session.mfa.step_up_required'));
    kernel.clock.now += 601;
    expect(await refusedTo(person)).to.deep.equal(Array(4).fill('session.mfa.step_up_required'));
    expect(await kernel.recordOf('ann')).to.deep.equal(before);
  });

  it('and everything else here is refused where the host expects a record and there is none', async () => {
    const kernel = testKernel();
    const { asker } = personOf(kernel, 'lost', { mfaExpected: true });
    for (const change of [
      () => renameAuthenticator(kernel, asker, 'x', 'y'),
      () => removeAuthenticator(kernel, asker, 'x'),
      () => setPreferences(kernel, asker, { resetPrompts: true }),
      () => skipSuggestion(kernel, asker),
    ]) {
      expect(await codeOf(change())).to.equal('store.record_missing');
    }
    expect((await kernel.store.load('lost')).record).to.equal(undefined);
  });
});

describe('removing', () => {
  it('changes the epoch, ends trusted browsers, ends other sessions, and is told and noticed', async () => {
    const { kernel, person, word } = await protectedPerson(twoFactors);
    await enrollRiddle(person, 'song');
    const other = person.signInAgain();
    await other.verify('riddle', { word, use: 2 });
    await tamper(kernel, () => ({ trusted: [trustedBrowser] }));
    const { epoch } = await kernel.recordOf('ann');
    forget(kernel);
    expect(saidOf(await remove(kernel, person, 'song'))).to.equal('accepted');
    const record = await kernel.recordOf('ann');
    expect(record).to.deep.include({ trusted: [], protected: true });
    expect(record.epoch).not.to.equal(epoch);
    expect(await person.step()).to.equal('nothing');
    expect(await other.step()).to.equal('verify');
    expect(namesOf(kernel)).to.deep.equal(['authenticator-removed']);
    expect(kernel.notices[0]).to.include({ what: 'factor-removed', kind: 'song', name: 'A riddle' });
    expect(kernel.notices[0]?.before?.authenticators).to.have.length(3);
  });

  it('what elevated a session ends that elevation', async () => {
    const { kernel, person } = await protectedPerson(twoFactors);
    await enrollRiddle(person, 'song');
    person.asker.signIn.proofs = person.asker.signIn.proofs.filter(({ kind }) => kind === 'riddle');
    await remove(kernel, person, 'riddle');
    expect(await person.step()).to.equal('verify');
  });

  it('the last primary factor keeps working backup codes as the only way in, and the person protected', async () => {
    const { kernel, person, words } = await protectedPerson();
    await remove(kernel, person, 'riddle');
    const record = await kernel.recordOf('ann');
    expect(record.protected).to.equal(true);
    expect(record.authenticators.map(({ kind }) => kind)).to.deep.equal(['spare-words']);
    const again = person.signInAgain();
    expect(await again.step()).to.equal('verify');
    expect(saidOf(await again.verify('spare-words', { word: words[0]! }))).to.equal('accepted');
    expect(await again.step()).to.equal('enroll');
  });

  for (const [what, data] of [
    ['empty', { words: [], expiresAt: null }],
    ['expired', { words: ['a', 'b'], expiresAt: 1 }],
  ] as const) {
    it(`the last primary factor beside an ${what} set ends the protection, and the set`, async () => {
      const { kernel, person } = await protectedPerson();
      await tamper(kernel, (record) => ({
        ...record,
        signInStepOff: true,
        owed: ['backup-codes'],
        authenticators: record.authenticators.map((own) =>
          own.kind === 'spare-words' ? { ...own, data: { ...data, words: [...data.words] } } : own,
        ),
      }));
      const { epoch } = await kernel.recordOf('ann');
      await remove(kernel, person, 'riddle');
      const record = await kernel.recordOf('ann');
      expect(record).to.deep.include({ protected: false, authenticators: [], owed: [] });
      expect(record).not.to.have.property('signInStepOff');
      expect(record.epoch).not.to.equal(epoch);
      expect(await person.step()).to.equal('suggest-mfa');
    });
  }

  it('the last factor under a mandatory policy demands another at once', async () => {
    const { kernel, person } = await protectedPerson({ factors: [riddle()], policy: 'mandatory' });
    await remove(kernel, person, 'riddle');
    expect(await person.step()).to.equal('enroll');
  });

  it('the backup codes settles what was owed, and they are not demanded again', async () => {
    const { kernel, person } = await protectedPerson();
    await tamper(kernel, () => ({ owed: ['backup-codes'] }));
    await remove(kernel, person, 'spare-words');
    expect(await kernel.recordOf('ann')).to.deep.include({ owed: [], protected: true });
    expect(namesOf(kernel)).to.deep.equal(['backup-codes-removed']);
    expect(await person.step()).to.equal('nothing');
  });

  it('twice at once removes once', async () => {
    const { kernel, person } = await protectedPerson(twoFactors);
    await enrollRiddle(person, 'song');
    const id = await idOf(kernel, 'song');
    const said = (await Promise.all([1, 2].map(() => removeAuthenticator(kernel, person.asker, id)))).map(saidOf);
    expect(said.filter((each) => each === 'accepted')).to.have.length(1);
  });
});

describe('skipping', () => {
  it('skips what is suggested now, and is remembered', async () => {
    const kernel = testKernel();
    const person = personOf(kernel);
    const outcome = await skipSuggestion(kernel, person.asker);
    expect(outcome).to.deep.equal({ accepted: true, what: 'suggest-mfa' });
    expect((await kernel.recordOf('ann')).skipped).to.deep.equal({ 'suggest-mfa': kernel.now() });
    expect(await person.step()).to.equal('nothing');
    expect(await person.signInAgain().step()).to.equal('nothing');
    expect(kernel.events).to.have.length(1);
    expect(kernel.events[0]).to.deep.include({ name: 'prompt-skipped', detail: { what: 'suggest-mfa' } });
  });

  it('is refused to whoever is pending, must enrol, must save codes, or is shown no suggestion', async () => {
    const { kernel, person } = await protectedPerson();
    expect(saidOf(await skipSuggestion(kernel, person.signInAgain().asker))).to.match(/require_mfa_verification/);
    const notTheirs = 'session.mfa.mfa_policy_not_user_controlled';
    expect(saidOf(await skipSuggestion(kernel, person.asker))).to.equal(notTheirs);
    await tamper(kernel, () => ({ owed: ['backup-codes'] }));
    expect(await person.step()).to.equal('save-backup-codes');
    expect(saidOf(await skipSuggestion(kernel, person.asker))).to.equal(notTheirs);
    const strict = testKernel({ policy: 'mandatory' });
    expect(saidOf(await skipSuggestion(strict, personOf(strict).asker))).to.equal(notTheirs);
  });
});

describe('switches', () => {
  it('turn the sign-in step off and on, without a new epoch', async () => {
    const { kernel, person } = await protectedPerson();
    const { epoch } = await kernel.recordOf('ann');
    await setPreferences(kernel, person.asker, { signInStep: 'off' });
    expect(await person.signInAgain().step()).to.equal('nothing');
    await setPreferences(kernel, person.asker, { signInStep: 'on' });
    expect(await person.signInAgain().step()).to.equal('verify');
    expect((await kernel.recordOf('ann')).epoch).to.equal(epoch);
    expect(namesOf(kernel)).to.deep.equal(['sign-in-step-changed', 'sign-in-step-changed']);
  });

  it('do not turn it off under a mandatory policy, not even before its day', async () => {
    for (const graceUntil of [1, 9_000_000_000]) {
      const { kernel, person } = await protectedPerson({ policy: 'mandatory', graceUntil });
      const outcome = await setPreferences(kernel, person.asker, { signInStep: 'off' });
      expect(saidOf(outcome)).to.equal('session.mfa.mfa_policy_not_user_controlled');
      expect(await person.signInAgain().step()).to.equal('verify');
    }
  });

  it('do not turn it off ahead of the first enrolment, so a stolen password cannot prepare for it', async () => {
    const kernel = testKernel({ factors: [riddle()] });
    const thief = personOf(kernel);
    expect(saidOf(await setPreferences(kernel, thief.asker, { signInStep: 'off' }))).to.equal('user.missing_mfa');
    await enrollRiddle(personOf(kernel));
    expect(await thief.signInAgain().step()).to.equal('verify');
  });

  it('bring skipped suggestions back, and open a lane that strangers closed', async () => {
    const { kernel, person } = await protectedPerson();
    await tamper(kernel, (record) => ({
      ...record,
      skipped: { 'suggest-another': 1 },
      attempts: { '/unknown': { failures: 50, failedAt: 1, closedAt: 1 } },
    }));
    await setPreferences(kernel, person.asker, { resetPrompts: true, openLane: true });
    expect(await kernel.recordOf('ann')).to.deep.include({ skipped: {}, attempts: {} });
    expect(namesOf(kernel)).to.deep.equal(['prompt-reset', 'unlocked']);
  });
});
