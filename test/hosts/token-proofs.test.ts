// `proofs: 'token'`: an API that is asked by programs with a bearer token of the host's. What was proved is found by a
// header token of ours, which stands beside `Authorization` and ends with it.
import { expect } from 'chai';
import type { Request, RequestHandler } from 'express';
import { requireMfa } from '../../src/index.js';
import { Browser, code, codeIn } from '../support/agent.js';
import type { TestApp } from '../support/app.js';
import { statelessApp, TokenBrowser, tokenFor, userOfToken } from '../support/stateless-app.js';

describe("an API with bearer tokens, with proofs: 'token'", () => {
  let app: TestApp;
  beforeEach(async () => void (app = await statelessApp('token')));
  afterEach(() => app.close());

  async function pending() {
    const { secret } = await new TokenBrowser(app, 'ada', 'one').enrollTotp();
    return { program: new TokenBrowser(app, 'ada', 'two'), secret };
  }

  it('takes a program through set-up and verification, without a cookie of the proofs', async () => {
    const { program, secret } = await pending();
    const refused = await program.jsonGet('/account').expect(403);
    expect(codeIn(refused)).to.equal('session.mfa.require_mfa_verification');
    expect(refused.body.url).to.equal('/mfa/verify');
    const answer = await program.proveTotp(secret);
    expect(answer.headers)
      .to.have.property('x-mfa-token')
      .that.matches(/^[\w-]{43}$/);
    expect((await program.jsonGet('/account').expect(200)).body.mfa.state).to.equal('elevated');
    expect(program.cookies).to.not.include('mfa-proofs');
  });

  it('gives a new token on elevation; the old one, and none, are worth nothing', async () => {
    const { program, secret } = await pending();
    await program.jsonGet('/mfa').expect(200);
    const before = program.mfaToken!;
    await program.proveTotp(secret);
    expect(program.mfaToken).to.not.equal(before);
    for (const mfaToken of [before, undefined, 'A'.repeat(43)]) {
      const other = new TokenBrowser(app, 'ada', 'two');
      other.mfaToken = mfaToken;
      await other.jsonGet('/account').expect(403);
    }
  });

  it('binds the token to its person and their sign-in', async () => {
    const { program, secret } = await pending();
    await program.proveTotp(secret);
    for (const [sub, sid] of [
      ['ada', 'three'],
      ['eve', 'two'],
    ] as const) {
      const other = new TokenBrowser(app, sub, sid);
      other.mfaToken = program.mfaToken;
      const { mfa } = (await other.jsonGet('/account')).body as { mfa?: { state: string } };
      expect(mfa?.state).to.not.equal('elevated');
    }
    await program.json('/mfa/sign-out');
    await program.jsonGet('/account').expect(403);
  });

  it('takes the whole token for the name of a sign-in, however long, and keeps no more than its hash', async () => {
    await app.close();
    const ended: object[] = [];
    const named = (req: Request) => `${String(req.headers.authorization)}${'.long'.repeat(2000)}`;
    const signedIn: RequestHandler = (req, res, next) => {
      const user = userOfToken(req);
      if (user) Object.assign(req, { user: { id: user.id } });
      if (user) next();
      else res.status(401).json({ error: 'no token' });
    };
    app = await statelessApp('token', {
      user: (req) => {
        const { user } = req as { user?: { id: string } };
        return user ? { ...user, signInId: named(req) } : null;
      },
      endSessions: (_userId, which) => void ended.push(which),
      host: {
        guard: false,
        between: (host) => void host.use('/mfa', signedIn),
        routes: (host, mfa) =>
          void host.get('/profile', signedIn, requireMfa(mfa), (req, res) => void res.json({ mfa: req.mfa })),
      },
    });
    const kept: string[] = [];
    for (const name of ['put', 'putIfAbsent', 'save'] as const) {
      const { store } = app.mfa.kernel;
      const own = store[name].bind(store) as (...given: unknown[]) => unknown;
      Object.assign(store, { [name]: (...given: unknown[]) => (kept.push(JSON.stringify(given)), own(...given)) });
    }
    const { program, secret } = await pending();
    await program.jsonGet('/profile').expect(403);
    await program.proveTotp(secret);
    expect((await program.jsonGet('/profile').expect(200)).body.mfa.state).to.equal('elevated');
    const later = new TokenBrowser(app, 'ada', 'later');
    later.mfaToken = program.mfaToken;
    await later.jsonGet('/profile').expect(403);
    await new Browser(app).jsonGet('/profile').expect(401);
    expect(kept.join()).to.include('"ada"').and.not.include('Bearer');
    await program.proveTotp(secret);
    expect((await program.json('/mfa/sign-ins/end-others')).status).to.equal(200);
    const signInId = `Bearer ${tokenFor({ sub: 'ada', sid: 'two' })}${'.long'.repeat(2000)}`;
    await app.mfa.endSignIns('ada', { signInId });
    await program.jsonGet('/profile').expect(403);
    expect(ended).to.deep.equal([{ exceptSessionId: signInId }, { signInId }]);
  });

  it('asks for no CSRF token, since no other site can send the header', async () => {
    const { program, secret } = await pending();
    await program.jsonGet('/mfa').expect(200);
    app.clock.advance(30);
    await program.postJson('/mfa/verify/totp', { code: code(secret, app.clock) }).expect(200);
  });

  it('says of a missing token, and of an old one, that it is that; the answer has one to go on with', async () => {
    const { program, secret } = await pending();
    app.clock.advance(30);
    const right = () => ({ code: code(secret, app.clock) });
    const missing = await program.postJson('/mfa/verify/totp', right());
    expect([missing.status, codeIn(missing)]).to.deep.equal([403, 'session.mfa.token_missing']);
    expect(missing.body).to.include({
      header: 'X-MFA-Token',
      title: 'A header of this request is missing or outdated. Send the one that the newest answer carried.',
    });
    expect(app.events.at(-1)).to.deep.include({ name: 'request-refused', reason: 'session.mfa.token_missing' });
    const before = program.mfaToken;
    await program.postJson('/mfa/verify/totp', right()).expect(200);
    program.mfaToken = before;
    expect(codeIn(await program.postJson('/mfa/preferences', { signInStep: 'off' }))).to.equal(
      'session.mfa.token_missing',
    );
    const eve = new TokenBrowser(app, 'eve', 'two');
    eve.mfaToken = (await new TokenBrowser(app, 'ada', 'three').jsonGet('/mfa')).headers['x-mfa-token'];
    expect(codeIn(await eve.postJson('/mfa/setup/skip'))).to.equal('session.mfa.token_missing');
  });
});
