// What codes cost over HTTP: sequential trips to the store, counted. Sending at most three, an answer two and one to
// tidy up that nobody waits for.
import { expect } from 'chai';
import { memoryStore } from '../../../src/index.js';
import { testClock } from '../../support/app.js';
import { boundPerson, codesApp, known, said, signIn } from '../../support/codes.js';
import { kinds, otherAddresses, wrongFor } from '../../support/addresses.js';
import type { CodesApp } from '../../support/codes.js';
import { countingStore, type CountingStore } from '../../support/counting-store.js';
import type { Browser } from '../../support/agent.js';

for (const kind of kinds) {
  describe(`trips to the store for codes by ${kind}`, () => {
    let app: CodesApp;
    let counted: CountingStore;
    let person: Browser;
    let token: { 'X-CSRF-Token': string };

    beforeEach(async () => {
      const clock = testClock();
      counted = countingStore(memoryStore({ clock }));
      app = await codesApp({ store: counted.store, clock, [kind]: { tries: 3 } });
      await boundPerson(app, kind);
      person = await signIn(app, 'ada');
      token = { 'X-CSRF-Token': await person.csrf() };
      counted.reset();
    });

    const begin = () => person.postJson(`/mfa/verify/${kind}/begin`, {}, token);
    const answer = (code: string) => person.postJson(`/mfa/verify/${kind}`, { code }, token);

    it('are three for a code that is asked for: load, reserve in every limit at once, keep', async () => {
      expect(said(await begin())).to.equal('200');
      expect(counted.log.map((trip) => [...new Set(trip)])).to.deep.equal([['load'], ['increment'], ['put']]);
    });

    it('are three for a code that goes out by itself with its page', async () => {
      await person.htmlGet(`/mfa/verify/${kind}`).expect(200);
      expect(counted.log.map((trip) => [...new Set(trip)])).to.deep.equal([['load'], ['increment'], ['put']]);
    });

    it('are two for a right answer, and one to tidy up', async () => {
      await begin();
      counted.reset();
      expect(said(await answer(app.lastCode(kind)))).to.equal('200');
      expect(counted.log).to.deep.equal([['load', 'get'], ['save'], ['take']]);
    });

    it('are two for a wrong one, and one for a spent one or without any', async () => {
      expect(said(await answer('123456'))).to.equal('400 verification_code.not_found');
      expect(counted.log).to.deep.equal([['load', 'get']]);
      await begin();
      for (let tries = 0; tries < 3; tries += 1) {
        counted.reset();
        expect(said(await answer(wrongFor(app.lastCode(kind))))).to.equal('422 verification_code.code_mismatch');
        expect(counted.log).to.deep.equal([['load', 'get'], ['save']]);
      }
      counted.reset();
      expect(said(await answer(app.lastCode(kind)))).to.equal('429 verification_code.exceed_max_try');
      expect(counted.log).to.deep.equal([['load', 'get']]);
    });

    it('are three for binding, for a resend to the same address, and for another address', async () => {
      app.people.bob = known(kind, otherAddresses[kind], false);
      const newcomer = await signIn(app, 'bob');
      const own = { 'X-CSRF-Token': await newcomer.csrf() };
      const bind = (address: string) => newcomer.postJson(`/mfa/setup/${kind}/begin`, { address }, own);
      for (const address of [
        otherAddresses[kind],
        otherAddresses[kind],
        kind === 'email' ? 'b@example.com' : '+41791234588',
      ]) {
        counted.reset();
        expect(said(await bind(address))).to.equal('200');
        expect(counted.trips, JSON.stringify(counted.log)).to.equal(3);
        app.clock.advance(30);
      }
    });

    it('are three for what a limit refuses, the last to give the reservation back', async () => {
      await begin();
      counted.reset();
      expect(said(await begin())).to.equal('429 connector.rate_limit_exceeded');
      expect(counted.log.map((trip) => [...new Set(trip)])).to.deep.equal([['load'], ['increment'], ['increment']]);
    });

    it('is one for what is locked, asked for or answered', async () => {
      await lockOut();
      counted.reset();
      expect(said(await begin())).to.equal('429 session.verification_blocked_too_many_attempts');
      expect(counted.log).to.deep.equal([['load']]);
      counted.reset();
      expect(said(await answer('123456'))).to.equal('429 session.verification_blocked_too_many_attempts');
      expect(counted.log).to.deep.equal([['load', 'get']]);
    });

    /** Five wrong answers, three of the first code and two of the next. */
    async function lockOut(): Promise<void> {
      for (const tries of [3, 2]) {
        await begin();
        for (let wrong = 0; wrong < tries; wrong += 1) await answer(wrongFor(app.lastCode(kind)));
        if (tries === 3) app.clock.advance(30);
      }
    }
  });
}
