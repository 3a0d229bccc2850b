// People come by a real provider of OpenID Connect, oidc-provider, and the app takes them by openid-client: from its log-in
// to its back-channel logout.
import { expect } from 'chai';
import { createPublicKey, randomUUID, verify, type JsonWebKey } from 'node:crypto';
import express, { type Express, type Request, type Response } from 'express';
import * as oidc from 'openid-client';
import { totp, type Mfa } from '../../src/index.js';
import { upstreamFromIdToken } from '../../src/upstream.js';
import { Browser } from '../support/agent.js';
import { hostData, testApp, testClock, type TestApp } from '../support/app.js';
import { client, startOidcProvider, type OidcProvider, type Said } from '../support/oidc-provider.js';
import { standingOf, whysOf } from '../support/upstream-site.js';

type Begun = { pkceCodeVerifier: string; expectedState: string; expectedNonce: string };
const begun = new Map<string, Begun>();

describe('people who come by OpenID Connect, by openid-client', () => {
  let app: TestApp;
  let provider: OidcProvider;
  let config: oidc.Configuration;

  beforeEach(async () => {
    provider = await startOidcProvider();
    app = await testApp({
      factors: [totp()],
      policy: 'mandatory',
      clock: testClock(Date.now()),
      user: (req) => {
        const { uid, signInId } = hostData(req) as { uid?: string; signInId?: string };
        return uid === undefined ? null : { id: uid, ...(signInId === undefined ? {} : { signInId }) };
      },
      upstream: {
        [provider.issuer]: {
          mfa: 'enforce',
          acr: ['phr'],
          maxAgeSeconds: 3600,
          reauthenticate: (_req, { oidc: { max_age, acr_values = '' } }) =>
            `/login?${new URLSearchParams({ max_age: String(max_age), acr_values }).toString()}`,
        },
      },
      host: { between: mountHost },
    });
    provider.open(app.url);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is deprecated to stand out: loopback has no TLS
    const execute = [oidc.allowInsecureRequests];
    config = await oidc.discovery(new URL(provider.issuer), client.id, client.secret, undefined, { execute });
  });
  afterEach(async () => {
    provider.close();
    await app.close();
  });

  /** As the documentation of openid-client has it, and two lines of ours. */
  function mountHost(host: Express, mfa: Mfa): void {
    const logIn = async (req: Request, res: Response) => {
      const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
      const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
      begun.set(expectedState, { pkceCodeVerifier, expectedState, expectedNonce });
      const asked = oidc.buildAuthorizationUrl(config, {
        redirect_uri: `${app.url}/callback`,
        scope: 'openid',
        code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        state: expectedState,
        nonce: expectedNonce,
        max_age: '28800',
        ...(req.query as { [name: string]: string }),
      });
      res.redirect(asked.href);
    };
    const callBack = async (req: Request, res: Response) => {
      if (req.query['error']) return void res.status(403).send('The provider did not sign you in.');
      const checks = begun.get(new URL(req.originalUrl, app.url).searchParams.get('state') ?? '');
      const tokens = await oidc.authorizationCodeGrant(config, new URL(req.originalUrl, app.url), checks);
      const claims = tokens.claims();
      if (!claims) throw new Error('no ID token');
      await new Promise<void>((resolve, reject) => req.session.regenerate((e) => (e ? reject(e as Error) : resolve())));
      Object.assign(hostData(req), { uid: claims.sub, signInId: claims['sid'] });
      await mfa.signedIn(req, { upstream: upstreamFromIdToken(claims) });
      res.json({ signedIn: true });
    };
    const logOut = async (req: Request, res: Response) => {
      const { sub, sid } = await logoutClaims((req.body as { logout_token: string }).logout_token);
      await mfa.endSignIns(sub, sid ? { signInId: sid } : {});
      res.set('Cache-Control', 'no-store').sendStatus(200);
    };
    host.get('/session-id', (req, res) => void res.json(hostData(req)));
    host.get('/login', (req, res, next) => void logIn(req, res).catch(next));
    host.get('/callback', (req, res, next) => void callBack(req, res).catch(next));
    const parse = express.urlencoded({ extended: false });
    host.post('/backchannel-logout', parse, (req, res, next) => void logOut(req, res).catch(next));
  }

  /** A logout token whose signature, issuer, audience and event hold (OpenID Connect Back-Channel Logout 1.0 §2.6). */
  async function logoutClaims(token: string): Promise<{ sub: string; sid?: string }> {
    const [header = '', body = '', signature = ''] = token.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as { [name: string]: string };
    const jwks = await (await fetch(String(config.serverMetadata().jwks_uri))).json();
    const { keys } = jwks as { keys: (JsonWebKey & { kid: string })[] };
    const key = createPublicKey({ key: keys.find(({ kid }) => kid === read(header)['kid'])!, format: 'jwk' });
    const holds = verify('sha256', Buffer.from(`${header}.${body}`), key, Buffer.from(signature, 'base64url'));
    const claims = read(body) as {
      iss: string;
      aud: string;
      sub: string;
      sid?: string;
      events: string;
      nonce?: string;
    };
    const isLogout = Object.hasOwn(
      claims.events as unknown as object,
      'http://schemas.openid.net/event/backchannel-logout',
    );
    if (!holds || claims.iss !== provider.issuer || claims.aud !== client.id || !isLogout || claims.nonce)
      throw new Error('not a logout token');
    return claims;
  }

  /** Follows a redirect to the provider until it leads back to the app; cookies there are the browser's. */
  async function throughProvider(browser: Browser, from: string, jar = new Map<string, string>()) {
    let at = (await browser.agent.get(from).expect(302)).headers['location'] as string;
    const asked = new URL(at).searchParams;
    for (let hops = 0; at.startsWith(provider.issuer) && hops < 8; hops += 1) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        jar.set(name, value);
      }
      at = new URL(answer.headers.get('location') ?? '/nowhere', at).href;
    }
    const { pathname, search } = new URL(at);
    return { asked, answer: await browser.agent.get(pathname + search) };
  }

  async function come(says: Said, browser = new Browser(app)): Promise<Browser> {
    provider.says = says;
    const { answer } = await throughProvider(browser, '/login');
    expect(answer.status, answer.text).to.equal(200);
    return browser;
  }
  const short = 'session.mfa.upstream_insufficient';

  it('are let in by a second factor there, and by no password alone, old sign-in or silence', async () => {
    expect(await standingOf(await come({ acr: 'phr' }))).to.equal(200);
    expect(await standingOf(await come({ amr: ['pwd', 'otp'] }))).to.equal(200);
    expect(await standingOf(await come({ acr: 'pwd' }))).to.equal(short);
    expect(await standingOf(await come({ acr: 'phr', secondsAgo: 7200 }))).to.equal(short);
    expect(await standingOf(await come({ amr: ['pwd'] }))).to.equal(short);
    expect(await standingOf(await come({}))).to.equal(short);
    expect(whysOf(app)).to.deep.equal(['too-little', 'too-old', 'too-little', 'not-said']);
  });

  it('are led back once, with what is asked for, and let in by what the provider then says', async () => {
    const browser = await come({ acr: 'pwd' });
    const led = (await browser.htmlGet('/account').expect(303)).headers['location'] as string;
    provider.says = { acr: 'phr' };
    const { asked, answer } = await throughProvider(browser, led);
    expect(asked.get('acr_values')).to.equal('phr');
    expect(answer.status).to.equal(200);
    expect(await standingOf(browser)).to.equal(200);
  });

  for (const [what, says] of [
    ['says less than was asked for', { acr: 'pwd' }],
    ['answers by an error', { refuses: true }],
  ] as const)
    it(`are led in no circle where the provider ${what}`, async () => {
      const browser = await come({ acr: 'pwd' });
      const led = (await browser.htmlGet('/account').expect(303)).headers['location'] as string;
      provider.says = says;
      await throughProvider(browser, led);
      await browser.htmlGet('/account').expect(403);
      expect(await standingOf(browser)).to.equal(short);
    });

  it('are signed out by a logout token that names their session there, and no other; by one without, from all', async () => {
    const [one, other, third] = [await come({ acr: 'phr' }), await come({ acr: 'phr' }), await come({ acr: 'phr' })];
    const sid = (await one.jsonGet('/session-id')).body as { signInId: string };
    await provider.logOut('ada', sid.signInId);
    expect(await standingOf(one)).not.to.equal(200);
    expect(await standingOf(other)).to.equal(200);
    await provider.logOut('ada');
    for (const each of [other, third]) expect(await standingOf(each)).not.to.equal(200);
    const forged = await fetch(`${app.url}/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: `e30.${randomUUID()}.e30` }),
    });
    expect(forged.status).to.equal(500);
  });
});
