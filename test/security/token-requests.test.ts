// Attack: a password-only session passes for a machine: an Authorization header is added to its requests.
// Rule: `via: 'token'` is for machines that the host authenticated by a verified token; it is ignored when the session
// also signs somebody in, never opens our routers, and emits an event.
// Answer: the session's person is asked for the second factor as ever.
import { expect } from 'chai';
import type { Express, Request } from 'express';
import { requireMfa } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { testApp, type TestApp } from '../support/app.js';
import { asBasic, lateRoutes } from '../support/late-users.js';
import { tokenFirst } from '../support/token-first.js';

describe('a request with a token', () => {
  let app: TestApp;
  const bearer = (owner: string) => ({ Authorization: `Bearer verified-${owner}` });

  beforeEach(async () => {
    app = await testApp({
      user: tokenFirst,
      host: {
        keepsSession: true,
        routes: (host, mfa) =>
          host.get('/vault', requireMfa(mfa, { maxAgeSeconds: 60 }), (_req, res) => void res.json({ open: true })),
      },
    });
    await (await new Browser(app).signIn('ada')).enrollTotp();
    app.events.length = 0;
  });

  it('and no session passes, with an event', async () => {
    await new Browser(app, bearer('ada')).jsonGet('/account').expect(200);
    const passed = app.events.filter(({ name }) => name === 'token-request-passed');
    expect(passed).to.have.length(1);
    expect(passed[0]).to.include({ userId: 'ada', actor: 'system' });
  });

  it('opens none of our routes', async () => {
    const machine = new Browser(app, bearer('ada'));
    for (const path of ['/mfa', '/mfa/verify', '/mfa/setup/totp', '/mfa/backup-codes'])
      expect(codeIn(await machine.jsonGet(path).expect(401))).to.equal('session.not_signed_in');
    await machine.postJson('/mfa/verify/totp', { code: '123456' }).expect(401);
  });

  for (const owner of ['ada', 'eve']) {
    it(`of ${owner}, sent with the session of somebody who owes the second factor, is ignored`, async () => {
      const thief = await new Browser(app).signIn('ada');
      await thief.jsonGet('/account').expect(403);
      for (const path of ['/account', '/vault']) {
        const { status } = await thief.jsonGet(path, bearer(owner));
        expect(status, path).to.be.oneOf([401, 403]);
      }
      expect(app.events.map(({ name }) => name)).not.to.include('token-request-passed');
    });

    it(`of ${owner}, sent with the very first request of such a session, is ignored as well`, async () => {
      const thief = await new Browser(app).signIn('ada');
      await thief.jsonGet('/account', bearer(owner)).expect(401);
      expect(app.events.map(({ name }) => name)).not.to.include('token-request-passed');
    });
  }

  it('of eve, in a session where she proved her factor before it became ada’s, is ignored', async () => {
    for (const proves of [false, true]) {
      const thief = await new Browser(app).signIn('eve');
      if (proves) await thief.enrollTotp();
      await thief.jsonGet('/account').expect(200);
      // The host keeps the session, and tells nobody of the new sign-in.
      await thief.signIn('ada');
      await thief.jsonGet('/account', bearer('eve')).expect(401);
      await thief.jsonGet('/account').expect(403);
    }
  });

  for (const proofs of ['cookie', 'token'] as const) {
    it(`beside cookies of a host without sessions (${proofs}), any of which may sign somebody in, is ignored`, async () => {
      const user = (req: Request) => {
        const machine = tokenFirst(req);
        return machine && { ...machine, signInId: 'one' };
      };
      const stateless = await testApp({ user, proofs, host: { session: false } });
      await new Browser(stateless, bearer('eve')).jsonGet('/account').expect(200);
      const headers = { ...bearer('eve'), Cookie: 'jwt=of-ada' };
      await new Browser(stateless, headers).jsonGet('/account').expect(401);
      expect(stateless.events.map(({ name }) => name)).to.include('session-refused');
    });
  }

  describe('beside another credential, by which the route may go', () => {
    const keyed = (req: Request) => {
      const [, owner] = /^key-of-(\w+)$/.exec(String(req.headers['x-acme'] ?? req.headers['x-api-key'] ?? '')) ?? [];
      return owner === undefined ? tokenFirst(req) : { id: owner, via: 'token' as const };
    };
    const open = () => testApp({ user: keyed, host: { routes: lateRoutes } });

    for (const name of ['X-Acme', 'X-Api-Key'])
      it(`a password for the route, a key in ${name} for the guard: is refused, and told of`, async () => {
        const other = await open();
        const answer = await new Browser(other, { [name]: 'key-of-eve', ...asBasic('ada') })
          .jsonGet('/basic')
          .expect(401);
        expect(answer.text).not.to.include('of the host');
        expect(other.events.map(({ name: event }) => event)).to.deep.equal(['session-refused']);
        await new Browser(other, { [name]: 'key-of-eve' }).jsonGet('/account').expect(200);
      });

    it('two tokens, in headers or in the query: is refused', async () => {
      const other = await open();
      const headers = { ...bearer('ada'), 'X-Api-Key': 'key-of-eve' };
      await new Browser(other, headers).jsonGet('/account').expect(401);
      for (const query of ['api_key=x', 'a=b&access_token=x', 'token=x'])
        await new Browser(other, bearer('ada')).jsonGet(`/account?${query}`).expect(401);
      for (const name of ['X-CSRF-Token', 'X-XSRF-TOKEN', 'X-MFA-Token', 'X-Request-Id', 'Idempotency-Key'])
        await new Browser(other, { ...bearer('ada'), [name]: 'x' }).jsonGet('/account').expect(200);
    });

    it('a `req.user` that is somebody else, before the guard or behind it: is refused', async () => {
      const setUser = (req: Request, _res: unknown, next: () => void) => {
        const id = req.headers['x-as'];
        if (id !== undefined) Object.assign(req, { user: { id: id === 'row' ? { toHexString: () => 'ada' } : id } });
        next();
      };
      const routes = (host: Express) => host.get('/late', setUser, (_req, res) => void res.json({ secret: 1 }));
      const early = await testApp({ user: keyed, host: { between: (host) => host.use('/account', setUser), routes } });
      for (const path of ['/account', '/late']) {
        const key = { 'X-Acme': 'key-of-ada' };
        await new Browser(early, { ...key, 'X-As': 'eve' }).jsonGet(path).expect(401);
        for (const as of ['ada', 'row']) await new Browser(early, { ...key, 'X-As': as }).jsonGet(path).expect(200);
      }
    });
  });

  it('passes beside cookies and sessions that sign nobody in', async () => {
    const machine = new Browser(app, { ...bearer('ada'), Cookie: 'theme=dark' });
    await machine.jsonGet('/account').expect(200);
    await machine.signIn(undefined, { passport: {}, flash: {} });
    await machine.jsonGet('/account').expect(200);
  });

  it('that the host did not verify is nobody', async () => {
    const refusing = await testApp({ user: tokenFirst, host: { guard: { anonymous: 'refuse' } } });
    await new Browser(refusing, { Authorization: 'Bearer anything' }).jsonGet('/account').expect(401);
  });
});
