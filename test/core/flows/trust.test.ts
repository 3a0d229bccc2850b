// Trusted browsers: what makes one, what it stands in for, how its secret rotates, and how a copied one is found out.
import { expect } from 'chai';
import { passwordChanged, resetUser } from '../../../src/core/operators/administer.js';
import { revokeTrusted } from '../../../src/core/flows/manage.js';
import { forbids } from '../../../src/core/rules/permission.js';
import { useTrust } from '../../../src/core/flows/trust.js';
import { verify } from '../../../src/core/flows/verify.js';
import { riddle, spareWords } from '../../support/core-factors.js';
import { testKernel, namesOf, watchedStore, type WatchedStore } from '../../support/core-kernel.js';
import { enrollRiddle, forget, personOf, protectedPerson, type Person } from '../../support/core-person.js';
import { codeOf } from '../../support/thrown.js';
import { tamper } from '../../support/core-record.js';

const day = 86_400;

/** A person who asked, when they answered, that this browser be trusted. */
async function trusted({ on } = { on: true }) {
  const made = await protectedPerson({ settings: { trustDays: on ? 30 : undefined } });
  const { kernel, person, word } = made;
  const outcome = await verify(kernel, person.asker, 'riddle', { word, use: 2 }, true);
  const cookie = outcome.accepted ? outcome.trustedBrowser?.cookie : undefined;
  forget(kernel);
  /** A new sign-in with that cookie, as the guard does it: what became of it, and the step then. */
  const come = async (trustedBrowser: string, who: Person = personOf(kernel)) => {
    const used = await useTrust(kernel, { ...who.asker, trustedBrowser });
    if (used) Object.assign(who.asker.signIn, { trusted: used.id, trustedAt: kernel.now() });
    return { used, who, next: used?.cookie?.cookie, step: await who.step() };
  };
  const names = () => namesOf(kernel);
  return { ...made, cookie: cookie ?? '', come, names };
}

describe('a trusted browser', () => {
  it('is made by a right answer of whoever asks for it, and noticed', async () => {
    const { kernel, person, word } = await protectedPerson({ settings: { trustDays: 30 } });
    const outcome = await verify(kernel, person.asker, 'riddle', { word, use: 2 }, true);
    if (!outcome.accepted) return expect.fail(outcome.reason);
    const [browser] = (await kernel.recordOf('ann')).trusted;
    expect(browser).to.include({ createdAt: kernel.now(), expiresAt: kernel.now() + 30 * day });
    expect(JSON.stringify(await kernel.recordOf('ann'))).not.to.include(outcome.trustedBrowser?.cookie.split('.')[1]);
    expect(namesOf(kernel)).to.include('browser-trusted');
    expect(kernel.notices.map(({ what }) => what)).to.deep.equal(['browser-trusted']);
  });

  it('is not made unasked, by a wrong answer, by a backup code, or where the app has none', async () => {
    const { kernel, person, word, words } = await protectedPerson({ settings: { trustDays: 30 } });
    await verify(kernel, person.asker, 'riddle', { word, use: 2 });
    await verify(kernel, person.asker, 'riddle', { word: 'wrong', use: 3 }, true);
    await verify(kernel, person.asker, 'spare-words', { word: words[0]! }, true);
    expect((await kernel.recordOf('ann')).trusted).to.deep.equal([]);
    const off = await trusted({ on: false });
    expect(off.cookie).to.equal('');
    expect((await off.kernel.recordOf('ann')).trusted).to.deep.equal([]);
  });

  it('stands in for the sign-in step', async () => {
    const { cookie, come, names } = await trusted();
    expect((await come(cookie)).step).to.equal('nothing');
    expect(names()).to.deep.equal(['browser-trust-used']);
  });

  it('stands in for no step-up, and opens no management', async () => {
    const { kernel, cookie, come } = await trusted();
    const { who } = await come(cookie);
    const refusal = forbids(kernel, who.asker, await kernel.recordOf('ann'), 'manage');
    expect(refusal?.reason).to.equal('session.mfa.step_up_required');
    expect(refusal?.details.stepUp?.why).to.equal('missing');
  });

  it('makes no record grow, however often it is used within a minute', async () => {
    const { kernel, cookie, come } = await trusted();
    let current = cookie;
    for (let use = 0; use < 100; use += 1) current = (await come(current)).next ?? current;
    expect((await kernel.recordOf('ann')).trusted[0]?.previous).to.have.lengthOf(8);
    expect((await come(current)).step).to.equal('nothing');
  });

  it('does so until its day, however often it is used', async () => {
    const { kernel, cookie, come } = await trusted();
    let current = cookie;
    for (let n = 0; n < 29; n += 1) {
      kernel.clock.now += day;
      const { next, step } = await come(current);
      expect(step).to.equal('nothing');
      current = next!;
    }
    kernel.clock.now += day;
    expect((await come(current)).step).to.equal('verify');
  });

  it('stops in the middle of a sign-in when it is revoked, or lapses', async () => {
    const one = await trusted();
    const { who } = await one.come(one.cookie);
    await revokeTrusted(one.kernel, one.person.asker);
    expect(await who.step()).to.equal('verify');
    const other = await trusted();
    const late = await other.come(other.cookie);
    other.kernel.clock.now += 30 * day;
    expect(await late.who.step()).to.equal('verify');
  });

  it('is worth nothing with a cookie that is wrong in any way, or to another person', async () => {
    const { kernel, cookie, come, names } = await trusted();
    const [id, secret] = cookie.split('.') as [string, string];
    for (const bad of ['', '.', id, `${id}.`, `x.${secret}`, `.${secret}`]) {
      expect((await come(bad)).used, bad).to.equal(undefined);
    }
    const bob = personOf(kernel, 'bob');
    await enrollRiddle(bob);
    forget(kernel);
    expect((await come(cookie, bob.signInAgain())).used).to.equal(undefined);
    expect(names()).to.deep.equal([]);
  });

  it('ends with a change of factors, a new password and a reset', async () => {
    const ends: ((one: Awaited<ReturnType<typeof trusted>>) => Promise<unknown>)[] = [
      ({ person }) => enrollRiddle(person),
      ({ kernel }) => passwordChanged(kernel, 'ann'),
      ({ kernel }) => resetUser(kernel, 'ann', { by: 'admin' }),
    ];
    for (const end of ends) {
      const one = await trusted();
      await end(one);
      expect((await one.come(one.cookie)).used).to.equal(undefined);
    }
  });

  it('passes nobody who has no way left', async () => {
    const { kernel, come, cookie } = await trusted();
    const gone = testKernel({
      factors: [riddle({ kind: 'song' }), spareWords({ expiresInSeconds: 1 })],
      settings: { trustDays: 30 },
      beside: kernel,
    });
    await tamper(kernel, ({ authenticators }) => ({
      authenticators: authenticators.filter(({ kind }) => kind === 'riddle'),
    }));
    expect((await come(cookie, personOf(gone))).step).to.equal('recover');
  });

  it('is one of ten: the oldest gives way', async () => {
    const { kernel, person, word, cookie, come } = await trusted();
    for (let use = 3; use < 13; use += 1) await verify(kernel, person.asker, 'riddle', { word, use }, true);
    expect((await kernel.recordOf('ann')).trusted).to.have.length(10);
    expect((await come(cookie)).used).to.equal(undefined);
  });

  it('is not believed where the host expects a record and there is none', async () => {
    const { kernel, cookie } = await trusted();
    const lost = personOf(kernel, 'lost', { mfaExpected: true });
    const using = useTrust(kernel, { ...lost.asker, trustedBrowser: cookie });
    expect(await codeOf(using)).to.equal('store.record_missing');
  });
});

describe('the secret of a trusted browser', () => {
  it('is another one after each use', async () => {
    const { cookie, come } = await trusted();
    const { next } = await come(cookie);
    expect(next).to.be.a('string').and.not.equal(cookie);
    expect(next?.split('.')[0]).to.equal(cookie.split('.')[0]);
    expect((await come(next!)).step).to.equal('nothing');
  });

  it('is rotated by one of 20 requests that arrive at once, and all of them pass', async () => {
    const { cookie, come, names } = await trusted();
    const all = await Promise.all(Array.from({ length: 20 }, () => come(cookie)));
    expect(all.filter(({ next }) => next !== undefined)).to.have.length(1);
    expect(all.every(({ step }) => step === 'nothing')).to.equal(true);
    expect(names()).not.to.include('browser-trust-reused');
  });

  it('counts for a minute after its successor was issued, presented or not', async () => {
    const { kernel, cookie, come } = await trusted();
    await come(cookie);
    kernel.clock.now += 60;
    const again = await come(cookie);
    expect([again.step, again.next]).to.deep.equal(['nothing', undefined]);
  });

  it('ends the trust when it comes back later, and tells the person', async () => {
    const { kernel, cookie, come, names } = await trusted();
    const { next } = await come(cookie);
    kernel.clock.now += 61;
    forget(kernel);
    expect((await come(cookie)).step).to.equal('verify');
    expect(names()).to.deep.equal(['browser-trust-reused']);
    expect(kernel.notices.map(({ what }) => what)).to.deep.equal(['browser-trust-ended']);
    expect((await come(next!)).step).to.equal('verify');
    expect((await kernel.recordOf('ann')).trusted).to.deep.equal([]);
  });

  it('that a thief used first revokes the browser when its owner comes', async () => {
    const { kernel, cookie, come } = await trusted();
    const thiefs = (await come(cookie)).next!;
    kernel.clock.now += 3600;
    expect((await come(cookie)).used).to.equal(undefined);
    expect((await come(thiefs)).used).to.equal(undefined);
  });
});

describe('revoking', () => {
  it('ends one browser or all, and finds no other', async () => {
    const { kernel, person, word, names } = await trusted();
    await verify(kernel, person.asker, 'riddle', { word, use: 3 }, true);
    const [first] = (await kernel.recordOf('ann')).trusted;
    forget(kernel);
    const unknown = await revokeTrusted(kernel, person.asker, 'another');
    expect(unknown).to.include({ reason: 'session.verification_session_not_found' });
    await revokeTrusted(kernel, person.asker, first!.id);
    expect((await kernel.recordOf('ann')).trusted).to.have.length(1);
    await revokeTrusted(kernel, person.asker);
    expect((await kernel.recordOf('ann')).trusted).to.deep.equal([]);
    expect(names()).to.deep.equal(['browser-trust-revoked', 'browser-trust-revoked']);
  });

  it('of all where none is trusted is accepted, and writes nothing', async () => {
    let watched!: WatchedStore;
    const { kernel, person } = await protectedPerson({ store: (memory) => (watched = watchedStore(memory)) });
    const { saves } = watched;
    const { epoch } = await kernel.recordOf('ann');
    expect(await revokeTrusted(kernel, person.asker)).to.deep.include({ accepted: true, epoch });
    expect(watched.saves).to.equal(saves);
    expect(namesOf(kernel)).to.deep.equal([]);
  });
});
