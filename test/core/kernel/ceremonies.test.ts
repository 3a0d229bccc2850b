// What was begun and waits for its answer: whose it is, what it is worth elsewhere, and how often it can be answered.
import { expect } from 'chai';
import { openCeremony, recallCeremony, type Purpose } from '../../../src/core/kernel/ceremonies.js';
import { issueChallenge, openChallenge } from '../../../src/core/flows/challenge.js';
import { MfaError } from '../../../src/core/words/errors.js';
import type { Ceremony } from '../../../src/core/kernel/factor.js';
import type { MfaStore } from '../../../src/core/kernel/ports.js';
import type { Json } from '../../../src/core/words/json.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel, namesOf } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, protectedPerson, saidOf, type Person } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';

const notFound = 'verification_code.not_found';
const noneBegun = 'session.mfa.pending_info_not_found';
const withRiddle = (ceremony: Ceremony, more = {}) => ({ factors: [riddle({ ceremony, ...more }), spareWords()] });

describe('a ceremony', () => {
  const begun = { secret: { answer: 'under the doormat' }, shown: { hint: 'where is the key' } };

  async function opened() {
    const stored = new Map<string, Json>();
    let raw!: MfaStore;
    const watch = (memory: MfaStore): MfaStore => {
      raw = memory;
      const put: MfaStore['put'] = (userId, key, value, ttl) => {
        stored.set(key, value);
        return memory.put(userId, key, value, ttl);
      };
      return { ...memory, put };
    };
    const kernel = testKernel({ store: watch });
    const { asker } = personOf(kernel, 'ann');
    await openCeremony(kernel, asker, 'verify', riddle(), 'epoch-1', () => Promise.resolve(begun));
    const recall = (who = asker, purpose: Purpose = 'verify', kind = 'riddle', ceremony: Ceremony = 'kept') =>
      recallCeremony(kernel, who, purpose, kind, ceremony);
    return { kernel, asker, recall, raw, stored };
  }

  it('is what was begun, with the epoch and the time it began in', async () => {
    const { kernel, recall } = await opened();
    expect(await recall()).to.deep.equal({ ...begun, epoch: 'epoch-1', startedAt: kernel.now() });
  });

  it('is stored sealed: neither half can be read from the store', async () => {
    const { stored } = await opened();
    expect(stored.size).to.equal(1);
    expect(JSON.stringify([...stored])).not.to.match(/doormat|where is/);
  });

  it('cannot be found by another session, another user, for another kind or purpose', async () => {
    const { kernel, asker, recall } = await opened();
    const session = { ...asker, signIn: { ...asker.signIn, flowId: 'another' } };
    const user = { ...asker, user: { ...asker.user, id: 'bob' } };
    expect(await recall(session)).to.equal(undefined);
    expect(await recall(user)).to.equal(undefined);
    expect(await recall(asker, 'enroll')).to.equal(undefined);
    expect(await recall(asker, 'verify', 'song')).to.equal(undefined);
    expect(await recall(personOf(kernel, 'ann').asker)).to.equal(undefined);
    expect(await recall()).not.to.equal(undefined);
  });

  it('does not open when its stored value is moved to another session, user, kind or purpose', async () => {
    const { asker, recall, raw, stored } = await opened();
    const [[key, sealed]] = [...stored] as [[string, Json]];
    const { flowId } = asker.signIn;
    const session = { ...asker, signIn: { ...asker.signIn, flowId: 'another' } };
    const user = { ...asker, user: { ...asker.user, id: 'bob' } };
    await raw.put('ann', key.replace(flowId, 'another'), sealed, 60);
    await raw.put('bob', key, sealed, 60);
    await raw.put('ann', key.replace('verify', 'enroll'), sealed, 60);
    await raw.put('ann', key.replace('riddle', 'song'), sealed, 60);
    expect(await codeOf(recall(session))).to.equal('store.unavailable');
    expect(await codeOf(recall(user))).to.equal('store.unavailable');
    expect(await codeOf(recall(asker, 'enroll'))).to.equal('store.unavailable');
    expect(await codeOf(recall(asker, 'verify', 'song'))).to.equal('store.unavailable');
  });

  it('lapses with its time to live', async () => {
    const { kernel, recall } = await opened();
    kernel.clock.now += 299;
    expect(await recall()).not.to.equal(undefined);
    kernel.clock.now += 1;
    expect(await recall()).to.equal(undefined);
  });

  it('is taken by one of any number of parallel answers where it is answered once', async () => {
    const { asker, recall } = await opened();
    const all = await Promise.all(Array.from({ length: 20 }, () => recall(asker, 'verify', 'riddle', 'once')));
    expect(all.filter((open) => open !== undefined)).to.have.length(1);
  });
});

describe('a challenge that is answered once', () => {
  it('is spent by a wrong answer', async () => {
    const { person, word } = await protectedPerson(withRiddle('once', { guessable: false }));
    const { nonce } = await person.issue('riddle');
    expect(saidOf(await person.verify('riddle', { word: 'wrong', use: 2, nonce }))).to.match(/invalid_totp_code/);
    expect(saidOf(await person.verify('riddle', { word, use: 2, nonce }))).to.equal(noneBegun);
  });

  it('accepts exactly one of 50 right answers at once', async () => {
    const { kernel, person, word } = await protectedPerson(withRiddle('once'));
    const { nonce } = await person.issue('riddle');
    const answers = Array.from({ length: 50 }, (_each, n) => person.verify('riddle', { word, use: n + 2, nonce }));
    const said = (await Promise.all(answers)).map(saidOf);
    expect(said.filter((each) => each === 'accepted')).to.have.length(1);
    expect(kernel.outcomes()).to.have.length(50);
  });

  it('is void once another was begun in the same session', async () => {
    const { person, word } = await protectedPerson(withRiddle('once'));
    const { nonce } = await person.issue('riddle');
    await person.issue('riddle');
    expect(saidOf(await person.verify('riddle', { word, use: 2, nonce }))).to.match(/invalid_totp_code/);
  });
});

describe('a challenge with a number of tries', () => {
  const tries = withRiddle({ tries: 3 });

  it('outlives a wrong answer, and says the smaller of what code and budget leave', async () => {
    const { person, word } = await protectedPerson(tries);
    const { nonce } = await person.issue('riddle');
    const outcome = await person.verify('riddle', { word: 'wrong', use: 2, nonce });
    expect(outcome).to.deep.include({ details: { remainingAttempts: 2 } });
    expect(saidOf(await person.verify('riddle', { word, use: 2, nonce }))).to.equal('accepted');
  });

  it('is spent after its tries, and asking for another does not refill the budget', async () => {
    const { kernel, person, word } = await protectedPerson(tries);
    const { nonce } = await person.issue('riddle');
    for (let n = 0; n < 3; n += 1) await person.verify('riddle', { word: 'wrong', use: 2, nonce });
    forget(kernel);
    expect(saidOf(await person.verify('riddle', { word, use: 2, nonce }))).to.equal('verification_code.exceed_max_try');
    expect(kernel.outcomes()).to.have.length(1);
    const second = await person.issue('riddle');
    const wrong = { word: 'wrong', use: 2, nonce: second.nonce };
    await person.verify('riddle', wrong);
    const fifth = await person.verify('riddle', wrong);
    expect(fifth).to.deep.include({ details: { remainingAttempts: 0, retryAfterSeconds: 30 } });
    const third = await issueChallenge(kernel, person.asker, 'riddle');
    expect(saidOf(third)).to.equal('session.verification_blocked_too_many_attempts');
  });

  it('accepts one of 50 right answers at once, though all of them read it', async () => {
    const { kernel, person, word } = await protectedPerson(tries);
    const { nonce } = await person.issue('riddle');
    // A take that never arrives: tidying up decides nothing.
    kernel.store.take = () => new Promise(() => undefined);
    const answers = Array.from({ length: 50 }, (_each, n) => person.verify('riddle', { word, use: n + 2, nonce }));
    const said = (await Promise.all(answers)).map(saidOf);
    expect(said.filter((each) => each === 'accepted')).to.have.length(1);
  });

  it('of one session is not void when another session begins its own', async () => {
    const { kernel, person, word } = await protectedPerson(tries);
    const { nonce } = await person.issue('riddle');
    await personOf(kernel, 'ann').issue('riddle');
    expect(saidOf(await person.verify('riddle', { word, use: 2, nonce }))).to.equal('accepted');
  });

  it('cannot be answered by another session, though it knows the code', async () => {
    const { kernel, person, word } = await protectedPerson(tries);
    const { nonce } = await person.issue('riddle');
    const thief = personOf(kernel, 'ann');
    expect(saidOf(await thief.verify('riddle', { word, use: 2, nonce }))).to.equal(notFound);
  });

  it('is void once the authenticators changed', async () => {
    const { kernel, person, word } = await protectedPerson(tries);
    const waiting = personOf(kernel, 'ann');
    const { nonce } = await waiting.issue('riddle');
    await person.begin('spare-words');
    // The set is renewed, which changes the epoch; the riddle itself stays as it was.
    expect(saidOf(await person.confirm('spare-words', { saved: true }))).to.equal('accepted');
    expect(saidOf(await waiting.verify('riddle', { word, use: 2, nonce }))).to.equal(notFound);
  });

  it('is void even if the authenticators change while its answer is weighed', async () => {
    let rival: (() => Promise<unknown>) | undefined;
    const factor = riddle({
      ceremony: { tries: 3 },
      whileWeighing: async () => {
        const once = rival;
        rival = undefined;
        await once?.();
      },
    });
    const { kernel, person, word } = await protectedPerson({ factors: [factor, spareWords()] });
    const waiting = personOf(kernel, 'ann');
    const { nonce } = await waiting.issue('riddle');
    await person.begin('spare-words');
    rival = () => person.confirm('spare-words', { saved: true });
    expect(saidOf(await waiting.verify('riddle', { word, use: 2, nonce }))).to.equal(notFound);
  });

  it('is shown again to the session that began it, and to no other', async () => {
    const { kernel, person } = await protectedPerson(tries);
    const { nonce } = await person.issue('riddle');
    expect(await openChallenge(kernel, person.asker, 'riddle')).to.deep.include({ shown: { nonce } });
    expect(await openChallenge(kernel, personOf(kernel, 'ann').asker, 'riddle')).to.equal(undefined);
  });
});

describe('beginning a challenge', () => {
  const sends = withRiddle({ tries: 3 }, { whileIssuing: () => sender() });
  let sender: () => void = () => undefined;
  beforeEach(() => {
    sender = () => undefined;
  });

  it('writes nothing to the record, however often', async () => {
    const { kernel, person } = await protectedPerson(sends);
    const { revision } = await kernel.store.load('ann');
    for (let n = 0; n < 30; n += 1) await person.issue('riddle');
    expect((await kernel.store.load('ann')).revision).to.equal(revision);
    expect(namesOf(kernel)).to.deep.equal(Array(30).fill('challenge-issued'));
  });

  it('is refused alike to somebody unprotected and to somebody without this factor', async () => {
    const { kernel } = await protectedPerson(sends);
    const elsewhere = testKernel({ factors: [riddle({ kind: 'song' })], beside: kernel });
    const bob = personOf(elsewhere, 'bob');
    await enrollRiddle(bob, 'song');
    const said = async (who: Person) => saidOf(await issueChallenge(kernel, who.asker, 'riddle'));
    expect(await said(personOf(kernel, 'nobody'))).to.equal('session.mfa.mfa_factor_not_enabled');
    expect(await said(bob)).to.equal('session.mfa.mfa_factor_not_enabled');
  });

  for (const [code, event] of [
    ['connector.rate_limit_exceeded', 'send-limited'],
    ['connector.send_failed', 'code-not-sent'],
  ] as const) {
    it(`is told as ${event} where the sender says ${code}, and nothing is kept`, async () => {
      const { kernel, person } = await protectedPerson(sends);
      sender = () => {
        throw new MfaError(code, 'no', { details: { retryAfterSeconds: 9 } });
      };
      const outcome = await issueChallenge(kernel, person.asker, 'riddle');
      expect(outcome).to.deep.equal({ accepted: false, reason: code, details: { retryAfterSeconds: 9 } });
      expect(namesOf(kernel)).to.deep.equal([event]);
      expect(await openChallenge(kernel, person.asker, 'riddle')).to.equal(undefined);
    });
  }

  it('has to wait after 20 failed signatures in ten minutes', async () => {
    const { kernel, person } = await protectedPerson(withRiddle('once', { guessable: false }));
    for (let n = 0; n < 20; n += 1) {
      const { nonce } = await person.issue('riddle');
      await person.verify('riddle', { word: 'wrong', use: 2, nonce });
    }
    const outcome = await issueChallenge(kernel, person.asker, 'riddle');
    expect(saidOf(outcome)).to.equal('session.verification_blocked_too_many_attempts');
    kernel.clock.now += 600;
    await person.issue('riddle');
  });

  it('is refused where the host expects a record and there is none', async () => {
    const { kernel } = await protectedPerson(sends);
    const lost = personOf(kernel, 'lost', { mfaExpected: true });
    expect(await codeOf(issueChallenge(kernel, lost.asker, 'riddle'))).to.equal('store.record_missing');
  });
});
