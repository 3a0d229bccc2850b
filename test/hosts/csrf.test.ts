// Hosts with a CSRF check of their own, for every POST there is: beside ours where we are mounted first, or in its stead.
import { expect } from 'chai';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { mfaRouter, requireMfa, type Mfa } from '../../src/index.js';
import { Browser, code, codeIn, formsOf } from '../support/agent.js';
import { hostData } from '../support/app.js';
import { mfaFor, serve, type Served, mountSignIn } from '../support/serve.js';

/** The host's synchroniser token, in its session, as `csrf-sync` and `csurf` do; field `_token`. */
const tokenOf = (req: Request) => ((hostData(req)['token'] as string | undefined) ??= 'of-the-host');
const given = (req: Request): unknown =>
  (req.body as { _token?: unknown } | undefined)?._token ?? req.headers['x-host-token'];
const isRight = (req: Request) => given(req) === hostData(req)['token'] && hostData(req)['token'] !== undefined;

const check: RequestHandler = (req, res, next) => {
  if (req.method === 'GET' || isRight(req)) {
    tokenOf(req);
    next();
  } else res.status(403).send('host: bad token');
};

function hostOf(mfa: Mfa, order: 'ours first' | 'theirs first'): Express {
  const app = express();
  mountSignIn(app);
  app.use(express.urlencoded({ extended: false }), express.json());
  if (order === 'theirs first') app.use(check);
  app.use('/mfa', mfaRouter(mfa));
  app.use(requireMfa(mfa, { anonymous: 'pass' }));
  if (order === 'ours first') app.use(check);
  app.get('/account', (req, res) => void res.json({ mfa: req.mfa, token: tokenOf(req) }));
  app.post('/account', (_req, res) => void res.json({ changed: true }));
  return app;
}

describe('a host with a CSRF check of its own', () => {
  let served: Served;
  afterEach(() => served.close());

  it('keeps it for its own routes, where ours is mounted before', async () => {
    const { mfa, clock } = mfaFor();
    served = await serve(hostOf(mfa, 'ours first'), clock);
    const { secret } = await (await new Browser(served).signIn('ada')).enrollTotp();
    const person = await new Browser(served).signIn('ada');
    await person.proveTotp(secret);
    const { token } = (await person.jsonGet('/account').expect(200)).body as { token: string };
    await person.post('/account').expect(403);
    await person.post('/account', { _token: token }).expect(200);
  });

  it('uses it on our pages in the stead of ours, where it says so', async () => {
    const { mfa, clock } = mfaFor({ csrf: { token: tokenOf, verify: isRight } });
    served = await serve(hostOf(mfa, 'ours first'), clock);
    const header = { 'X-Host-Token': 'of-the-host', 'X-CSRF-Token': 'of-the-host' };
    const person = await new Browser(served, header).signIn('ada', { token: 'of-the-host' });
    expect(await person.csrf()).to.equal('of-the-host');
    const { secret } = await person.enrollTotp();
    const later = await new Browser(served).signIn('ada', { token: 'of-the-host' });
    const page = await later.htmlGet('/mfa/verify/totp').expect(200);
    const form = formsOf(page.text).find(({ action }) => action.endsWith('/verify/totp'))!;
    expect(form.fields['_csrf']).to.equal('of-the-host');
    clock.advance(30);
    const right = code(secret, clock);
    expect(codeIn(await later.postJson('/mfa/verify/totp', { code: right }))).to.equal('request.csrf');
    const foreign = await later.postJson(
      '/mfa/verify/totp',
      { code: right },
      { ...header, Origin: 'https://evil.example' },
    );
    expect(codeIn(foreign)).to.equal('request.csrf');
    expect((await later.postJson('/mfa/verify/totp', { code: right }, header)).status).to.equal(200);
  });

  it('is not asked where nothing came, and is told what did', async () => {
    const asked: string[] = [];
    const { mfa, clock } = mfaFor({
      csrf: {
        token: tokenOf,
        // Without a token in the session, and none in the form, both are undefined.
        verify: (req, sent) => {
          asked.push(sent);
          return (
            (req.body as { _csrf?: unknown } | undefined)?._csrf === hostData(req)['token'] || sent === 'in a header'
          );
        },
      },
    });
    served = await serve(hostOf(mfa, 'ours first'), clock);
    const thief = await new Browser(served).signIn('ada');
    for (const headers of [{}, { 'X-CSRF-Token': '' }])
      expect(codeIn(await thief.postJson('/mfa/setup/skip', {}, headers))).to.equal('request.csrf');
    expect((await thief.agent.post('/mfa/setup/skip').set('Accept', 'application/json')).status).to.equal(403);
    expect(asked).to.deep.equal([]);
    await thief.postJson('/mfa/preferences', { resetPrompts: 'yes' }, { 'X-CSRF-Token': 'in a header' }).expect(200);
    expect(asked).to.deep.equal(['in a header']);
  });

  it('stops our forms where it stands before them, unless both read one field', async () => {
    const { mfa, clock } = mfaFor();
    served = await serve(hostOf(mfa, 'theirs first'), clock);
    const person = await new Browser(served).signIn('ada', { token: 'of-the-host' });
    const { body } = await person.jsonGet('/mfa/setup/totp').expect(200);
    const fields = { _csrf: await person.csrf(), code: code(body.secret as string, clock) };
    expect((await person.post('/mfa/setup/totp', fields)).text).to.equal('host: bad token');
    await person.post('/mfa/setup/totp', { ...fields, _token: 'of-the-host' }).expect(303);
  });

  it('may stand before ours where our forms carry its token: it has looked at them already', async () => {
    const field = (req: Request) => (req.body as { _csrf?: unknown } | undefined)?._csrf ?? req.headers['x-csrf-token'];
    const earlier: RequestHandler = (req, res, next) => {
      if (req.method === 'GET' || field(req) === tokenOf(req)) next();
      else res.status(403).send('host: bad token');
    };
    const { mfa, clock } = mfaFor({ csrf: { token: tokenOf, verify: () => true } });
    const app = express();
    mountSignIn(app);
    app.use(express.urlencoded({ extended: false }), express.json());
    app.use(earlier);
    app.post('/logout', (req, res) => req.session.destroy(() => res.redirect(303, '/')));
    app.use('/mfa', mfaRouter(mfa));
    app.use(requireMfa(mfa, { anonymous: 'pass' }));
    app.get('/account', (req, res) => void res.json({ mfa: req.mfa }));
    served = await serve(app, clock);
    const { secret } = await (await new Browser(served).signIn('ada')).enrollTotp();
    clock.advance(30);
    const person = await new Browser(served).signIn('ada');
    const page = await person.htmlGet('/mfa/verify/totp').expect(200);
    const right = { code: code(secret, clock) };
    expect((await person.post('/mfa/verify/totp', right)).text).to.equal('host: bad token');
    await person.submit(page, '/verify/totp', right).expect(303);
    const mine = await person.htmlGet('/mfa').expect(200);
    const out = formsOf(mine.text).find(({ action }) => action.endsWith('/sign-out'))!;
    await person.post(out.action, out.fields).expect(307).expect('Location', '/logout');
    await person.post('/logout', out.fields).expect(303);
    await person.htmlGet('/mfa').expect(303).expect('Location', '/login');
  });

  for (const [where, isOn] of [
    ['in development, where it is off', false],
    ['in production, where it is on', true],
  ] as const)
    it(`may be csurf as the guide has it, ${where}`, async () => {
      const { mfa, clock } = mfaFor({
        csrf: {
          token: (req) => (req as { csrfToken?: () => string }).csrfToken?.(),
          verify: (req) => typeof (req as { csrfToken?: () => string }).csrfToken === 'function',
        },
      });
      const csurf: RequestHandler = (req, res, next) => {
        Object.assign(req, { csrfToken: () => tokenOf(req) });
        const sent = (req.body as { _csrf?: unknown } | undefined)?._csrf ?? req.headers['x-csrf-token'];
        if (req.method === 'GET' || sent === tokenOf(req)) next();
        else res.status(403).send('host: bad token');
      };
      const app = express();
      mountSignIn(app);
      app.use(express.urlencoded({ extended: false }), express.json());
      if (isOn) app.use(csurf);
      app.use('/mfa', mfaRouter(mfa));
      served = await serve(app, clock);
      const person = await new Browser(served).signIn('ada');
      expect((await person.csrf()) === 'of-the-host').to.equal(isOn);
      await person.enrollTotp();
      for (const fields of [{}, { _csrf: '' }, { _csrf: isOn ? 'other' : 'of-the-host' }])
        await person.post('/mfa/preferences', { resetPrompts: 'yes', ...fields }).expect(403);
      expect((await person.form('/mfa/preferences', { resetPrompts: 'yes' })).status).to.equal(303);
    });
});
