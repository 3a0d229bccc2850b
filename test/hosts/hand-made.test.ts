// An app as people write it by hand: the user's whole object in the session, messages that are shown once, a log-in that
// redirects back to where it was sent from, a log-out by GET that destroys the session. The guard stands before all of it.
import { expect } from 'chai';
import type { Express, Request, RequestHandler } from 'express';
import session from 'express-session';
import { mfaRouter, requireMfa, type Mfa } from '../../src/index.js';
import { Browser, code } from '../support/agent.js';
import { expressOf, hostData } from '../support/app.js';
import { mfaFor, serve, type Served } from '../support/serve.js';

type Account = { login: string; passwordHash: string };
const accounts: { [login: string]: Account } = { ada: { login: 'ada', passwordHash: 'of countess' } };
const accountOf = (req: Request) => hostData(req)['account'] as Account | undefined;
const userOf = (req: Request) => {
  const account = accountOf(req);
  return account && { id: account.login };
};

/** What the last request left to be said is said once, and gone. */
const messages: RequestHandler = (req, res, next) => {
  const { said } = hostData(req);
  delete hostData(req)['said'];
  res.locals['said'] = typeof said === 'string' ? `<p>${said}</p>` : '';
  next();
};

function hostOf(mfa: Mfa, own: ReturnType<typeof expressOf>): Express {
  const app = own();
  app.use(own.urlencoded({ extended: false }));
  app.use(session({ secret: 'of the host', resave: false, saveUninitialized: false }));
  app.use(messages);
  app.use('/mfa', mfaRouter(mfa));
  app.use(requireMfa(mfa, { anonymous: 'pass' }));
  app.get('/', (_req, res) => res.redirect('/login'));
  app.get('/private', (req, res) => {
    if (accountOf(req)) res.send('private');
    else {
      hostData(req)['said'] = 'Sign in first.';
      res.redirect('/login');
    }
  });
  app.get('/login', (_req, res) => void res.send(`${String(res.locals['said'])}<form method="post">`));
  app.post('/login', (req, res) => {
    const account = accounts[(req.body as { login?: string }).login ?? ''];
    const back = () => res.redirect(req.get('Referer') ?? '/');
    if (!account) return back();
    req.session.regenerate(() => {
      Object.assign(hostData(req), { account, said: 'Welcome.' });
      back();
    });
  });
  app.get('/logout', (req, res) => req.session.destroy(() => res.redirect('/')));
  return app;
}

for (const version of [5, 4] as const)
  describe(`a hand-made log-in behind the guard, on Express ${version}`, () => {
    let served: Served;
    let secret: string;

    class Visitor extends Browser {
      async logIn(): Promise<this> {
        const form = `${served.url}/login`;
        await this.post('/login', { login: 'ada' }, { Referer: form }).expect(302).expect('Location', form);
        return this;
      }
    }

    beforeEach(async () => {
      const { mfa, clock } = mfaFor({
        user: userOf,
        signOut: { method: 'GET', path: '/logout' },
        policy: 'prompt-at-sign-in-and-sign-up',
      });
      served = await serve(hostOf(mfa, expressOf(version)), clock);
      const ada = await new Visitor(served).logIn();
      await ada.htmlGet('/login').expect(303).expect('Location', '/mfa/setup');
      await ada.htmlGet('/login').expect(200);
      ({ secret } = await ada.enrollTotp());
      clock.advance(30);
    });
    afterEach(() => served.close());

    it('shows strangers what it always showed them', async () => {
      const stranger = new Visitor(served);
      await stranger.htmlGet('/').expect(302).expect('Location', '/login');
      await stranger.htmlGet('/private').expect(302).expect('Location', '/login');
      expect((await stranger.htmlGet('/login').expect(200)).text).to.include('Sign in first.');
      expect((await stranger.htmlGet('/login').expect(200)).text).to.not.include('Sign in first.');
    });

    it('leads on to the page that was asked for, not back to the form', async () => {
      const ada = await new Visitor(served).logIn();
      await ada.htmlGet('/login').expect(303).expect('Location', '/mfa/verify');
      await ada.htmlGet('/private?tab=2').expect(303).expect('Location', '/mfa/verify');
      const page = await ada.htmlGet('/mfa/verify/totp').expect(200);
      const answer = await ada.submit(page, '/verify/totp', { code: code(secret, served.clock) });
      expect([answer.status, answer.headers.location]).to.deep.equal([303, '/private?tab=2']);
      await ada.htmlGet('/private?tab=2').expect(200, 'private');
    });

    it("keeps the host's own data over the new id, and none of it in our pages", async () => {
      const ada = await new Visitor(served).logIn();
      const page = await ada.htmlGet('/mfa/verify/totp').expect(200);
      expect(page.text).to.not.include('of countess');
      const before = ada.sessionCookie;
      await ada.submit(page, '/verify/totp', { code: code(secret, served.clock) }).expect(303);
      expect(ada.sessionCookie).to.not.equal(before);
      await ada.htmlGet('/private').expect(200);
    });

    it('lets whoever owes the factor out, by their log-out and by ours', async () => {
      const first = await new Visitor(served).logIn();
      await first.htmlGet('/logout').expect(302).expect('Location', '/');
      await first.htmlGet('/private').expect(302);
      const second = await new Visitor(served).logIn();
      const page = await second.htmlGet('/mfa/verify/totp').expect(200);
      await second.submit(page, '/mfa/sign-out').expect(303).expect('Location', '/logout');
      await second.htmlGet('/logout').expect(302);
      await second.htmlGet('/mfa').expect(303).expect('Location', '/login');
    });
  });
