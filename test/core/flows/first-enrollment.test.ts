// The first enrolment of somebody not protected yet: a code to the known address, or a granted one, stands before it,
// so that a stolen password does not enrol the thief's phone.
import { expect } from 'chai';
import { MfaError } from '../../../src/core/words/errors.js';
import { beginConfirmation, confirmFirstEnrollment } from '../../../src/core/flows/first-enrollment.js';
import { grantEnrollment } from '../../../src/core/flows/enrollment-grant.js';
import { resetUser } from '../../../src/core/operators/administer.js';
import { beginEnrollment } from '../../../src/core/flows/enroll.js';
import type { MfaUser } from '../../../src/core/kernel/mfa-user.js';
import type { Settings } from '../../../src/core/kernel/settings.js';
import type { Json } from '../../../src/core/words/json.js';
import { letters } from '../../support/core-address-factor.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel, watchedStore, type WatchedStore } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, saidOf } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';

const unconfirmed = 'session.mfa.first_enrollment_unconfirmed';
const verified: Partial<MfaUser> = { email: 'ann@example.com', emailVerified: true };

function house(confirms: Settings['confirmFirstEnrollment'], user: Partial<MfaUser> = verified) {
  let watched!: WatchedStore;
  const { factor, sent } = letters();
  const kernel = testKernel({
    factors: [riddle(), factor, spareWords()],
    settings: { confirmFirstEnrollment: confirms },
    store: (memory) => (watched = watchedStore(memory)),
  });
  const person = personOf(kernel, 'ann', user);
  const mayEnrol = async () => saidOf(await beginEnrollment(kernel, person.asker, 'riddle', {}, 'anew'));
  const answer = async (body: Json, { asker } = person) => {
    const outcome = await confirmFirstEnrollment(kernel, asker, body);
    if (outcome.accepted) asker.signIn.firstEnrollmentConfirmedAt = outcome.at;
    return outcome;
  };
  const send = async () => {
    expect(saidOf(await beginConfirmation(kernel, person.asker))).to.equal('accepted');
    return sent.at(-1)!;
  };
  return { kernel, person, sent, mayEnrol, answer, send, watched };
}

describe('a first enrolment', () => {
  it('waits for the code that went to the known address, and then for no more', async () => {
    const { kernel, person, mayEnrol, answer, send, sent } = house('when-possible');
    expect(await mayEnrol()).to.equal(unconfirmed);
    const { to, word } = await send();
    expect(to).to.equal('ann@example.com');
    forget(kernel);
    expect(saidOf(await answer({ word, use: 1 }))).to.equal('accepted');
    expect(kernel.outcomes()).to.have.length(1);
    expect(await mayEnrol()).to.equal('accepted');
    await enrollRiddle(person);
    expect(sent).to.have.length(1);
  });

  it('is asked for again once that is ten minutes ago, and in every other session', async () => {
    const { kernel, mayEnrol, answer, send } = house('when-possible');
    const { word } = await send();
    await answer({ word, use: 1 });
    const other = personOf(kernel, 'ann', verified);
    expect(saidOf(await beginEnrollment(kernel, other.asker, 'riddle', {}, 'anew'))).to.equal(unconfirmed);
    kernel.clock.now += 601;
    expect(await mayEnrol()).to.equal(unconfirmed);
  });

  it('is confirmed in no other session with the same code, and by nobody else', async () => {
    const { kernel, answer, send } = house('when-possible');
    const { word } = await send();
    for (const thief of [personOf(kernel, 'ann', verified), personOf(kernel, 'bob', verified)]) {
      expect(saidOf(await answer({ word, use: 1 }, thief))).to.equal('verification_code.not_found');
    }
  });

  it('is confirmed by no code that was sent before the account was reset', async () => {
    const { kernel, answer, send, mayEnrol } = house('when-possible');
    const { word } = await send();
    await resetUser(kernel, 'ann', { by: 'support' });
    expect(saidOf(await answer({ word, use: 1 }))).to.equal('verification_code.not_found');
    expect(await mayEnrol()).to.equal(unconfirmed);
  });

  it('needs no code at sign-up, without a known address, or where the app leaves it open', async () => {
    const atSignUp = house('when-possible');
    atSignUp.person.asker.signIn.moment = 'sign-up';
    expect(await atSignUp.mayEnrol()).to.equal('accepted');
    expect(await house('when-possible', {}).mayEnrol()).to.equal('accepted');
    expect(await house('when-possible', { email: 'ann@example.com' }).mayEnrol()).to.equal('accepted');
    expect(await house('open').mayEnrol()).to.equal('accepted');
  });

  it('is told by one outcome event for each answer, however it ends', async () => {
    const { kernel, answer, send, watched } = house('when-possible');
    const { word } = await send();
    const cases: [body: Json, said: string][] = [
      [[], 'request.invalid'],
      [{ word: 'wrong', use: 1 }, 'session.mfa.invalid_totp_code'],
      [{ word, use: 1 }, 'accepted'],
      [{ word, use: 1 }, 'verification_code.not_found'],
    ];
    for (const [body, said] of cases) {
      forget(kernel);
      expect(saidOf(await answer(body))).to.equal(said);
      expect(kernel.outcomes()).to.have.length(1);
    }
    const again = await send();
    for (const thrown of [new MfaError('store.unavailable', 'down'), new Error('ECONNREFUSED')]) {
      watched.beforeSave = () => {
        throw thrown;
      };
      forget(kernel);
      expect(await codeOf(answer({ word: again.word, use: 1 }))).not.to.equal('nothing thrown');
      expect(kernel.outcomes()).to.have.length(1);
      expect(kernel.outcomes()[0]).to.include({ reason: 'store.unavailable' });
    }
  });

  it('evaluates 5 of 100 wrong answers that arrive at once on two servers', async () => {
    const { kernel, person, answer, send } = house('when-possible');
    const { word } = await send();
    const other = testKernel({
      factors: kernel.factors,
      settings: { confirmFirstEnrollment: 'when-possible' },
      beside: kernel,
    });
    const all = Array.from({ length: 100 }, async (_each, n) =>
      saidOf(await confirmFirstEnrollment(n % 2 ? kernel : other, person.asker, { word: 'wrong', use: 1 })),
    );
    const said = await Promise.all(all);
    expect(said.filter((each) => each === 'session.mfa.invalid_totp_code')).to.have.length(5);
    expect(saidOf(await answer({ word, use: 1 }))).to.equal('session.verification_blocked_too_many_attempts');
    kernel.clock.now += 30;
    expect(saidOf(await answer({ word, use: 1 }))).to.equal('accepted');
    expect((await kernel.recordOf('ann')).protected).to.equal(false);
  });

  it('is nobody’s business who is protected already', async () => {
    const { kernel, person, answer } = house('open');
    await enrollRiddle(person);
    const strict = testKernel({
      factors: kernel.factors,
      settings: { confirmFirstEnrollment: 'required' },
      beside: kernel,
    });
    const outcome = await confirmFirstEnrollment(strict, person.asker, { code: 'AAAA-AAAA' });
    expect(saidOf(outcome)).to.equal('session.mfa.pending_info_not_found');
    expect(saidOf(await answer({ word: 'x', use: 1 }))).to.equal('session.mfa.pending_info_not_found');
  });
});

describe('a granted code', () => {
  it('stands in where there is no address, works once, and in one of 20 answers at once', async () => {
    const { kernel, person, mayEnrol, answer } = house('required', {});
    expect(await mayEnrol()).to.equal(unconfirmed);
    const code = await grantEnrollment(kernel, 'ann', { by: 'admin-7' });
    expect(kernel.events.at(-1)).to.include({ name: 'enrollment-granted', actor: 'admin', by: 'admin-7' });
    expect(JSON.stringify(kernel.events)).not.to.include(code);
    const all = await Promise.all(Array.from({ length: 20 }, () => answer({ code: ` ${code.toLowerCase()} ` })));
    expect(all.map(saidOf).filter((said) => said === 'accepted')).to.have.length(1);
    expect(kernel.outcomes()).to.have.length(20);
    expect(await mayEnrol()).to.equal('accepted');
    await enrollRiddle(person);
  });

  it('is worth nothing to another person and after a day, and survives wrong guesses, which wait', async () => {
    const { kernel, answer } = house('required', {});
    const code = await grantEnrollment(kernel, 'ann');
    expect(saidOf(await answer({ code }, personOf(kernel, 'bob')))).to.equal('verification_code.not_found');
    for (let n = 0; n < 5; n += 1) {
      expect(saidOf(await answer({ code: 'AAAA-AAAA' }))).to.equal('verification_code.code_mismatch');
      kernel.clock.now += 3600;
    }
    const other = await answer({ code: 'AAAA-AAAA' });
    expect(other).to.deep.include({ details: { remainingAttempts: 0, retryAfterSeconds: 60 } });
    expect(saidOf(await answer({ code }))).to.equal('session.verification_blocked_too_many_attempts');
    kernel.clock.now += 60;
    expect(saidOf(await answer({ code }))).to.equal('accepted');
    const late = await grantEnrollment(kernel, 'ann');
    kernel.clock.now += 86_400;
    expect(saidOf(await answer({ code: late }))).to.equal('verification_code.not_found');
  });

  it('is replaced by a newer one, and malformed ones cost nothing', async () => {
    const { kernel, answer } = house('required', {});
    const first = await grantEnrollment(kernel, 'ann');
    const second = await grantEnrollment(kernel, 'ann');
    for (const body of [null, {}, { code: 7 }, { code: 'OIL0-1111' }, { code: 'AAAA' }]) {
      expect(saidOf(await answer(body))).to.equal('request.invalid');
    }
    expect((await kernel.recordOf('ann')).attempts).to.deep.equal({});
    expect(saidOf(await answer({ code: first }))).to.equal('verification_code.code_mismatch');
    expect(saidOf(await answer({ code: second }))).to.equal('accepted');
  });
});
