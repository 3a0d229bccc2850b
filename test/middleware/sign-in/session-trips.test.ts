// What one answer asks of the session store, beside the store of records; and that the browser never has an answer before
// the session is saved, whatever kind of answer it is.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import session from 'express-session';
import { memoryStore, requireMfa } from '../../../src/index.js';
import { Browser, code, codeIn, formsOf } from '../../support/agent.js';
import { hostData, testApp, testClock, type TestApp } from '../../support/app.js';
import { countingSessions } from '../../support/counting-sessions.js';
import { countingStore } from '../../support/counting-store.js';

for (const express of [5, 4] as const) {
  describe(`one answer, on Express ${express}`, () => {
    let store: ReturnType<typeof countingStore>;
    let sessions: ReturnType<typeof countingSessions>;
    let app: TestApp;
    let person: Browser;
    let secret: string;

    before(async () => {
      const clock = testClock();
      store = countingStore(memoryStore({ clock }));
      sessions = countingSessions(new session.MemoryStore(), (name) => store.count(name));
      app = await testApp({
        clock,
        store: store.store,
        user: (req) => {
          const { uid, sid } = hostData(req) as { uid?: string; sid?: string };
          return uid === undefined ? null : { id: uid, ...(sid === undefined ? {} : { signInId: sid }) };
        },
        host: {
          express,
          session: { store: sessions },
          routes: (host, mfa) => {
            host.get('/transfer', requireMfa(mfa, { maxAgeSeconds: 300 }), (_req, res) => void res.send('transfer'));
          },
        },
      });
      ({ secret } = await (await new Browser(app).signIn('ada')).enrollTotp());
    });
    beforeEach(async () => {
      person = await new Browser(app).signIn('ada');
      await person.htmlGet('/account?page=2').expect(303);
      app.clock.advance(30);
    });
    afterEach(() => {
      sessions.failures = 0;
      sessions.delayMs = 0;
    });
    after(() => app.close());

    /** The challenge as it stands, and its answer. */
    async function form() {
      const page = await person.htmlGet('/mfa/verify/totp').expect(200);
      return () => person.submit(page, '/verify/totp', { code: code(secret, app.clock) });
    }

    const proved = async () => {
      const kept = Object.values(await sessions.kept()).flatMap(({ mfa = {} }) => Object.values(mfa));
      return kept.filter(({ proofs }) => proofs.length > 0).length;
    };
    const trips = ['get', 'load', 'save', 'destroy+set'];

    it('takes four trips as a form, leading back to where the person was going', async () => {
      const answer = await form();
      store.reset();
      await answer().expect(303).expect('Location', '/account?page=2');
      expect(store.log.map((names) => names.join('+'))).to.deep.equal(trips);
      await person.htmlGet('/account').expect(200);
    });

    it('takes as many as JSON, and at a step-up', async () => {
      const csrf = await person.csrf();
      store.reset();
      const answer = { code: code(secret, app.clock) };
      await person.postJson('/mfa/verify/totp', answer, { 'X-CSRF-Token': csrf }).expect(200);
      expect(store.log.map((names) => names.join('+'))).to.deep.equal(trips);

      app.clock.advance(301);
      await person.htmlGet('/transfer').expect(303);
      const again = await form();
      store.reset();
      await again().expect(303).expect('Location', '/transfer');
      expect(store.log.map((names) => names.join('+'))).to.deep.equal(trips);
      await person.htmlGet('/transfer').expect(200);
    });

    it('takes as many where the host names the sign-in, and one more as the person is first met', async () => {
      await person.signIn('ada', { sid: 'named' });
      store.reset();
      await person.htmlGet('/account?page=2').expect(303);
      expect(store.log.map((names) => names.join('+'))).to.deep.equal(['get', 'load', 'putIfAbsent', 'set']);
      store.reset();
      const answer = await form();
      expect(store.log.flat()).to.not.include('putIfAbsent');
      store.reset();
      await answer().expect(303).expect('Location', '/account?page=2');
      expect(store.log.map((names) => names.join('+'))).to.deep.equal(['get', 'load', 'save', 'take+destroy+set']);
    });

    it('is not told before the session is saved', async () => {
      const answer = await form();
      sessions.delayMs = 150;
      const told = await answer().expect(303);
      sessions.delayMs = 0;
      expect(sessions.pending, 'saves under way when the answer came').to.equal(0);
      expect(told.headers['set-cookie']).to.have.length.greaterThan(0);
      await person.htmlGet('/account').expect(200);
    });

    it('is 503 where the session cannot be saved, and nobody may do more by it', async () => {
      for (const kind of ['form', 'json'] as const) {
        const before = await proved();
        const csrf = await person.csrf();
        app.clock.advance(30);
        const answer = { code: code(secret, app.clock) };
        sessions.failures = 1;
        const response =
          kind === 'json'
            ? await person.postJson('/mfa/verify/totp', answer, { 'X-CSRF-Token': csrf })
            : await person.post('/mfa/verify/totp', { ...answer, _csrf: csrf });
        expect(response.status).to.equal(503);
        if (kind === 'json') expect(codeIn(response)).to.equal('store.unavailable');
        else expect(formsOf(response.text)).to.deep.equal([]);
        await sleep(20);
        sessions.failures = 0;
        await person.jsonGet('/account').expect(403);
        expect(await proved(), 'sessions in which something is proved').to.equal(before);
      }
    });
  });
}
