// When a code is sent: once by itself when a person opens the page, then only when they ask; and which code counts.
import { expect } from 'chai';
import { requireMfa } from '../../src/index.js';
import { boundPerson, codesApp, elevated, masks, said, send, signIn } from '../support/codes.js';
import { kinds } from '../support/addresses.js';
import type { CodesApp } from '../support/codes.js';

for (const kind of kinds) {
  describe(`a code by ${kind}`, () => {
    let app: CodesApp;
    let before: number;
    const path = `/mfa/verify/${kind}`;
    const sent = () => app.codes().length - before;

    beforeEach(async () => {
      app = await codesApp({
        host: {
          routes: (host, mfa) =>
            host.get('/transfer', requireMfa(mfa, { maxAgeSeconds: 300 }), (_req, res) => void res.send('sent')),
        },
      });
      await boundPerson(app, kind);
      before = app.codes().length;
    });

    it('is sent once when its page is opened, and not when it is loaded again', async () => {
      const person = await signIn(app, 'ada');
      const page = await person.htmlGet(path).expect(200);
      expect(page.text).to.include(masks[kind]).and.include('autocomplete="one-time-code"');
      expect(sent()).to.equal(1);
      expect(app.codes().at(-1)).to.include({ usage: 'MfaVerification', locale: 'en', expiresInMinutes: 10 });
      for (let load = 0; load < 5; load += 1) {
        app.clock.advance(60);
        await person.htmlGet(path).expect(200);
      }
      expect(sent()).to.equal(1);
      await person.submit(page, path, { code: app.lastCode(kind) }).expect(303);
    });

    it('is not sent once the sign-in has owed it for too long', async () => {
      const person = await signIn(app, 'ada');
      await person.csrf();
      app.clock.advance(901);
      const answer = await person.json(`${path}/begin`);
      expect(said(answer)).to.equal('400 session.mfa.pending_info_not_found');
      expect(answer.body.hint).to.equal('pending.lapsed');
      await person.form(`${path}/begin`);
      await person.htmlGet(path);
      expect(sent()).to.equal(0);
    });

    const nobody: { [who: string]: { [header: string]: string } } = {
      'a prefetch': { 'Sec-Purpose': 'prefetch' },
      'a prerender': { 'Sec-Purpose': 'prefetch;prerender' },
      'an old prefetch': { Purpose: 'prefetch' },
      'a script': { 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' },
      'a frame': { 'Sec-Fetch-Dest': 'iframe' },
      'an image': { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' },
    };
    for (const [who, headers] of Object.entries(nobody)) {
      it(`is not sent to ${who}, and still by itself to the person who comes after`, async () => {
        const person = await signIn(app, 'ada');
        const page = await person.htmlGet(path, headers).expect(200);
        expect(sent()).to.equal(0);
        expect(page.text).to.include('Send code').and.not.include('one-time-code');
        await person.htmlGet(path).expect(200);
        expect(sent()).to.equal(1);
      });
    }

    it('is not sent to a scanner, which sends no Fetch Metadata, nor to HEAD, nor to JSON', async () => {
      const person = await signIn(app, 'ada');
      const page = await person.agent.get(path).set('Accept', 'text/html').expect(200);
      await person.agent.head(path).set({ Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' }).expect(200);
      await person.jsonGet(path).expect(200);
      await person.jsonGet(`${path}/begin`).expect(403);
      expect(sent()).to.equal(0);
      await person.submit(page, '/begin').expect(303).expect('Location', path);
      expect(sent()).to.equal(1);
      await person.htmlGet(path).expect(200);
      expect(sent(), 'asked for already').to.equal(1);
    });

    it('is not said to be on its way in a browser that has none, where no more can be sent', async () => {
      const busy = await signIn(app, 'ada');
      for (let codes = 0; codes < 5; codes += 1, app.clock.advance(30))
        expect(said(await send(busy, kind))).to.equal('200');
      const page = await (await signIn(app, 'ada')).htmlGet(path).expect(429);
      expect(page.text).to.include('No other code can be sent right now').and.not.include('sent already');
    });

    it('is sent once when two tabs open at the same time, and both show where it went', async () => {
      const person = await signIn(app, 'ada');
      await person.htmlGet('/mfa/verify/choose').expect(200);
      const tabs = await Promise.all([person.htmlGet(path), person.htmlGet(path)]);
      expect(sent()).to.equal(1);
      expect(tabs.map(({ status }) => status).sort()[0]).to.equal(200);
      await person.htmlGet(path).expect(200);
      expect(sent()).to.equal(1);
    });

    it('is sent anew when asked for after 30 s; the page says which one counts, and only that one does', async () => {
      const person = await signIn(app, 'ada');
      const page = await person.htmlGet(path).expect(200);
      const first = app.lastCode(kind);
      expect(page.text).to.include('data-mfa-wait="30"').and.not.include('number 2');
      app.clock.advance(12);
      const early = await person.submit(page, '/begin').expect(429).expect('Retry-After', '18');
      expect(early.text).to.include('A code was sent already').and.include('data-mfa-wait="18"');
      expect(said(await send(person, kind))).to.equal('429 connector.rate_limit_exceeded');
      app.clock.advance(18);
      await person.submit(early, '/begin').expect(303).expect('Location', path);
      expect(sent()).to.equal(2);
      const again = await person.htmlGet(path).expect(200);
      expect(again.text).to.include('Use the newest code, number 2');
      expect(app.codes().at(-1)?.text).to.match(/no\. 2\b/);
      if (first !== app.lastCode(kind)) {
        await person.submit(again, path, { code: first }).expect(422);
      }
      await person.submit(again, path, { code: app.lastCode(kind) }).expect(303);
    });

    it('is sent by itself again for a step-up, and for the next sign-in', async () => {
      const person = await elevated(app, kind);
      expect(sent()).to.equal(1);
      app.clock.advance(301);
      await person.htmlGet('/transfer').expect(303).expect('Location', '/mfa/verify');
      const page = await person.htmlGet(path).expect(200);
      expect(sent()).to.equal(2);
      expect(page.text).to.include('Verify again');
      await person
        .submit(page, path, { code: app.lastCode(kind) })
        .expect(303)
        .expect('Location', '/transfer');
      await person.htmlGet('/transfer').expect(200);
      app.clock.advance(60);
      await (await signIn(app, 'ada')).htmlGet(path).expect(200);
      expect(sent()).to.equal(3);
    });

    it('is not sent to somebody who owes nothing, nor of a factor that they do not have', async () => {
      const person = await elevated(app, kind);
      await person.htmlGet(path).expect(303).expect('Location', '/mfa');
      const other = await signIn(app, 'ada');
      const none = kind === 'email' ? 'sms' : 'email';
      await other.htmlGet(`/mfa/verify/${none}`).expect(303).expect('Location', '/mfa/verify');
      expect(sent()).to.equal(1);
    });

    it('that cannot be sent is told on the page, with the other ways, and leaves a button to try again', async () => {
      const failing = { send: () => Promise.reject(new Error('no')), channel: kind };
      const down = await codesApp({ [kind]: { sender: failing }, store: app.mfa.config.store, clock: app.clock });
      const person = await signIn(down, 'ada');
      const page = await person.htmlGet(path).expect(502);
      expect(page.text).to.include('The code could not be sent').and.include('Send code');
      expect(page.text).to.include('href="/mfa/verify/choose"').and.not.include('one-time-code');
      expect(down.events.filter(({ name }) => name === 'code-not-sent')).to.have.length(1);
    });
  });
}
