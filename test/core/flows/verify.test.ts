// One answer of a person who owes a factor: what is accepted, what is refused, and that every attempt, in whichever way
// it ends, is told by exactly one outcome event. Rivals stand in verify-rivals.test.ts.
import { expect } from 'chai';
import { MfaError } from '../../../src/core/words/errors.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import {
  testKernel,
  watchedStore,
  withoutActivity,
  type TestKernel,
  type WatchedStore,
} from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, protectedPerson, saidOf } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';

const wrong = { word: 'wrong', use: 99 };

/** The one outcome event of the one attempt since the last `forget`. */
function toldOnce(kernel: TestKernel) {
  const told = kernel.outcomes();
  expect(told, JSON.stringify(told)).to.have.length(1);
  return told[0]!;
}

describe('verification', () => {
  it('accepts a right answer, and says what the session may now say', async () => {
    const { kernel, person, word } = await protectedPerson();
    const again = person.signInAgain('unknown');
    const outcome = await again.verify('riddle', { word, use: 2 });
    if (!outcome.accepted) return expect.fail(outcome.reason);
    const record = await kernel.recordOf('ann');
    const [authenticator] = record.authenticators;
    expect(outcome.proof).to.deep.equal({
      kind: 'riddle',
      authenticatorId: authenticator?.id,
      at: kernel.now(),
      userVerified: false,
    });
    expect(outcome.epoch).to.equal(record.epoch);
    expect(withoutActivity(outcome.record)).to.deep.equal(record);
    expect(authenticator).to.include({ lastUsedAt: kernel.now() });
    expect(await again.step()).to.equal('nothing');
    expect(toldOnce(kernel)).to.include({ name: 'verification-accepted', kind: 'riddle', requestId: 'r1' });
  });

  it('refuses the same answer a second time, in the same session and in another', async () => {
    const { kernel, person, word } = await protectedPerson();
    await person.verify('riddle', { word, use: 2 });
    expect(saidOf(await person.verify('riddle', { word, use: 2 }))).to.equal('session.mfa.invalid_totp_code');
    const thief = personOf(kernel, 'ann');
    expect(saidOf(await thief.verify('riddle', { word, use: 2 }))).to.equal('session.mfa.invalid_totp_code');
    expect(saidOf(await thief.verify('riddle', { word, use: 3 }))).to.equal('accepted');
  });

  it('refuses the answer that confirmed the enrolment', async () => {
    const { person, word } = await protectedPerson();
    expect(saidOf(await person.verify('riddle', { word, use: 1 }))).to.equal('session.mfa.invalid_totp_code');
  });

  it("refuses another person's answer", async () => {
    const { kernel, word } = await protectedPerson();
    const bob = personOf(kernel, 'bob');
    await enrollRiddle(bob);
    expect(saidOf(await bob.verify('riddle', { word, use: 7 }))).to.equal('session.mfa.invalid_totp_code');
  });

  it('says how many tries remain, then how long to wait, and refuses a right answer while waiting', async () => {
    const { kernel, person, word } = await protectedPerson();
    const thief = personOf(kernel, 'ann');
    const remaining: (number | undefined)[] = [];
    for (let n = 0; n < 5; n += 1) {
      const outcome = await thief.verify('riddle', wrong);
      if (!outcome.accepted) remaining.push(outcome.details.remainingAttempts);
    }
    expect(remaining).to.deep.equal([4, 3, 2, 1, 0]);
    const locked = await thief.verify('riddle', { word, use: 2 });
    expect(locked).to.deep.equal({
      accepted: false,
      reason: 'session.verification_blocked_too_many_attempts',
      details: { retryAfterSeconds: 30, remainingAttempts: 0 },
    });
    expect(saidOf(await person.signInAgain('known').verify('riddle', { word, use: 2 }))).to.equal('accepted');
    kernel.clock.now += 30;
    expect(saidOf(await thief.verify('riddle', { word, use: 3 }))).to.equal('accepted');
  });

  it('gives all tries back after a right answer, to this lane alone', async () => {
    const { kernel, person, word } = await protectedPerson();
    const stranger = personOf(kernel, 'ann');
    for (let n = 0; n < 4; n += 1) {
      await person.verify('riddle', wrong);
      await stranger.verify('riddle', wrong);
    }
    await person.verify('riddle', { word, use: 2 });
    expect(await person.verify('riddle', wrong)).to.deep.include({ details: { remainingAttempts: 4 } });
    const last = { details: { remainingAttempts: 0, retryAfterSeconds: 30 } };
    expect(await stranger.verify('riddle', wrong)).to.deep.include(last);
  });

  it('counts the failures of an authenticator in a row: a success ends the row', async () => {
    const { kernel, person, word } = await protectedPerson();
    const authenticator = async () => (await kernel.recordOf('ann')).authenticators[0];
    await person.verify('riddle', wrong);
    await person.verify('riddle', wrong);
    expect(await authenticator()).to.include({ failures: 2 });
    expect(saidOf(await person.verify('riddle', { word, use: 2 }))).to.equal('accepted');
    expect(await authenticator()).to.not.have.property('failures');
  });

  it('leaves an answer that was refused while waiting unspent and unevaluated', async () => {
    const factor = riddle();
    const { kernel, word } = await protectedPerson({ factors: [factor, spareWords()] });
    const stranger = personOf(kernel, 'ann');
    for (let n = 0; n < 5; n += 1) await stranger.verify('riddle', wrong);
    const { weighed, judged } = factor.counted;
    await stranger.verify('riddle', { word, use: 2 });
    expect(factor.counted).to.deep.equal({ weighed, judged });
    kernel.clock.now += 30;
    expect(saidOf(await stranger.verify('riddle', { word, use: 2 }))).to.equal('accepted');
  });

  it('closes to strangers for good after 50 wrong answers, and to nobody else', async () => {
    const { kernel, person, word, words } = await protectedPerson();
    const stranger = personOf(kernel, 'ann');
    for (let n = 0; n < 50; n += 1) {
      await stranger.verify('riddle', wrong);
      kernel.clock.now += 3600;
    }
    const closed = await stranger.verify('spare-words', { word: words[0]! });
    if (closed.accepted) return expect.fail('a closed lane let an answer in');
    expect(closed.details).to.deep.equal({ retryAfterSeconds: null, remainingAttempts: 0 });
    expect(saidOf(await person.signInAgain('known').verify('riddle', { word, use: 2 }))).to.equal('accepted');
    expect(kernel.notices.map(({ what }) => what)).to.deep.equal(['failures', 'lane-closed']);
  });

  it('lets a stranger with the right answer become a known browser, once told by a cookie', async () => {
    const { kernel, person, word } = await protectedPerson();
    const stranger = person.signInAgain('unknown');
    const first = await stranger.verify('riddle', { word, use: 2 });
    const second = await stranger.verify('riddle', { word, use: 3 });
    expect(first)
      .to.have.property('knownBrowser')
      .that.matches(/^[\w-]{12}\.[\w-]{43}$/);
    expect(second).not.to.have.property('knownBrowser');
    expect((await kernel.recordOf('ann')).known).to.have.length(2);
  });

  it('tells of a used backup code with how many are left, by event and by notice', async () => {
    const { kernel, person, words } = await protectedPerson();
    expect(saidOf(await person.verify('spare-words', { word: words[0]! }))).to.equal('accepted');
    expect(kernel.events.find(({ name }) => name === 'backup-code-used')?.detail).to.deep.equal({ left: 2 });
    expect(kernel.notices[0]).to.include({ what: 'backup-code-used', left: 2 });
    expect(saidOf(await person.verify('spare-words', { word: words[0]! }))).to.equal('session.mfa.invalid_backup_code');
  });

  it('never locks a factor that cannot be guessed, and writes nothing for its wrong answers', async () => {
    let watched!: WatchedStore;
    const factors = [riddle({ guessable: false }), spareWords()];
    const { person } = await protectedPerson({ factors, store: (memory) => (watched = watchedStore(memory)) });
    const { saves } = watched;
    for (let n = 0; n < 30; n += 1) {
      expect(saidOf(await person.verify('riddle', wrong))).to.equal('session.mfa.invalid_totp_code');
    }
    expect(watched.saves).to.equal(saves);
  });

  it('does not take the channel of the first factor for the second', async () => {
    const factors = [riddle({ channel: 'email' }), spareWords()];
    const { kernel, word } = await protectedPerson({ factors });
    const byLink = personOf(kernel, 'ann', { signedInBy: 'email' });
    expect(saidOf(await byLink.verify('riddle', { word, use: 2 }))).to.equal('session.mfa.mfa_factor_not_enabled');
    expect(toldOnce(kernel)).to.include({ name: 'verification-refused' });
  });
});

describe('an attempt is told by exactly one outcome event', () => {
  it('malformed: no trip to the store', async () => {
    let watched!: WatchedStore;
    const { kernel, person } = await protectedPerson({ store: (memory) => (watched = watchedStore(memory)) });
    const { loads, saves } = watched;
    for (const body of [null, 7, 'x', [], {}, { word: ['a'], use: 1 }, { word: 'a', use: '1' }]) {
      forget(kernel);
      expect(await person.verify('riddle', body)).to.deep.include({ reason: 'request.invalid' });
      expect(toldOnce(kernel)).to.include({ outcome: 'refused', reason: 'request.invalid' });
    }
    expect([watched.loads, watched.saves]).to.deep.equal([loads, saves]);
  });

  it('a factor that is off', async () => {
    const { kernel, person } = await protectedPerson();
    await person.verify('song', wrong);
    expect(toldOnce(kernel)).to.include({ reason: 'session.mfa.mfa_factor_not_enabled' });
  });

  it('nothing owed, because the person is not protected', async () => {
    const kernel = testKernel();
    await personOf(kernel, 'bob').verify('riddle', wrong);
    expect(toldOnce(kernel)).to.include({ reason: 'session.mfa.pending_info_not_found', userId: 'bob' });
  });

  it('wrong, and locked', async () => {
    const { kernel, person } = await protectedPerson();
    for (let n = 0; n < 7; n += 1) {
      forget(kernel);
      await person.verify('riddle', wrong);
      const reason = n < 5 ? 'session.mfa.invalid_totp_code' : 'session.verification_blocked_too_many_attempts';
      expect(toldOnce(kernel)).to.include({ name: 'verification-refused', reason });
    }
  });

  it('a record that is missing though the host expects one', async () => {
    const kernel = testKernel();
    const lost = personOf(kernel, 'lost', { mfaExpected: true });
    expect(await codeOf(lost.verify('riddle', wrong))).to.equal('store.record_missing');
    expect(toldOnce(kernel)).to.include({ reason: 'store.record_missing' });
  });

  for (const [what, thrown] of [
    ['a store that is down', new MfaError('store.unavailable', 'down')],
    ["a store of the host's own that throws what it likes", new Error('ECONNREFUSED')],
  ] as const) {
    it(`${what}, while loading and while saving`, async () => {
      let watched!: WatchedStore;
      const { kernel, person, word } = await protectedPerson({ store: (memory) => (watched = watchedStore(memory)) });
      const before = await kernel.recordOf('ann');
      const fail = () => {
        throw thrown;
      };
      watched.beforeSave = fail;
      for (const body of [{ word, use: 2 }, wrong]) {
        forget(kernel);
        expect(await codeOf(person.verify('riddle', body))).not.to.equal('nothing thrown');
        expect(toldOnce(kernel)).to.include({ outcome: 'refused', reason: 'store.unavailable' });
        expect(kernel.events).to.have.length(1);
      }
      watched.beforeLoad = fail;
      forget(kernel);
      expect(await codeOf(person.verify('riddle', { word, use: 2 }))).not.to.equal('nothing thrown');
      expect(toldOnce(kernel)).to.include({ outcome: 'refused', reason: 'store.unavailable' });
      expect(await kernel.recordOf('ann')).to.deep.equal(before);
    });
  }

  it('a full queue', async () => {
    const { kernel, person } = await protectedPerson({ queueLimit: 2 });
    const codes = await Promise.all([1, 2, 3].map(() => codeOf(person.verify('riddle', wrong))));
    expect(codes.sort()).to.deep.equal(['nothing thrown', 'nothing thrown', 'server.busy']);
    expect(kernel.outcomes().map(({ reason }) => reason)).to.have.members([
      'server.busy',
      'session.mfa.invalid_totp_code',
      'session.mfa.invalid_totp_code',
    ]);
  });

  it('a wrong signature that cannot be counted', async () => {
    const factors = [riddle({ guessable: false }), spareWords()];
    let watched!: WatchedStore;
    const { kernel, person } = await protectedPerson({ factors, store: (memory) => (watched = watchedStore(memory)) });
    watched.increment = () => Promise.reject(new MfaError('store.unavailable', 'down'));
    expect(saidOf(await person.verify('riddle', wrong))).to.equal('session.mfa.invalid_totp_code');
    expect(toldOnce(kernel)).to.include({ reason: 'session.mfa.invalid_totp_code' });
  });
});
