// Sign-in by an authenticator alone: the answer finds the person, is judged and saved like any other, and nothing is
// told as accepted before the host has let them in.
import { expect } from 'chai';
import { resetUser } from '../../../src/core/operators/administer.js';
import {
  directFactorOf,
  recognise,
  tellDirectSignIn,
  type DirectFactor,
} from '../../../src/core/flows/direct-sign-in.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { accepted, refused } from '../../../src/core/words/outcome.js';
import type { MfaStore } from '../../../src/core/kernel/ports.js';
import { riddle, spareWords, type RiddleAnswer, type RiddleData } from '../../support/core-factors.js';
import { watchedStore, type WatchedStore } from '../../support/core-kernel.js';
import { forget, personOf, protectedPerson, saidOf } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';
import { tamper } from '../../support/core-record.js';

/** A riddle whose word says whose it is. */
function telling(): DirectFactor {
  const plain = riddle({ guessable: false });
  return {
    ...(plain as unknown as DirectFactor),
    directSignIn: {
      issue: async () => ({ options: {}, challenge: 'c' }),
      parse: (body) => plain.parse(body),
      async weigh({ store }, answer) {
        const { word, use } = answer as RiddleAnswer;
        const userId = await store.claim(`word:${word}`);
        if (typeof userId !== 'string') return refused(plain.wrong);
        if (use < 0) return { ...refused(plain.wrong), userId };
        return accepted({ userId, loaded: await store.load(userId), answer });
      },
      judge(_now, own, evidence) {
        const { word, use } = (evidence as unknown as { answer: RiddleAnswer }).answer;
        const match = own.find(({ data }) => (data as RiddleData).word === word && (data as RiddleData).lastUse < use);
        if (!match) return { is: 'wrong', reason: plain.wrong };
        const data = { ...(match.data as RiddleData), lastUse: use };
        return { is: 'right', authenticatorId: match.id, data, userVerified: true };
      },
    },
  };
}

async function house(backup = spareWords()) {
  let watched!: WatchedStore;
  const store = (memory: MfaStore) => (watched = watchedStore(memory));
  const made = await protectedPerson({ factors: [telling(), backup], store });
  const { kernel, word } = made;
  await kernel.store.claim(`word:${word}`, 'ann');
  const factor = directFactorOf(kernel)!;
  const stranger = { flowId: 'f', locale: 'en', hints: { ip: '203.0.113.9' }, knownBrowserOf: () => undefined };
  const answer = (body: object, admits = async () => true) =>
    recognise(kernel, factor, stranger, body as never, admits);
  return { ...made, watched, factor, stranger, answer };
}

describe('a direct sign-in', () => {
  it('that the host refuses, or fails at, leaves the record as it was', async () => {
    const { kernel, answer, word } = await house();
    const before = await kernel.store.load('ann');
    expect(await answer({ word, use: 2 }, async () => false)).to.deep.include({ accepted: false });
    const failing = async (): Promise<boolean> => Promise.reject(new Error('The directory does not answer.'));
    expect(await answer({ word, use: 2 }, failing).catch(String)).to.equal('Error: The directory does not answer.');
    expect(await kernel.store.load('ann')).to.deep.equal(before);
    expect(await answer({ word, use: 2 })).to.deep.include({ accepted: true });
    expect(await kernel.store.load('ann')).not.to.deep.equal(before);
  });

  it('finds the person, saves the use, and tells nothing before the host has let them in', async () => {
    const { kernel, factor, stranger, answer, word } = await house();
    const outcome = await answer({ word, use: 2 });
    if (!outcome.accepted) return expect.fail(outcome.reason);
    expect(outcome).to.deep.include({ userId: 'ann', epoch: (await kernel.recordOf('ann')).epoch });
    expect(outcome.proof).to.include({ kind: 'riddle', userVerified: true });
    expect((await kernel.recordOf('ann')).authenticators[0]).to.include({ lastUsedAt: kernel.now() });
    expect(kernel.events).to.deep.equal([]);
    await tellDirectSignIn(kernel, factor, stranger, outcome);
    expect(kernel.outcomes()).to.have.length(1);
    expect(kernel.events[0]).to.include({ name: 'verification-accepted', userId: 'ann', ip: '203.0.113.9' });
    forget(kernel);
    await tellDirectSignIn(kernel, factor, stranger, outcome, 'session.not_signed_in');
    expect(kernel.events).to.have.length(1);
    expect(kernel.events[0]).to.include({ name: 'verification-refused', reason: 'session.not_signed_in' });
  });

  it('reminds of a set that ends once the host has let them in, and nobody else', async () => {
    const { kernel, factor, stranger, answer, word } = await house(spareWords({ expiresInSeconds: 9 * 86_400 }));
    kernel.clock.now += 3 * 86_400;
    const outcome = await answer({ word, use: 2 });
    if (!outcome.accepted) return expect.fail(outcome.reason);
    await tellDirectSignIn(kernel, factor, stranger, outcome, 'session.not_signed_in');
    expect(kernel.notices).to.deep.equal([]);
    await tellDirectSignIn(kernel, factor, stranger, outcome);
    expect(kernel.notices).to.have.length(1);
    expect(kernel.notices[0]).to.include({ what: 'backup-codes-expiring', userId: 'ann' });
  });

  it('lets one of 20 answers in that arrive at once', async () => {
    const { answer, word } = await house();
    const said = (await Promise.all(Array.from({ length: 20 }, () => answer({ word, use: 2 })))).map(saidOf);
    expect(said.filter((each) => each === 'accepted')).to.have.length(1);
  });

  it('says the same of an unknown answer and of a wrong one, and audits both, by name where it knows the owner', async () => {
    const { kernel, answer, word } = await house();
    const unknown = await answer({ word: 'nobody', use: 2 });
    expect(kernel.events).to.have.length(1);
    expect(kernel.events[0])
      .to.include({ name: 'verification-refused', outcome: 'refused' })
      .and.not.have.property('userId');
    const wrong = await answer({ word, use: -1 });
    expect({ ...wrong, userId: undefined }).to.deep.equal({ ...unknown, userId: undefined });
    expect(wrong).not.to.have.property('userId');
    expect(kernel.outcomes()).to.have.length(2);
    expect(kernel.outcomes()[1]).to.include({ userId: 'ann' });
    expect(await answer({ word: 7 })).to.deep.include({ reason: 'request.invalid' });
  });

  it('is refused when the account is reset while it is saved, and audited when it cannot be', async () => {
    const { kernel, watched, answer, word } = await house();
    watched.beforeSave = () => {
      throw new MfaError('store.unavailable', 'down');
    };
    expect(await codeOf(answer({ word, use: 2 }))).to.equal('store.unavailable');
    expect(kernel.outcomes()).to.have.length(1);
    watched.beforeSave = async () => {
      watched.beforeSave = () => undefined;
      await resetUser(kernel, 'ann', { by: 'admin' });
    };
    forget(kernel);
    expect(saidOf(await answer({ word, use: 2 }))).to.equal('session.mfa.invalid_totp_code');
    expect(kernel.outcomes()).to.have.length(1);
    expect((await kernel.recordOf('ann')).protected).to.equal(false);
    expect(await personOf(kernel).step()).to.equal('suggest-mfa');
  });

  it('is refused for somebody who is no longer protected, whatever still stands in the record', async () => {
    const { kernel, answer, word } = await house();
    await tamper(kernel, () => ({ protected: false }));
    let asked = 0;
    const admits = async () => (asked += 1) > 0;
    expect(saidOf(await answer({ word, use: 2 }, admits))).to.equal('session.mfa.invalid_totp_code');
    expect(kernel.outcomes()).to.have.length(1);
    expect(asked, 'questions to the host').to.equal(0);
  });
});
