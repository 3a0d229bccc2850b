// A front end on a second origin, in a real browser: what it may read of an API, by cookies and by X-MFA-Token, and that it
// may read nothing where `origins` does not name it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { build } from 'esbuild';
import express, { type RequestHandler } from 'express';
import session from 'express-session';
import type { Browser, Page } from 'playwright-core';
import { createMfa, mfaRouter, requireMfa, totp, type Mfa, type MfaOptions } from '../../src/index.js';
import { totpCode } from '../../src/testing.js';
import { appSecret, hostData, testClock } from '../support/app.js';
import { launchBrowser, patienceMs } from '../support/browser.js';
import { tokenFor, userOfToken } from '../support/stateless-app.js';

/** As the package cors does with `{ origin: true, credentials: true }`. */
const cors: RequestHandler = (req, res, next) => {
  res.set({
    'Access-Control-Allow-Origin': req.headers.origin ?? '*',
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Headers': 'authorization,content-type,x-csrf-token,x-mfa-token',
  });
  if (req.method === 'OPTIONS') res.sendStatus(204);
  else next();
};

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://localhost:${(server.address() as AddressInfo).port}`));
  });

let client: Promise<string> | undefined;

/** The client as a script that any page can load. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../../src/client/index.ts', import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, globalName: 'ours' });
  // The compiler's helper is missing in a page.
  return `globalThis.__name ??= (value) => value;${outputFiles[0]!.text};Object.assign(window, ours);`;
}

type Told = { status: number; body: { [field: string]: unknown }; token: string | null };

describe('a front end on a second origin', () => {
  const clock = testClock();
  let browser: Browser;
  let page: Page;
  let front: Server;
  let api: Server;
  let at: string;
  let frontAt: string;

  before(async () => {
    browser = await launchBrowser();
    front = createServer((_req, res) => res.setHeader('Content-Type', 'text/html').end('<title>Front</title>'));
    frontAt = await listen(front);
  });
  after(async () => {
    front.close();
    await browser.close();
  });
  afterEach(async () => {
    await page.context().close();
    api.close();
    api.closeAllConnections();
  });

  async function open(options: Partial<MfaOptions>): Promise<Mfa> {
    const mfa = createMfa({
      appName: 'Acme',
      secrets: [appSecret],
      factors: [totp()],
      policy: 'no-prompt',
      user: (req) => (hostData(req).uid === undefined ? null : { id: 'ada' }),
      clock,
      ...options,
    });
    const app = express();
    app.use(cors);
    if (options.proofs !== 'token') app.use(session({ secret: 'host', resave: false, saveUninitialized: false }));
    app.post('/login', (req, res) => {
      hostData(req).uid = 'ada';
      res.json({});
    });
    app.use('/mfa', mfaRouter(mfa));
    app.use(requireMfa(mfa));
    app.get('/account', (req, res) => void res.json({ state: req.mfa?.state }));
    api = createServer(app);
    at = await listen(api);
    const context = await browser.newContext();
    context.setDefaultTimeout(patienceMs);
    page = await context.newPage();
    await page.goto(frontAt);
    return mfa;
  }

  /** As the front end's own script asks; null where the browser lets it read nothing. */
  const ask = (path: string, body?: object, headers: { [name: string]: string } = {}): Promise<Told | null> =>
    page.evaluate(
      async ([url, text, more]) => {
        const sent = { accept: 'application/json', 'content-type': 'application/json', ...more };
        const init = text === null ? { headers: sent } : { method: 'POST', body: text, headers: sent };
        try {
          const answer = await fetch(url, { credentials: 'include', ...init });
          const token = answer.headers.get('x-mfa-token');
          return { status: answer.status, body: (await answer.json()) as { [field: string]: unknown }, token };
        } catch {
          return null;
        }
      },
      [`${at}${path}`, body === undefined ? null : JSON.stringify(body), headers] as const,
    );

  it('signs in with both factors by cookies, where `origins` names it', async () => {
    await open({ origins: ['https://api.example', frontAt] });
    await ask('/login', {});
    const { csrfToken } = (await ask('/mfa'))!.body as { csrfToken: string };
    const begun = (await ask('/mfa/setup/totp'))!.body as { secret: string };
    const first = { code: totpCode(begun.secret, { clock }) };
    expect((await ask('/mfa/setup/totp', first, { 'x-csrf-token': csrfToken }))?.status).to.equal(200);
    await page.context().clearCookies();
    await ask('/login', {});
    expect((await ask('/account'))?.body['code']).to.equal('session.mfa.require_mfa_verification');
    const { csrfToken: next } = (await ask('/mfa'))!.body as { csrfToken: string };
    clock.advance(30);
    const answer = { code: totpCode(begun.secret, { clock }) };
    expect((await ask('/mfa/verify/totp', answer, { 'x-csrf-token': next }))?.status).to.equal(200);
    expect((await ask('/account'))?.body['state']).to.equal('elevated');
  });

  it('signs in with both factors by X-MFA-Token, which it can read, and with no other token', async () => {
    await open({ origins: ['https://api.example', frontAt], proofs: 'token', user: userOfToken });
    const signedIn = (sid: string) => ({ authorization: `Bearer ${tokenFor({ sub: 'ada', sid })}` });
    const one = signedIn('one');
    const begun = (await ask('/mfa/setup/totp', undefined, one))!;
    const first = { code: totpCode(begun.body['secret'] as string, { clock }) };
    expect((await ask('/mfa/setup/totp', first, one))?.body['code']).to.equal('session.mfa.token_missing');
    const enrolled = await ask('/mfa/setup/totp', first, { ...one, 'x-mfa-token': begun.token! });
    expect(enrolled?.status).to.equal(200);
    const two = signedIn('two');
    const stopped = (await ask('/account', undefined, two))!;
    expect(stopped.body['code']).to.equal('session.mfa.require_mfa_verification');
    clock.advance(30);
    const answer = { code: totpCode(begun.body['secret'] as string, { clock }) };
    const proved = (await ask('/mfa/verify/totp', answer, { ...two, 'x-mfa-token': stopped.token! }))!;
    expect(proved.status).to.equal(200);
    const account = await ask('/account', undefined, { ...two, 'x-mfa-token': proved.token! });
    expect(account?.body['state']).to.equal('elevated');
  });

  /** `express-mfa/client` on the front end's page: what it answers, or the code of its refusal. */
  const call = async (
    name: string,
    args: unknown[] = [],
    headers: { [name: string]: string } = {},
  ): Promise<unknown> => {
    const isThere = await page.evaluate(() => 'createMfaClient' in window);
    if (!isThere) await page.addScriptTag({ content: await (client ??= bundle()) });
    return page.evaluate(
      async ([baseUrl, path, given, more]) => {
        const own = window as unknown as { [kept: string]: { [method: string]: (...all: unknown[]) => unknown } };
        const kept = `client ${JSON.stringify(more)}`;
        own[kept] ??= (own as unknown as { createMfaClient(options: object): (typeof own)[string] }).createMfaClient({
          baseUrl,
          headers: () => more,
        });
        try {
          return await own[kept][path]!(...given);
        } catch (error) {
          return (error as { code?: string }).code ?? String(error);
        }
      },
      [`${at}/mfa`, name, args, headers] as const,
    );
  };

  for (const [how, sid] of [
    ['by cookies', undefined],
    ['by X-MFA-Token', 'one'],
  ] as const) {
    it(`is served ${how} with the browser client`, async () => {
      const token = sid === undefined ? {} : { proofs: 'token' as const, user: userOfToken };
      await open({ origins: ['https://api.example', frontAt], ...token });
      const signedIn = (each: string) =>
        sid === undefined ? {} : { authorization: `Bearer ${tokenFor({ sub: 'ada', sid: each })}` };
      if (sid === undefined) await ask('/login', {});
      const first = signedIn('one');
      const { secret } = (await call('pendingSetup', ['totp'], first)) as { secret: string };
      const typed = () => ({ code: totpCode(secret, { clock }) });
      expect(await call('confirm', ['totp', typed()], first)).to.have.nested.property('next.step', 'done');
      await page.context().clearCookies();
      if (sid === undefined) await ask('/login', {});
      const second = signedIn('two');
      expect(await call('state', [], second)).to.include({ state: 'pending' });
      expect(await call('verify', ['totp', { code: '12' }], second)).to.equal('request.invalid');
      clock.advance(30);
      expect(await call('verify', ['totp', typed()], second)).to.have.nested.property('next.step', 'done');
      expect(await call('state', [], second)).to.include({ state: 'elevated' });
    });
  }

  it('reads nothing of our routes where `origins` does not name it', async () => {
    await open({ origin: 'https://api.example' });
    expect(await ask('/login', {})).not.to.equal(null);
    expect(await ask('/mfa')).to.equal(null);
    expect(await ask('/mfa/setup/totp')).to.equal(null);
    expect(await call('state')).to.equal('client.offline');
  });
});
