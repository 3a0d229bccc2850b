// Attack: none; a guard app-wide with its defaults, in front of the app's own sign-in page, which leads a visitor from that
// page to itself for ever, so that nobody can sign in.
// Rule: a visitor always reaches `signInUrl` and what `allow` lists; nothing ever redirects to where it stands.
import { expect } from 'chai';
import express, { type Express } from 'express';
import { Browser, codeIn } from '../support/agent.js';
import { testApp, type TestApp, type TestAppOptions } from '../support/app.js';

/** The app's log-in, as its page and form stand behind the guard. */
const withSignIn =
  (path: string) =>
  (host: Express): void => {
    host.get(path, (_req, res) => void res.send('the form'));
    host.post(path, express.json(), (req, res) => {
      Object.assign(req.session, req.body);
      res.json({ signedIn: true });
    });
    host.get('/pricing', (_req, res) => void res.send('public'));
    host.put(path, (_req, res) => void res.send('changed'));
  };

for (const version of [4, 5] as const)
  describe(`the app's own sign-in page behind the guard, on Express ${version}`, () => {
    const open = ({ signInUrl = '/enter', ...options }: TestAppOptions = {}, path = '/enter'): Promise<TestApp> =>
      testApp({
        policy: 'no-prompt',
        signInUrl,
        ...options,
        host: { express: version, guard: { anonymous: 'refuse' }, routes: withSignIn(path) },
      });

    it('is reached by a visitor, who signs in there; no other page is', async () => {
      const app = await open();
      const visitor = new Browser(app);
      expect((await visitor.htmlGet('/enter').expect(200)).text).to.equal('the form');
      expect((await visitor.htmlGet('/enter?next=%2Faccount').expect(200)).text).to.equal('the form');
      await visitor.htmlGet('/account').expect(303).expect('Location', '/enter');
      await visitor.htmlGet('/pricing').expect(303).expect('Location', '/enter');
      await visitor.postJson('/enter', { uid: 'ada' }).expect(200);
      await visitor.jsonGet('/account').expect(200);
    });

    it('opens nothing beside it: no other method, no longer path, no other spelling', async () => {
      const visitor = new Browser(await open());
      for (const path of ['/enter/more', '/Enter2', '/enter%2f', '//enter', '/enter;x', '/enter/../account'])
        expect((await visitor.jsonGet(path)).status, path).to.equal(401);
      await visitor.agent.put('/enter').set('Accept', 'application/json').expect(401);
    });

    it('is reached by its whole address, behind a stripped prefix, and with a slash at its end', async () => {
      const whole = await open({ origin: 'https://acme.example', signInUrl: 'https://acme.example/enter?x=1' });
      await new Browser(whole).htmlGet('/enter').expect(200);
      const stripped = await open({ publicBasePath: '/shop/mfa', signInUrl: '/shop/enter' });
      await new Browser(stripped).htmlGet('/enter').expect(200);
      await new Browser(stripped).htmlGet('/account').expect(303).expect('Location', '/shop/enter');
      await new Browser(await open({ signInUrl: '/enter/' })).htmlGet('/enter').expect(200);
      await new Browser(await open()).htmlGet('/enter/').expect(200);
    });

    it('of another site opens no path of this one, whatever `Host` a visitor sends', async () => {
      const app = await open({ signInUrl: 'https://sso.example/account' });
      const visitor = new Browser(app, { Host: 'sso.example' });
      await visitor.jsonGet('/account').expect(401);
      await new Browser(app).htmlGet('/account').expect(303).expect('Location', 'https://sso.example/account');
    });

    it('is never where it redirects to: a page says what is owed instead', async () => {
      const app = await open({ signInUrl: 'http://127.0.0.1/account' });
      const answer = await new Browser(app, { Host: '127.0.0.1' }).htmlGet('/account').expect(401);
      expect(answer.text).to.include('href="http://127.0.0.1/account"');
    });

    it('leads on somebody who owes the second factor, as every page does', async () => {
      const app = await open();
      await (await new Browser(app).signIn('ada')).enrollTotp();
      const person = await new Browser(app).signIn('ada');
      await person.htmlGet('/enter').expect(303).expect('Location', '/mfa/verify');
    });
  });

describe('what `allow` lists', () => {
  it('is reached by a visitor, with the method that it names', async () => {
    const app = await testApp({
      allow: ['/pricing', { method: 'GET', path: '/account' }],
      host: { guard: { anonymous: 'refuse' }, routes: withSignIn('/enter') },
    });
    const visitor = new Browser(app);
    await visitor.htmlGet('/pricing').expect(200);
    await visitor.jsonGet('/account').expect(200);
    expect(codeIn(await visitor.postJson('/account').expect(401))).to.equal('session.not_signed_in');
    await visitor.htmlGet('/').expect(303).expect('Location', '/login');
  });
});
