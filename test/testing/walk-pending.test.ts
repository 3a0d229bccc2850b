// walkPending over real apps, on Express 4 and 5: what is closed passes, what was left open fails, what it cannot see it says.
import { createRequire } from 'node:module';
import { expect } from 'chai';
import express5, { type Express, type RequestHandler } from 'express';
import session from 'express-session';
import { createMfa, mfaRouter, mfaSetupRouter, requireMfa, totp, type Mfa, type MfaOptions } from 'express-mfa';
import { mfaAdminRouter } from 'express-mfa/admin';
import { scimRouter } from 'express-mfa/scim';
import { signInWithMfa, testClock, walkPending, type TestAgent, type WalkPendingOptions } from 'express-mfa/testing';
import supertest from 'supertest';
import { discoverRoutes } from '../../src/testing/route-walk.js';
import { hostData, userOfSession } from '../support/app.js';
import { hostUsers, peopleInMemory } from '../support/scim-site.js';
import { rejectionOf } from '../support/thrown.js';

const require = createRequire(import.meta.url);
const answer: RequestHandler = (_req, res) => void res.send('answer');
const clock = testClock();
const as = (agent: TestAgent) => agent.post('/login').type('form').send({ uid: 'ada' });
const allow = ['/login', { method: 'POST', path: '/logout' }];

type Host = { app: Express; mfa: Mfa; mfaOptions: MfaOptions; express: typeof express5 };

function hostOf(express: typeof express5, options: Partial<MfaOptions> = {}, before?: (host: Host) => void): Host {
  const app = express();
  const mfaOptions: MfaOptions = {
    appName: 'Acme',
    secrets: ['the secret of the app in these tests, 32 bytes and more'],
    factors: [totp()],
    user: userOfSession,
    clock,
    ...options,
  };
  const mfa = createMfa(mfaOptions);
  app.use(session({ secret: 'host', resave: false, saveUninitialized: false }));
  app.get('/login', answer);
  app.post('/login', express.urlencoded({ extended: false }), (req, res) => {
    Object.assign(hostData(req), req.body);
    res.redirect(303, '/account');
  });
  app.post('/logout', (req, res) => req.session.destroy(() => res.redirect(303, '/')));
  before?.({ app, mfa, mfaOptions, express });
  app.use('/mfa', mfaRouter(mfa));
  app.use(requireMfa(mfa, { anonymous: 'pass' }));
  return { app, mfa, mfaOptions, express };
}

const signedInOnly: RequestHandler = (req, res, next) => {
  if (hostData(req).uid === undefined) res.redirect('/login?from=here');
  else next();
};

const walk = (app: Express, options: Partial<WalkPendingOptions> = {}) =>
  walkPending(app, { as, allow, clock, ...options });

async function complaintOf(walking: Promise<unknown>): Promise<string[]> {
  return (await rejectionOf(walking)).message.split('\n').map((line) => line.trim());
}

for (const [version, express] of [
  ['5', express5],
  ['4', require('express-4') as typeof express5],
] as const) {
  describe(`walkPending, on Express ${version},`, () => {
    it('visits every route with every method, those of nested routers too, and passes where all are closed', async () => {
      const { app } = hostOf(express);
      const [outer, inner] = [express.Router(), express.Router()];
      inner.get('/deep', signedInOnly, answer);
      inner.head('/head', signedInOnly, answer);
      outer.use('/users/:id', inner);
      app.use('/admin', outer);
      app.route('/things/:thing').all(signedInOnly).get(answer).delete(answer);
      app.all('/any', (_req, res) => void res.sendStatus(401));
      const { visited, unseen, functions } = await walk(app);
      const id = version === '5' ? 'id' : 'name';
      expect(visited).to.include.members([
        `GET /admin/users/:${id}/deep`,
        `HEAD /admin/users/:${id}/head`,
        'GET /things/:thing',
        'DELETE /things/:thing',
        ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} /any`),
      ]);
      expect(visited.filter((one) => /log|mfa/.test(one))).to.deep.equal([]);
      expect(unseen).to.deep.equal([]);
      expect(functions).to.deep.equal(['session']);
    });

    it('fails with each route that was left open, by its method and to whom', async () => {
      const { app } = hostOf(express, {}, ({ app: host, express: own }) => {
        const hooks = own.Router();
        hooks.post('/:hook', answer);
        host.use('/hooks', hooks);
        host.get('/elsewhere', (_req, res) => res.redirect('https://acme.example/mfa'));
        host.get('/broken', () => {
          throw new Error('broken');
        });
      });
      app.get('/', answer);
      const lines = await complaintOf(walk(app));
      expect(lines[0]).to.equal('walkPending: these let in whom they should not.');
      expect(lines.slice(1, -2)).to.deep.equal([
        'POST /hooks/:hook answered a pending person with 200',
        'POST /hooks/:hook answered an anonymous visitor with 200',
        'GET /elsewhere answered a pending person with 302 https://acme.example/mfa',
        'GET /elsewhere answered an anonymous visitor with 302 https://acme.example/mfa',
        'GET /broken answered a pending person with 500',
        'GET /broken answered an anonymous visitor with 500',
        'GET / answered an anonymous visitor with 200',
      ]);
      expect(lines.at(-2)).to.include('`allow`');
      expect(lines.at(-1)).to.include('session');
    });

    it('leaves out what is open on purpose, to everybody or to nobody alone', async () => {
      const { app } = hostOf(express, {}, ({ app: host }) => void host.route('/open/:id').get(answer).put(answer));
      app.get('/', answer);
      const { visited } = await walk(app, { allow: [...allow, '/open/:id'], allowAnonymous: ['/'] });
      expect(visited).to.deep.equal(['GET /']);
      const lines = await complaintOf(
        walk(app, { allow: [...allow, { method: 'get', path: '/open/:id' }], allowAnonymous: ['/', '/open/:id'] }),
      );
      expect(lines.filter((line) => line.includes('/open'))).to.deep.equal([
        'PUT /open/:id answered a pending person with 200',
      ]);
    });

    it('says what it cannot see into, and visits where that is mounted', async () => {
      const sub = express();
      sub.get('/', answer);
      sub.get('/hidden', answer);
      const { app } = hostOf(express, {}, ({ app: host, express: own }) => {
        host.use(own.static('/nowhere'));
        host.use('/sub', sub);
        host.use('/hook', function hook(req, res, next) {
          if (req.method === 'POST') res.sendStatus(204);
          else next();
        });
        host.get(/^\/pattern\d+$/, answer);
      });
      app.get('/account', signedInOnly, answer);
      const lines = await complaintOf(walk(app));
      expect(lines.filter((line) => line.includes(' answered '))).to.deep.equal([
        'GET /sub answered a pending person with 200',
        'GET /sub answered an anonymous visitor with 200',
        'POST /hook answered a pending person with 204',
        'POST /hook answered an anonymous visitor with 204',
      ]);
      expect(lines.at(-2)).to.include('all routes of the Express app at /sub').and.include('all files at /');
      expect(lines.at(-2)).to.include('GET /^\\/pattern\\d+$/');
      const { unseen } = await walk(app, { allow: [...allow, '/sub', '/hook'] });
      expect(unseen).to.have.length(3);
    });

    it('finds set-up pages that somebody could use who owes the second factor', async () => {
      const { app, mfa } = hostOf(express, {}, ({ app: host, mfaOptions }) => {
        // An instance with a store of its own knows of no second factor.
        host.use('/mfa', mfaSetupRouter(createMfa(mfaOptions)));
      });
      app.get('/account', signedInOnly, answer);
      await mfa.importTotp('ada', { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP' });
      const lines = await complaintOf(walk(app));
      expect(lines.filter((line) => line.includes(' answered an anonymous'))).to.deep.equal([]);
      expect(lines).to.include.members([
        'GET /mfa/setup/totp answered a pending person with 200',
        'POST /mfa/setup/totp/begin answered a pending person with 200',
      ]);
    });

    it('asks the pages of administration as well, which refuse everybody but administrators', async () => {
      const asked = new Set<string>();
      const { app, mfa } = hostOf(express);
      const note: RequestHandler = (req, _res, next) => {
        asked.add(`${req.method} ${req.originalUrl}`);
        next();
      };
      app.use('/admin/mfa', note, mfaAdminRouter(mfa, { admin: () => ({ may: ['view', 'help'] }) }));
      app.get('/account', signedInOnly, answer);
      await walk(app);
      expect([...asked]).to.include.members(['GET /admin/mfa/people', 'POST /admin/mfa/people/x/reset']);
      const open = hostOf(express, {}, ({ app: host, mfa: other }) => {
        host.use('/admin/mfa', (req, res, next) => {
          if (req.path === '/people') res.send('answer');
          else next();
        });
        host.use('/admin/mfa', mfaAdminRouter(other, { admin: () => null }));
      });
      open.app.get('/account', signedInOnly, answer);
      const lines = await complaintOf(walk(open.app));
      expect(lines).to.include('GET /admin/mfa/people answered a pending person with 200');
    });

    it('leaves the routes of directories alone, which no session opens, and finds nothing odd in their place', async () => {
      const users = hostUsers(peopleInMemory());
      const { app } = hostOf(express, {}, ({ app: host, mfa }) => {
        host.use('/scim/v2', scimRouter(mfa, { users, tokens: [{ sha256: '0'.repeat(64), may: 'read' }] }));
      });
      app.get('/account', signedInOnly, answer);
      const { visited, unseen, functions } = await walk(app);
      expect([...visited, ...unseen, ...functions].filter((one) => /scim/i.test(one))).to.deep.equal([]);
      expect(discoverRoutes(app).order.indexOf('own')).to.be.greaterThan(0);
      expect(discoverRoutes(app).routes.filter((route) => route.byToken)).to.have.length(12);
    });

    it('notices a guard that only reports', async () => {
      const { app } = hostOf(express, {}, ({ app: host, mfa }) => {
        host.get('/reported', requireMfa(mfa, { mode: 'report' }), signedInOnly, answer);
      });
      const lines = await complaintOf(walk(app));
      expect(lines[1]).to.equal('GET /reported answered a pending person with 200');
    });
  });
}

describe('walkPending', () => {
  it('signs in again where a route ends the session, so that no route after it is taken for closed', async () => {
    const { app } = hostOf(express5, {}, ({ app: host }) => {
      host.get('/bye', (req, res) => req.session.destroy(() => res.redirect('/login')));
      host.get('/open', signedInOnly, answer);
    });
    const lines = await complaintOf(walk(app));
    expect(lines.filter((line) => line.includes(' answered '))).to.deep.equal([
      'GET /bye answered a pending person with 302 /login',
      'GET /open answered a pending person with 200',
    ]);
  });

  it('waits for no answer for ever', async () => {
    const { app } = hostOf(express5, {}, ({ app: host }) => {
      host.get('/stream', (_req, res) => void res.type('text/event-stream').write('data: 1\n\n'));
      host.get('/silent', () => undefined);
      host.get('/hang-up', (req) => void req.socket.destroy());
    });
    const allowAnonymous = ['/stream', '/silent', '/hang-up'];
    const said = await complaintOf(walk(app, { allowAnonymous }));
    expect(said[1]).to.equal('GET /stream answered a pending person with 200');
    expect(said[2]).to.match(/^GET \/silent answered a pending person with nothing \(.*abort/);
    expect(said[3]).to.match(/^GET \/hang-up answered a pending person with nothing \(socket hang up/);
  });

  it('finds a way in that is of one request alone, and tells no secret', async () => {
    const { app } = hostOf(express5);
    const basic: RequestHandler = (req, res, next) => {
      if (req.headers.authorization === 'Basic YWRhOng=') next();
      else res.status(401).send('who?');
    };
    app.get('/report', basic, answer);
    const credentials = [{ Authorization: 'Basic YWRhOng=' }];
    const said = await complaintOf(walk(app, { credentials, allowAnonymous: [] }));
    expect(said[1]).to.equal('GET /report answered somebody with Authorization and no second factor with 200');
    expect(said.join()).not.to.include('YWRh');
    await walk(app, { credentials: [] });
  });

  it('takes a person with a second factor as they are', async () => {
    const { app } = hostOf(express5);
    app.get('/account', signedInOnly, answer);
    await signInWithMfa(supertest.agent(app), {}, { signIn: as, clock });
    const { visited } = await walkPending(app, { as, allow });
    expect(visited).to.deep.equal(['GET /account']);
  });

  it('finds our pages wherever they are, or says that it does not', async () => {
    const { app } = hostOf(express5);
    app.get('/account', signedInOnly, answer);
    expect((await complaintOf(walk(app, { base: '/elsewhere' })))[0]).to.match(/GET \/elsewhere answered 40\d/);
    const bare = express5().get('/', answer);
    expect((await complaintOf(walk(bare)))[0])
      .to.include('MFA pages are not to be seen')
      .and.include('`base`');
  });

  it('passes nothing that it did not try', async () => {
    const { app } = hostOf(express5);
    expect((await complaintOf(walk(express5().use(app), { base: '/mfa' })))[0]).to.include('it sees no route');
    app.get('/account', answer);
    const anonymous = await complaintOf(walk(app, { as: () => undefined }));
    expect(anonymous[0]).to.include('GET /mfa answered 401');
    await complaintOf(walkPending({} as never, { as })).then(([line]) => expect(line).to.include('no Express app'));
  });
});
