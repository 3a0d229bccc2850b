// What a walk over an app's routes finds, on Express 4 and 5: every route, whether a guard covers it, and what it cannot see.
import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { Express, RequestHandler } from 'express';
import express5 from 'express';
import session from 'express-session';
import { createMfa, mfaRouter, requireMfa, totp } from '../../src/index.js';
import { discoverRoutes, type Discovery } from '../../src/testing/route-walk.js';

const require = createRequire(import.meta.url);
const answer: RequestHandler = (_req, res) => void res.send('answer');
const mfa = createMfa({
  appName: 'Acme',
  secrets: ['the secret of the app in these tests, 32 bytes and more'],
  factors: [totp()],
  user: () => null,
});

const lines = ({ routes }: Discovery) =>
  routes.filter(({ own }) => !own).map(({ method, path, guarded }) => `${guarded ? '+' : '-'} ${method} ${path}`);
const hidden = ({ unseen }: Discovery) =>
  unseen.filter(({ what }) => what !== 'middleware').map(({ what, path }) => `${what} ${path}`);

const versions: [name: string, express: typeof express5, splat: string][] = [
  ['5', express5, '*rest'],
  ['4', require('express-4') as typeof express5, '*'],
  ['4.16', require('express-4-16') as typeof express5, '*'],
];

for (const [name, express, splat] of versions) {
  describe(`discoverRoutes, on Express ${name},`, () => {
    let app: Express;
    beforeEach(() => {
      app = express();
    });

    it('lists routes before and after the guard, by method', () => {
      app.get('/health', answer);
      app.use(requireMfa(mfa));
      app.get('/', answer);
      app.route('/things/:id').get(answer).delete(answer);
      app.all('/any', answer);
      expect(lines(discoverRoutes(app))).to.deep.equal([
        '- GET /health',
        '+ GET /',
        '+ GET /things/:id',
        '+ DELETE /things/:id',
        '+ ALL /any',
      ]);
    });

    it('walks nested routers, with parameters and lists in the mounts', () => {
      const [inner, middle] = [express.Router(), express.Router()];
      inner.get('/deep', answer);
      middle.use('/users/:id', inner);
      middle.get('/', answer);
      app.use(['/a', '/b.c'], middle);
      expect(lines(discoverRoutes(app))).to.have.members(
        ['- GET /a/users/:id/deep', '- GET /b.c/users/:id/deep', '- GET /a', '- GET /b.c'].map((line) =>
          name === '5' ? line : line.replace(':id', ':name'),
        ),
      );
    });

    it('knows how far a guard under a path reaches, into routers as well', () => {
      const admin = express.Router();
      admin.get('/users/:id', answer);
      admin.get('/open', answer);
      app.use('/admin/users', requireMfa(mfa));
      app.use('/admin', admin);
      app.get('/administration', answer);
      expect(lines(discoverRoutes(app))).to.deep.equal([
        '+ GET /admin/users/:id',
        '- GET /admin/open',
        '- GET /administration',
      ]);
    });

    it('knows a guard inside a router, before and after its routes, and behind it', () => {
      const [late, gate] = [express.Router(), express.Router()];
      late.get('/before', answer);
      late.use(requireMfa(mfa));
      late.get('/after', answer);
      gate.use('/closed', requireMfa(mfa));
      app.use('/late', late);
      app.use(gate);
      app.get('/closed/room', answer);
      app.get('/open', answer);
      expect(lines(discoverRoutes(app))).to.deep.equal([
        '- GET /late/before',
        '+ GET /late/after',
        '+ GET /closed/room',
        '- GET /open',
      ]);
    });

    it('knows a guard on one route, also for its own method alone', () => {
      app.get('/payouts', requireMfa(mfa, { maxAgeSeconds: 300 }), answer);
      app.all(`/vault/${splat}`, requireMfa(mfa));
      app.get('/vault/gold', answer);
      app.get('/half', requireMfa(mfa));
      app.post('/half', answer);
      expect(lines(discoverRoutes(app))).to.deep.equal(['+ GET /payouts', '+ GET /vault/gold', '- POST /half']);
    });

    it('counts no guard that only reports or stops a share of people', () => {
      app.use(requireMfa(mfa, { mode: 'report' }));
      app.get('/reported', answer);
      app.use(requireMfa(mfa, { rollOutPercent: 50 }));
      app.get('/half', answer);
      expect(discoverRoutes(app).routes).to.deep.include({
        method: 'GET',
        path: '/reported',
        guarded: false,
        reported: true,
        sample: '/reported',
      });
      expect(lines(discoverRoutes(app))).to.deep.equal(['- GET /reported', '- GET /half']);
    });

    it('lists a regular expression, guarded only where that is sure', () => {
      app.use('/files', requireMfa(mfa));
      app.get(/^\/files\/.*/, answer);
      app.use(requireMfa(mfa));
      app.get(/^\/more$/, answer);
      expect(lines(discoverRoutes(app))).to.deep.equal(['- GET /^\\/files\\/.*/', '+ GET /^\\/more$/']);
    });

    it('names what it cannot see into', () => {
      const sub = express();
      sub.get('/hidden', answer);
      app.use(express.static('/nowhere'));
      app.use('/sub', sub);
      app.use((req, res) => answer(req, res, () => undefined));
      const found = discoverRoutes(app);
      expect(hidden(found)).to.deep.equal(['static /', 'app /sub']);
      expect(found.unseen.filter(({ what }) => what === 'middleware')).to.have.length(1);
      expect(lines(found)).to.deep.equal([]);
    });

    it('sees into an app under a router', () => {
      const [sub, router] = [express(), express.Router()];
      sub.get('/seen', answer);
      router.use('/sub', sub);
      app.use(router);
      expect(lines(discoverRoutes(app))).to.deep.equal(['- GET /sub/seen']);
    });

    it('tells our own routes from those of the host, and what stands before the guard', () => {
      app.use(session({ secret: 'x', resave: false, saveUninitialized: false }));
      app.use('/mfa', mfaRouter(mfa));
      app.use(requireMfa(mfa, { anonymous: 'pass' }));
      const { routes, guards, order } = discoverRoutes(app);
      expect(routes.filter(({ own }) => !own)).to.deep.equal([]);
      expect(routes.map(({ path }) => path)).to.include.members(['/mfa/verify/:factor', '/mfa/assets/:file']);
      expect(guards).to.deep.equal([
        { mode: 'enforce', rollOutPercent: 100, anonymous: 'pass', path: '/', wide: true },
      ]);
      expect(order.filter((step, at) => step !== order[at - 1])).to.deep.equal(['session', 'own', 'guard']);
    });

    it('finds nothing in an app without routes', () => {
      expect(discoverRoutes(app)).to.deep.equal({ routes: [], unseen: [], guards: [], order: [] });
    });
  });
}

describe('discoverRoutes', () => {
  it('refuses what is no app', () => {
    for (const no of [undefined, null, {}, () => undefined, 'app'])
      expect(() => discoverRoutes(no)).to.throw(TypeError, /no Express app/);
  });

  it('says that a router is there where an older Express 5 does not tell its mount', () => {
    const [app, router] = [express5(), express5.Router()];
    router.get('/inner', answer);
    app.use('/secret', router);
    app.use(requireMfa(mfa));
    const layers = (app.router as unknown as { stack: { rawPath?: unknown }[] }).stack;
    for (const layer of layers) delete layer.rawPath;
    const found = discoverRoutes(app);
    expect(hidden(found)).to.deep.equal(['mount …']);
    expect(lines(found)).to.deep.equal(['- GET …/inner']);
  });
});
