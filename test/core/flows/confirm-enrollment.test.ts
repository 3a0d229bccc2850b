// The end of an enrolment: what a right answer changes, whose ceremony it was, and who comes too late.
import { expect } from 'chai';
import { MfaError } from '../../../src/core/words/errors.js';
import { riddle, spareWords, type RiddleData } from '../../support/core-factors.js';
import { testKernel, watchedStore, type WatchedStore, namesOf } from '../../support/core-kernel.js';
import {
  enrollRiddle,
  enrollSpareWords,
  forget,
  personOf,
  protectedPerson,
  saidOf,
  wordsIn,
} from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';
import { tamper } from '../../support/core-record.js';

const noneBegun = 'session.mfa.pending_info_not_found';
const wordOf = (data: unknown) => (data as RiddleData).word;

describe('the first enrolment', () => {
  it('protects, owes the backup codes, elevates this session and makes its browser known', async () => {
    const kernel = testKernel();
    const person = personOf(kernel);
    const { word } = (await person.begin('riddle')) as { word: string };
    forget(kernel);
    const outcome = await person.confirm('riddle', { word, use: 1 });
    if (!outcome.accepted) return expect.fail(outcome.reason);
    const record = await kernel.recordOf('ann');
    expect(record).to.deep.include({ protected: true, owed: ['backup-codes'], epoch: outcome.epoch, trusted: [] });
    expect(record.authenticators).to.have.length(1);
    expect(record.authenticators[0]).to.include({ kind: 'riddle', name: 'A riddle', createdAt: kernel.now() });
    expect(outcome.proof).to.include({ kind: 'riddle', authenticatorId: outcome.authenticatorId, at: kernel.now() });
    expect(outcome.knownBrowser).to.match(/^[\w-]+\.[\w-]+$/);
    expect(await person.step()).to.equal('save-backup-codes');
    expect(kernel.outcomes()).to.have.length(1);
    expect(kernel.events[0]).to.include({ name: 'authenticator-enrolled', authenticatorId: outcome.authenticatorId });
    expect(kernel.notices).to.have.length(1);
    expect(kernel.notices[0]).to.include({ what: 'factor-added', kind: 'riddle', name: 'A riddle', before: undefined });
  });

  it('owes nothing where the app has no backup codes', async () => {
    const kernel = testKernel({ factors: [riddle()] });
    const person = personOf(kernel);
    await enrollRiddle(person);
    expect((await kernel.recordOf('ann')).owed).to.deep.equal([]);
    expect(await person.step()).to.equal('nothing');
  });

  it('leaves every other session of this person pending', async () => {
    const kernel = testKernel();
    const [here, there] = [personOf(kernel), personOf(kernel)];
    await enrollRiddle(here);
    expect(await there.step()).to.equal('verify');
  });

  it('is followed by the set of codes, which settles what was owed and keeps the session in', async () => {
    const kernel = testKernel();
    const person = personOf(kernel);
    await enrollRiddle(person);
    forget(kernel);
    const words = await enrollSpareWords(person);
    const record = await kernel.recordOf('ann');
    expect(record.owed).to.deep.equal([]);
    expect(wordsIn(record)).to.deep.equal(words);
    expect(await person.step()).to.equal('nothing');
    expect(namesOf(kernel)).to.deep.equal(['backup-codes-generated', 'backup-codes-confirmed']);
    expect(kernel.notices, 'the enrolment was told of').to.deep.equal([]);
  });

  it('by two sessions at once succeeds in one: the other was voided by it', async () => {
    const kernel = testKernel({ factors: [riddle({ limit: 3 }), spareWords()] });
    const sessions = [personOf(kernel), personOf(kernel)];
    const begun = await Promise.all(sessions.map((each) => each.begin('riddle')));
    const said = await Promise.all(
      sessions.map(async (each, n) => saidOf(await each.confirm('riddle', { word: wordOf(begun[n]), use: 1 }))),
    );
    expect(said.filter((each) => each === 'accepted')).to.have.length(1);
    expect((await kernel.recordOf('ann')).authenticators).to.have.length(1);
    expect(said).to.include('session.mfa.require_mfa_verification');
  });
});

describe('a confirmation', () => {
  for (const ceremony of ['kept', 'once'] as const) {
    it(`makes one authenticator, however often it arrives at once, on two servers: ${ceremony}`, async () => {
      const factors = [riddle({ limit: 50, enrollmentCeremony: ceremony }), spareWords()];
      const kernel = testKernel({ factors });
      const person = personOf(kernel);
      const other = testKernel({ factors, beside: kernel });
      const mirrored = personOf(other);
      mirrored.asker.signIn = person.asker.signIn;
      const { word } = (await person.begin('riddle')) as { word: string };
      const all = Array.from({ length: 40 }, (_each, n) =>
        (n % 2 ? person : mirrored).confirm('riddle', { word, use: 1 }),
      );
      const said = (await Promise.all(all)).map(saidOf);
      expect(said.filter((each) => each === 'accepted')).to.have.length(1);
      expect((await kernel.recordOf('ann')).authenticators).to.have.length(1);
      expect(kernel.outcomes().length + other.outcomes().length).to.equal(40);
    });
  }

  it('cannot be made by another session, or another user, though it knows the answer', async () => {
    const kernel = testKernel();
    const { word } = (await personOf(kernel).begin('riddle')) as { word: string };
    for (const thief of [personOf(kernel), personOf(kernel, 'bob')]) {
      expect(saidOf(await thief.confirm('riddle', { word, use: 1 }))).to.equal(noneBegun);
    }
    expect((await kernel.recordOf('ann')).protected).to.equal(false);
  });

  it('cannot be made by whoever became pending after the beginning', async () => {
    const { kernel, person } = await protectedPerson();
    const { word } = (await person.begin('riddle')) as { word: string };
    person.asker.signIn.proofs = [];
    const said = saidOf(await person.confirm('riddle', { word, use: 1 }));
    expect(said).to.equal('session.mfa.require_mfa_verification');
    expect(kernel.outcomes()).to.have.length(1);
  });

  it('keeps what was enrolled before, until it is right', async () => {
    const { kernel, person, word } = await protectedPerson();
    const next = wordOf(await person.begin('riddle'));
    await person.confirm('riddle', { word: 'wrong', use: 1 });
    const elsewhere = personOf(kernel);
    expect(saidOf(await elsewhere.verify('riddle', { word, use: 2 }))).to.equal('accepted');
    expect(saidOf(await person.confirm('riddle', { word: next, use: 1 }))).to.equal('accepted');
    const riddles = (await kernel.recordOf('ann')).authenticators.filter(({ kind }) => kind === 'riddle');
    expect(riddles.map(({ data }) => wordOf(data))).to.deep.equal([next]);
    expect(await person.step()).to.equal('nothing');
    expect(await elsewhere.step()).to.equal('verify');
  });

  it('says that another one was confirmed meanwhile, where the factor has a word for it', async () => {
    const factors = [riddle({ inUse: 'user.totp_already_in_use' }), spareWords()];
    const { kernel, person, word } = await protectedPerson({ factors });
    const other = personOf(kernel);
    await other.verify('riddle', { word, use: 2 });
    const late = wordOf(await other.begin('riddle'));
    await enrollRiddle(person);
    expect(saidOf(await other.confirm('riddle', { word: late, use: 1 }))).to.equal('user.totp_already_in_use');
  });

  it('puts a new one in the place of one that was disabled', async () => {
    const { kernel, person, words } = await protectedPerson();
    await tamper(kernel, ({ authenticators }) => ({
      authenticators: authenticators.map((own) =>
        own.kind === 'riddle' ? { ...own, failures: 100, disabledAt: 1 } : own,
      ),
    }));
    const again = person.signInAgain();
    await again.verify('spare-words', { word: words[0]! });
    expect(await again.step()).to.equal('enroll');
    forget(kernel);
    await enrollRiddle(again);
    const riddles = (await kernel.recordOf('ann')).authenticators.filter(({ kind }) => kind === 'riddle');
    expect(riddles).to.have.length(1);
    expect(riddles[0]).not.to.have.any.keys('disabledAt', 'failures');
    expect(namesOf(kernel)).to.include('recovery-completed');
  });

  it('of the set that the last code demands keeps in whoever came in by that code', async () => {
    const { kernel, person, words } = await protectedPerson({ factors: [riddle(), spareWords({ count: 1 })] });
    const again = person.signInAgain();
    await again.verify('spare-words', { word: words[0]! });
    const at = kernel.now();
    kernel.clock.now += 60;
    await enrollSpareWords(again);
    expect(await again.step()).to.equal('nothing');
    expect(again.asker.signIn.proofs.at(-1)).to.include({ kind: 'spare-words', at });
  });

  it('claims what must belong to one user only, and is refused where another has it', async () => {
    const factors = [riddle({ claims: true, limit: 9 })];
    const kernel = testKernel({ factors });
    const [ann, bob] = [personOf(kernel, 'ann'), personOf(kernel, 'bob')];
    const { word } = (await ann.begin('riddle')) as { word: string };
    await kernel.store.claim(`riddle:${word}`, 'bob');
    expect(saidOf(await ann.confirm('riddle', { word, use: 1 }))).to.equal('user.passkey_already_registered');
    expect((await kernel.recordOf('ann')).protected).to.equal(false);
    expect(kernel.outcomes()).to.have.length(1);
    await enrollRiddle(bob);
  });

  it('is refused with as many tries as a verification has, and waits after them', async () => {
    const kernel = testKernel();
    const person = personOf(kernel);
    const { word } = (await person.begin('riddle')) as { word: string };
    const remaining: (number | undefined)[] = [];
    for (let n = 0; n < 5; n += 1) {
      const outcome = await person.confirm('riddle', { word: 'wrong', use: 1 });
      if (!outcome.accepted) remaining.push(outcome.details.remainingAttempts);
    }
    expect(remaining).to.deep.equal([4, 3, 2, 1, 0]);
    const locked = await person.confirm('riddle', { word, use: 1 });
    expect(saidOf(locked)).to.equal('session.verification_blocked_too_many_attempts');
    kernel.clock.now += 30;
    expect(saidOf(await person.confirm('riddle', { word, use: 1 }))).to.equal('accepted');
    expect((await kernel.recordOf('ann')).attempts).to.deep.equal({});
  });
});

describe('a confirmation is told by exactly one outcome event', () => {
  it('malformed, factor off, nothing begun, record missing', async () => {
    const kernel = testKernel();
    const person = personOf(kernel);
    const lost = personOf(kernel, 'lost', { mfaExpected: true });
    const attempts: [reason: string, attempt: () => Promise<unknown>][] = [
      ['request.invalid', () => person.confirm('riddle', [])],
      ['session.mfa.mfa_factor_not_enabled', () => person.confirm('song', {})],
      [noneBegun, () => person.confirm('riddle', { word: 'x', use: 1 })],
      ['store.record_missing', () => codeOf(lost.confirm('riddle', { word: 'x', use: 1 }))],
    ];
    for (const [reason, attempt] of attempts) {
      forget(kernel);
      await attempt();
      expect(kernel.events).to.have.length(1);
      expect(kernel.events[0]).to.include({ name: 'enrollment-refused', outcome: 'refused', reason });
    }
  });

  it('a store that fails: refused, nothing enrolled, nothing noticed, and begun as before', async () => {
    let watched!: WatchedStore;
    const kernel = testKernel({ store: (memory) => (watched = watchedStore(memory)) });
    const person = personOf(kernel);
    const { word } = (await person.begin('riddle')) as { word: string };
    for (const thrown of [new MfaError('store.unavailable', 'down'), new Error('ECONNREFUSED')]) {
      forget(kernel);
      watched.beforeSave = () => {
        throw thrown;
      };
      expect(await codeOf(person.confirm('riddle', { word, use: 1 }))).not.to.equal('nothing thrown');
      expect(kernel.events).to.have.length(1);
      expect(kernel.events[0]).to.include({ outcome: 'refused', reason: 'store.unavailable' });
      expect(kernel.notices).to.deep.equal([]);
    }
    watched.beforeSave = () => undefined;
    expect(saidOf(await person.confirm('riddle', { word, use: 1 }))).to.equal('accepted');
  });

  it('a full queue', async () => {
    const kernel = testKernel({ queueLimit: 1 });
    const person = personOf(kernel);
    await person.begin('riddle');
    forget(kernel);
    const both = [1, 2].map(() => codeOf(person.confirm('riddle', { word: 'x', use: 1 })));
    expect(await Promise.all(both)).to.have.members(['nothing thrown', 'server.busy']);
    expect(kernel.outcomes().map(({ reason }) => reason)).to.have.members([
      'session.mfa.invalid_totp_code',
      'server.busy',
    ]);
  });
});

describe('a set-up that is void because the account changed', () => {
  const inUse = 'user.totp_already_in_use';
  const rows: [what: string, meanwhile: 'song' | 'riddle' | 'neither', said: string][] = [
    ['another of its kind was confirmed since it began', 'riddle', inUse],
    ['one of another kind was', 'song', noneBegun],
    ['something else did, while one of its kind stood there before', 'neither', noneBegun],
  ];
  for (const [what, meanwhile, said] of rows)
    it(`says ${said} where ${what}`, async () => {
      const { kernel, person } = await protectedPerson({ factors: [riddle({ inUse }), riddle({ kind: 'song' })] });
      kernel.clock.now += 1;
      const { word } = (await person.begin('riddle')) as { word: string };
      const stands = {
        id: 'new',
        kind: meanwhile,
        createdAt: kernel.now(),
        data: { word: 'x', salt: 's', lastUse: 0 },
      };
      await tamper(kernel, ({ authenticators }) => ({
        epoch: 'another',
        authenticators: meanwhile === 'neither' ? authenticators : [...authenticators, stands],
      }));
      person.asker.signIn.epoch = 'another';
      expect(saidOf(await person.confirm('riddle', { word, use: 1 }))).to.equal(said);
    });
});
