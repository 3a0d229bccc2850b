// Attack: the password alone, by a way in that stands behind the guard: basic auth or a token that a route checks, a cookie
// that signs in again whenever the session is thrown away, a guard that stands before whatever finds the user.
// Rule: whoever passed as nobody and is somebody when the answer leaves is judged then; what signs in may go on.
import { get } from 'node:http';
import { expect } from 'chai';
import type { Express, RequestHandler } from 'express';
import { requireMfa } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { hostData, type TestApp } from '../support/app.js';
import { asBasic, basic, lateApp, lateRoutes, lateUser } from '../support/late-users.js';

for (const version of [4, 5] as const)
  describe(`a route that finds its user behind the guard, on Express ${version}`, () => {
    let app: TestApp & { secret: string };
    let thief: Browser;
    before(async () => {
      app = await lateApp({ host: { express: version, routes: lateRoutes } });
      thief = new Browser(app, asBasic('ada'));
    });

    it('answers nothing to whoever owes the second factor', async () => {
      for (const path of ['/basic', '/basic/counted', '/basic/head', '/basic/file', '/basic/stream']) {
        const answer = await thief.jsonGet(path);
        expect([answer.status, codeIn(answer)], path).to.deep.equal([403, 'session.mfa.require_mfa_verification']);
        expect(answer.headers, path).not.to.have.any.keys('x-secret', 'last-modified');
        expect(answer.text, path).not.to.match(/secret of|"name"/);
      }
      await thief.postJson('/basic').expect(403);
      await thief.agent.head('/basic').set(asBasic('ada')).expect(403);
      const page = await thief.htmlGet('/basic').expect(403);
      expect(page.text).to.include('<html').and.not.include('of the host');
    });

    it('answers whoever owes none, and visitors as ever', async () => {
      for (const path of ['/basic', '/basic/head', '/basic/file', '/basic/stream'])
        await new Browser(app, asBasic('bob')).jsonGet(path).expect(200);
      await new Browser(app).jsonGet('/public').expect(200);
      await new Browser(app).jsonGet('/basic').expect(401).expect('WWW-Authenticate', 'Basic');
    });

    it('is told of in an event, with route and reason', async () => {
      // What was stopped before is told in a minute of its own.
      app.clock.advance(60);
      await app.mfa.settled();
      app.events.length = 0;
      await thief.jsonGet('/basic/counted');
      const [event] = app.events.filter(({ name }) => name === 'session-refused');
      expect(event).to.include({ userId: 'ada', outcome: 'refused', reason: 'session.mfa.require_mfa_verification' });
      expect(event?.detail).to.deep.equal({ why: 'named-after-guard', route: 'GET /basic/counted' });
    });

    it('shows nothing by a cookie that signs in anew, the session thrown away each time; and leads on', async () => {
      for (let time = 1; time <= 2; time += 1) {
        const fresh = new Browser(app, { Cookie: 'remember=ada' });
        const answer = await fresh.jsonGet('/remembered').expect(403);
        expect(codeIn(answer)).to.equal('session.mfa.require_mfa_verification');
        expect(String(answer.headers['set-cookie'])).to.include('remember=ada');
      }
      const person = new Browser(app);
      person.agent.jar.setCookie('remember=ada');
      await person.htmlGet('/remembered').expect(303).expect('Location', '/mfa/verify');
      await person.proveTotp(app.secret);
      await person.jsonGet('/remembered').expect(200);
    });

    it('lets people sign in and out there', async () => {
      for (const path of ['/enter', '/enter-keeping']) {
        const person = new Browser(app);
        await person.postJson(path, { uid: 'ada' }).expect(200);
        await person.jsonGet('/account').expect(403);
        const formed = new Browser(app);
        await formed.postJson(path, { uid: 'ada', then: '/account' }).expect(302).expect('Location', '/account');
        await formed.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
      }
      const led = new Browser(app);
      await led.htmlGet('/callback?uid=ada&then=/account').expect(302).expect('Location', '/account');
      await led.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
      await new Browser(app).postJson('/leave').expect(200);
    });
  });

describe('a guard that stands before whatever finds the user', () => {
  /** As `passport.session()` does, but behind the guard. */
  const restore: RequestHandler = (req, _res, next) => {
    Object.assign(req, { late: hostData(req).uid });
    next();
  };
  const routes = (host: Express) => {
    host.use(restore);
    host.get('/private', (_req, res) => void res.json({ secret: 'of the host' }));
    host.use((_req, res) => void res.status(404).json({ secret: 'of the host' }));
  };

  for (const wait of [false, true])
    it(`shows nothing to whoever owes a factor, ${wait ? 'where the host has to look' : 'at once'}`, async () => {
      const user: typeof lateUser = (req) => {
        const { late } = req as typeof req & { late?: string };
        return late === undefined ? null : { id: late };
      };
      const app = await lateApp({
        user: wait ? async (req) => user(req) : user,
        host: { between: (host) => host.use('/mfa', restore), routes },
      });
      const person = await new Browser(app).signIn('ada');
      for (const path of ['/private', '/nothing']) expect((await person.jsonGet(path)).status, path).to.equal(403);
      await person.htmlGet('/private').expect(403);
      await (await new Browser(app).signIn('bob')).jsonGet('/private').expect(200);
      await new Browser(app).jsonGet('/private').expect(200);
    });
});

describe('a guard on the route itself, behind what finds the user', () => {
  it('is what counts there', async () => {
    const app = await lateApp({
      host: {
        routes: (host, mfa) =>
          host.get('/guarded', basic, requireMfa(mfa), (req, res) => void res.json({ state: req.mfa?.state })),
      },
    });
    const person = new Browser(app, asBasic('ada'));
    await person.jsonGet('/guarded').expect(403);
    await person.agent.post('/login').send({ uid: 'ada' });
    await person.proveTotp(app.secret);
    expect((await person.jsonGet('/guarded').expect(200)).body).to.deep.equal({ state: 'elevated' });
  });
});

describe('a guard that only reports', () => {
  it('tells whom it would have stopped behind it, and stops nobody', async () => {
    const app = await lateApp({ host: { routes: lateRoutes, guard: { mode: 'report' } } });
    app.events.length = 0;
    await new Browser(app, asBasic('ada')).jsonGet('/basic').expect(200);
    const reported = app.events.filter(({ detail }) => detail?.['reported'] === true);
    expect(reported.map(({ name, userId }) => [name, userId])).to.deep.equal([['verification-required', 'ada']]);
  });
});

describe('what a visitor is sent', () => {
  it('arrives piece by piece, as the route sends it, where the host has to look who that is', async () => {
    const pieces = Array.from({ length: 40 }, (_, at) => String(at).repeat(10_000));
    const app = await lateApp({
      user: async (req) => lateUser(req),
      host: {
        routes: (host) =>
          host.get('/pieces', async (_req, res) => {
            for (const piece of pieces)
              if (!res.write(piece)) await new Promise((resolve) => res.once('drain', () => resolve(undefined)));
            res.end();
          }),
      },
    });
    const text = await new Promise<string>((resolve, reject) => {
      let all = '';
      get(`${app.url}/pieces`, (res) => {
        res.setEncoding('utf8').on('data', (chunk: string) => (all += chunk));
        res.on('end', () => resolve(all));
      }).on('error', reject);
    });
    expect(text).to.equal(pieces.join(''));
  });
});
