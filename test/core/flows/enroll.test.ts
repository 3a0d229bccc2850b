// The beginning of an enrolment: who may begin, what a page begins by itself, and that none of it touches the record.
import { expect } from 'chai';
import { beginEnrollment, pendingEnrollment } from '../../../src/core/flows/enroll.js';
import { MfaError } from '../../../src/core/words/errors.js';
import type { Factor, FactorEnrollment } from '../../../src/core/kernel/factor.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel, watchedStore, type TestKernel, type WatchedStore, namesOf } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, protectedPerson, saidOf, type Person } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';
import { tamper } from '../../support/core-record.js';

const begin = (kernel: TestKernel, { asker }: Person, kind = 'riddle', mode: 'page' | 'anew' = 'anew', body = {}) =>
  beginEnrollment(kernel, asker, kind, body, mode);

/** A factor that is begun with an address. */
function addressed(fails?: () => never): Factor {
  const made = riddle();
  const enrollment: FactorEnrollment = {
    ...(made.enrollment as FactorEnrollment),
    beginsOnPage: false,
    parseBegin: (body) => {
      const { address } = body as { address?: unknown };
      return typeof address === 'string' ? address : { malformed: true, details: { field: 'address' } };
    },
    begin: async (context, _own, input) => {
      fails?.();
      return { secret: { word: context.random.token(), id: 'a1' }, shown: input, happened: [{ name: 'code-sent' }] };
    },
  };
  return { ...(made as Factor), enrollment };
}

describe('beginning an enrolment', () => {
  it('shows what was begun, and until when it waits', async () => {
    const kernel = testKernel();
    const outcome = await begin(kernel, personOf(kernel));
    if (!outcome.accepted) return expect.fail(outcome.reason);
    expect(outcome.begun).to.include({ startedAt: kernel.now(), expiresAt: kernel.now() + 900 });
    expect(outcome.begun?.shown).to.have.property('word');
    expect(namesOf(kernel)).to.deep.equal(['enrollment-begun']);
  });

  it('writes nothing to the record, however often', async () => {
    let watched!: WatchedStore;
    const kernel = testKernel({ store: (memory) => (watched = watchedStore(memory)) });
    const person = personOf(kernel);
    for (let n = 0; n < 20; n += 1) await begin(kernel, person);
    expect(watched.saves).to.equal(0);
  });

  it('on a page is done once: the same is shown until it is confirmed, lapses or is begun anew', async () => {
    const kernel = testKernel();
    const person = personOf(kernel);
    const first = await person.begin('riddle', 'page');
    expect(await person.begin('riddle', 'page')).to.deep.equal(first);
    expect(kernel.events).to.have.length(1);
    const anew = await person.begin('riddle', 'anew');
    expect(anew).not.to.deep.equal(first);
    expect(await person.begin('riddle', 'page')).to.deep.equal(anew);
    kernel.clock.now += 900;
    expect(await person.begin('riddle', 'page')).not.to.deep.equal(anew);
  });

  it('on a page is done once by any number of tabs that open it at the same moment', async () => {
    const kernel = testKernel();
    const person = personOf(kernel);
    const shown = await Promise.all(Array.from({ length: 20 }, () => person.begin('riddle', 'page')));
    expect(new Set(shown.map((each) => JSON.stringify(each))).size).to.equal(1);
    expect(shown[0]).to.deep.equal(await person.begin('riddle', 'page'));
    expect(namesOf(kernel)).to.deep.equal(['enrollment-begun']);
  });

  it('on a page is each session its own', async () => {
    const kernel = testKernel();
    const first = await personOf(kernel).begin('riddle', 'page');
    expect(await personOf(kernel).begin('riddle', 'page')).not.to.deep.equal(first);
  });

  it('on a page is not done where the factor asks for something first', async () => {
    const kernel = testKernel({ factors: [addressed()] });
    expect(await begin(kernel, personOf(kernel), 'riddle', 'page')).to.deep.equal({ accepted: true });
    expect(kernel.events).to.deep.equal([]);
  });

  it('hands the factor what was typed, and refuses what is malformed', async () => {
    const kernel = testKernel({ factors: [addressed()] });
    const person = personOf(kernel);
    const outcome = await begin(kernel, person, 'riddle', 'anew', { address: 'ann@example.com' });
    expect(outcome).to.have.nested.property('begun.shown', 'ann@example.com');
    expect(namesOf(kernel)).to.deep.equal(['code-sent', 'enrollment-begun']);
    forget(kernel);
    const page = await begin(kernel, person, 'riddle', 'page');
    expect(page).to.have.nested.property('begun.shown', 'ann@example.com');
    expect(kernel.events).to.deep.equal([]);
    const malformed = await begin(kernel, person, 'riddle', 'anew', { address: ['x'] });
    expect(malformed).to.deep.include({ reason: 'request.invalid', details: { field: 'address' } });
    expect(kernel.events).to.have.length(1);
    expect(kernel.events[0]).to.include({ name: 'enrollment-refused', reason: 'request.invalid' });
  });

  it('keeps nothing where the sender says no', async () => {
    const refuse = () => {
      throw new MfaError('connector.send_failed', 'no');
    };
    const kernel = testKernel({ factors: [addressed(refuse)] });
    const person = personOf(kernel);
    const outcome = await begin(kernel, person, 'riddle', 'anew', { address: 'ann@example.com' });
    expect(saidOf(outcome)).to.equal('connector.send_failed');
    expect(namesOf(kernel)).to.deep.equal(['code-not-sent']);
    expect(await pendingEnrollment(kernel, person.asker, 'riddle', await kernel.recordOf('ann'))).to.equal(undefined);
  });

  it('is refused where the host expects a record and there is none', async () => {
    const kernel = testKernel();
    const lost = personOf(kernel, 'lost', { mfaExpected: true });
    expect(await codeOf(begin(kernel, lost))).to.equal('store.record_missing');
  });
});

describe('who may begin', () => {
  it('nobody a factor that the app does not offer', async () => {
    const kernel = testKernel();
    expect(saidOf(await begin(kernel, personOf(kernel), 'song'))).to.equal('session.mfa.mfa_factor_not_enabled');
  });

  it('nobody who is pending, in whatever mode', async () => {
    const { kernel, person } = await protectedPerson();
    const pending = person.signInAgain('known');
    for (const kind of ['riddle', 'spare-words']) {
      for (const mode of ['page', 'anew'] as const) {
        const outcome = await begin(kernel, pending, kind, mode);
        expect(saidOf(outcome)).to.equal('session.mfa.require_mfa_verification');
      }
    }
  });

  it('nobody with a ceremony from before: it is not shown to whoever became pending', async () => {
    const { kernel, person } = await protectedPerson();
    await person.begin('riddle', 'page');
    person.asker.signIn.proofs = [];
    const outcome = await begin(kernel, person, 'riddle', 'page');
    expect(saidOf(outcome)).to.equal('session.mfa.require_mfa_verification');
  });

  it('nobody backup codes before a primary factor', async () => {
    const kernel = testKernel();
    const outcome = await begin(kernel, personOf(kernel), 'spare-words');
    expect(saidOf(outcome)).to.equal('session.mfa.backup_code_can_not_be_alone');
  });

  it('nobody backup codes beside a factor that works no more', async () => {
    const { kernel, person } = await protectedPerson();
    await tamper(kernel, ({ authenticators }) => ({
      authenticators: authenticators.map((own) => (own.kind === 'riddle' ? { ...own, disabledAt: 1 } : own)),
    }));
    expect(saidOf(await begin(kernel, person, 'spare-words'))).to.equal('session.mfa.backup_code_can_not_be_alone');
  });

  it('somebody another one, as long as there are not as many of its kind as a factor allows', async () => {
    const { kernel, person } = await protectedPerson({ factors: [riddle({ limit: 2 }), spareWords()] });
    expect(saidOf(await begin(kernel, person))).to.equal('accepted');
  });

  it('nobody more than a factor allows', async () => {
    const factors = [riddle({ limit: 2 })];
    const kernel = testKernel({ factors });
    const person = personOf(kernel);
    await enrollRiddle(person);
    await enrollRiddle(person);
    expect(saidOf(await begin(kernel, person))).to.equal('user.too_many_authenticators');
  });

  it('nobody a pass: that is for an administrator to make', async () => {
    const kernel = testKernel({ factors: [riddle(), { ...(riddle({ kind: 'note' }) as Factor), rank: 'pass' }] });
    expect(saidOf(await begin(kernel, personOf(kernel), 'note'))).to.equal('session.mfa.mfa_factor_not_enabled');
    expect(saidOf(await begin(kernel, personOf(kernel), 'riddle'))).to.equal('accepted');
  });

  it('nobody by the channel that they signed in by: it would serve twice', async () => {
    const kernel = testKernel({ factors: [riddle({ channel: 'email' })] });
    const byLink = personOf(kernel, 'ann', { signedInBy: 'email' });
    expect(saidOf(await begin(kernel, byLink))).to.equal('session.mfa.mfa_factor_not_enabled');
    expect(saidOf(await begin(kernel, personOf(kernel, 'bob', { signedInBy: 'sms' })))).to.equal('accepted');
  });

  it('nobody whose wrong confirmations make them wait', async () => {
    const kernel = testKernel();
    const person = personOf(kernel);
    await person.begin('riddle');
    for (let n = 0; n < 5; n += 1) await person.confirm('riddle', { word: 'wrong', use: 1 });
    const outcome = await begin(kernel, person);
    expect(outcome).to.deep.include({
      reason: 'session.verification_blocked_too_many_attempts',
      details: { retryAfterSeconds: 30, remainingAttempts: 0 },
    });
    kernel.clock.now += 30;
    await enrollRiddle(person);
  });

  it('somebody elevated, while strangers closed their own lane', async () => {
    const { kernel, person } = await protectedPerson();
    await tamper(kernel, () => ({ attempts: { '/unknown': { failures: 50, failedAt: 1, closedAt: 1 } } }));
    expect(saidOf(await begin(kernel, person))).to.equal('accepted');
  });
});

describe('a pending enrolment', () => {
  it('is there for the session that began it, until the account changes', async () => {
    const { kernel, person } = await protectedPerson({ factors: [riddle(), spareWords()] });
    const { words } = (await person.begin('spare-words')) as { words: string[] };
    const pending = async (who: Person) =>
      pendingEnrollment(kernel, who.asker, 'spare-words', await kernel.recordOf('ann'));
    expect((await pending(person))?.secret).to.deep.equal({ words });
    expect(await pending(personOf(kernel))).to.equal(undefined);
    await enrollRiddle(person);
    expect(await pending(person)).to.equal(undefined);
  });

  it('is never read where it is answered once', async () => {
    const kernel = testKernel({ factors: [riddle({ enrollmentCeremony: 'once' })] });
    const person = personOf(kernel);
    const shown = await person.begin('riddle');
    expect(await pendingEnrollment(kernel, person.asker, 'riddle', await kernel.recordOf('ann'))).to.equal(undefined);
    expect(await person.begin('riddle', 'page')).not.to.deep.equal(shown);
  });
});
