// An app whose people come by real providers of OpenID Connect, and which takes them by openid-client as its documentation has
// it: log-in, callback, log-out there, and back-channel logout. Two lines of it are ours.
import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import * as oidc from 'openid-client';
import { totp, type Mfa, type UpstreamOptions } from '../../src/index.js';
import { upstreamFromIdToken } from '../../src/upstream.js';
import type { Browser } from './agent.js';
import { hostData, testApp, testClock, type TestApp, type TestAppOptions } from './app.js';
import { client, startOidcProvider, type OidcProvider, type Said } from './oidc-provider.js';

export type OidcSite = TestApp & {
  /** As the browser knows the app. */
  at: string;
  providers: OidcProvider[];
  /** Whose account it is, where it is not the one of that name: by `<issuer> <subject>`. */
  people: Map<string, string>;
};

type Given = TestAppOptions & {
  /** One for each provider. Default: one that is enforced. */
  rules?: UpstreamOptions[];
  /** By which name the browser reaches the app: another site than the providers, or the same. */
  hostname?: string;
};

type Begun = { config: oidc.Configuration; checks: oidc.AuthorizationCodeGrantChecks; to: string };

/** `essential`: the provider is to refuse what it cannot meet, and not only told the wish. */
export const enforce = (essential = false): UpstreamOptions => ({
  mfa: 'enforce',
  acr: ['phr'],
  maxAgeSeconds: 3600,
  reauthenticate: (_req, { issuer, returnTo = '', oidc: { max_age, acr_values = '', claims = '' } }) => {
    const wanted = essential ? { claims } : { acr_values };
    return `/login?${new URLSearchParams({ issuer, returnTo, max_age: String(max_age), ...wanted }).toString()}`;
  },
});

export async function oidcSite(given: Given = {}): Promise<OidcSite> {
  const { rules = [enforce()], hostname = '127.0.0.1', host = {}, ...options } = given;
  const providers = await Promise.all(rules.map(() => startOidcProvider()));
  const people = new Map<string, string>();
  const site: { at: string; configs: oidc.Configuration[] } = { at: '', configs: [] };
  const app = await testApp({
    factors: [totp()],
    policy: 'mandatory',
    clock: testClock(Date.now()),
    user: (req) => {
      const { uid, signInId } = hostData(req) as { uid?: string; signInId?: string };
      return uid === undefined ? null : { id: uid, ...(signInId === undefined ? {} : { signInId }) };
    },
    upstream: Object.fromEntries(providers.map(({ issuer }, index) => [issuer, rules[index]!])),
    ...options,
    host: {
      ...host,
      between: (own, mfa) => {
        host.between?.(own, mfa);
        mountHost(own, mfa, site, people, host.keepsSession);
      },
    },
  });
  site.at = app.url.replace('127.0.0.1', hostname);
  for (const provider of providers) provider.open(site.at);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is deprecated to stand out: loopback has no TLS
  const how = { execute: [oidc.allowInsecureRequests] };
  site.configs = await Promise.all(
    providers.map(({ issuer }) => oidc.discovery(new URL(issuer), client.id, client.secret, undefined, how)),
  );
  const close = async () => {
    for (const provider of providers) provider.close();
    await app.close();
  };
  return { ...app, at: site.at, providers, people, close };
}

function mountHost(
  host: Express,
  mfa: Mfa,
  site: { at: string; configs: oidc.Configuration[] },
  people: OidcSite['people'],
  keepsSession = false,
): void {
  const begun = new Map<string, Begun>();
  const configOf = (issuer: unknown) =>
    site.configs.find((config) => config.serverMetadata().issuer === issuer) ?? site.configs[0]!;
  const personOf = (iss: string, sub: string) => people.get(`${iss} ${sub}`) ?? sub;

  const logIn = async (req: Request, res: Response) => {
    const { issuer, returnTo = '', ...asked } = req.query as { [name: string]: string };
    const config = configOf(issuer);
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
    const checks = { pkceCodeVerifier, expectedState, expectedNonce };
    begun.set(expectedState, { config, checks, to: returnTo || '/account' });
    hostData(req)['state'] = expectedState;
    const leads = oidc.buildAuthorizationUrl(config, {
      redirect_uri: `${site.at}/callback`,
      scope: 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
      max_age: '28800',
      ...asked,
    });
    res.redirect(leads.href);
  };
  const callBack = async (req: Request, res: Response) => {
    if (req.query['error']) return void res.status(403).send('The provider did not sign you in.');
    const known = begun.get(req.query['state'] as string);
    if (!known || hostData(req)['state'] !== req.query['state'])
      return void res.status(403).send('This browser did not ask.');
    const tokens = await oidc.authorizationCodeGrant(known.config, new URL(req.originalUrl, site.at), known.checks);
    const claims = tokens.claims();
    if (!claims) throw new Error('no ID token');
    if (!keepsSession)
      await new Promise<void>((resolve, reject) => req.session.regenerate((e) => (e ? reject(e as Error) : resolve())));
    const uid = personOf(claims.iss, claims.sub);
    Object.assign(hostData(req), { uid, signInId: claims['sid'], issuer: claims.iss, idToken: tokens.id_token });
    await mfa.signedIn(req, { upstream: upstreamFromIdToken(claims) });
    res.redirect(known.to);
  };
  /** Here, and at the provider (OpenID Connect RP-Initiated Logout 1.0). */
  const leave = async (req: Request, res: Response) => {
    const { issuer, idToken } = hostData(req) as { issuer?: string; idToken?: string };
    await new Promise<void>((resolve) => req.session.destroy(() => resolve()));
    const hint = idToken === undefined ? {} : { id_token_hint: idToken };
    res.redirect(
      oidc.buildEndSessionUrl(configOf(issuer), { post_logout_redirect_uri: `${site.at}/bye`, ...hint }).href,
    );
  };
  const endSignIn = async (req: Request, res: Response) => {
    const { iss, sub, sid } = await logoutClaims((req.body as { logout_token: string }).logout_token, configOf);
    await mfa.endSignIns(personOf(iss, sub), sid ? { signInId: sid } : {});
    res.set('Cache-Control', 'no-store').sendStatus(200);
  };
  const caught =
    (run: (req: Request, res: Response) => Promise<void>): RequestHandler =>
    (req, res, next) =>
      void run(req, res).catch(next);
  host.get('/session-id', (req, res) => void res.json(hostData(req)));
  host.get('/bye', (_req, res) => void res.send('<title>Bye</title><p>You are signed out.'));
  host.get('/login', caught(logIn));
  host.get('/callback', caught(callBack));
  host.post('/leave', caught(leave));
  host.post('/backchannel-logout', express.urlencoded({ extended: false }), caught(endSignIn));
}

type LogoutClaims = { iss: string; aud: string; sub: string; sid?: string; events: object; nonce?: string };

/** Of a logout token whose signature, issuer, audience and event hold (OpenID Connect Back-Channel Logout 1.0 §2.6). */
async function logoutClaims(token: string, configOf: (issuer: unknown) => oidc.Configuration): Promise<LogoutClaims> {
  const [header = '', body = '', signature = ''] = token.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as { [name: string]: unknown };
  const claims = read(body) as LogoutClaims;
  const { issuer, jwks_uri } = configOf(claims.iss).serverMetadata();
  const { keys } = (await (await fetch(String(jwks_uri))).json()) as { keys: (JsonWebKey & { kid: string })[] };
  const key = createPublicKey({ key: keys.find(({ kid }) => kid === read(header)['kid'])!, format: 'jwk' });
  const holds = verify('sha256', Buffer.from(`${header}.${body}`), key, Buffer.from(signature, 'base64url'));
  const isLogout = Object.hasOwn(claims.events, 'http://schemas.openid.net/event/backchannel-logout');
  if (!holds || claims.iss !== issuer || claims.aud !== client.id || !isLogout || claims.nonce)
    throw new Error('not a logout token');
  return claims;
}

/** Follows a redirect to a provider until it leads back to the app; cookies there are in `jar`. */
export async function throughProvider(
  site: OidcSite,
  browser: Browser,
  from: string,
  jar = new Map<string, string>(),
): Promise<{ asked: URLSearchParams; path: string }> {
  let at = (await browser.agent.get(from).expect(302)).headers['location'] as string;
  const asked = new URL(at).searchParams;
  for (let hops = 0; !at.startsWith(site.at) && hops < 8; hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    at = new URL(answer.headers.get('location') ?? '/nowhere', at).href;
  }
  const { pathname, search } = new URL(at);
  return { asked, path: pathname + search };
}

/** Somebody signs in at that provider, which says this of it, and comes back with it. */
export async function comeByOidc(
  site: OidcSite,
  browser: Browser,
  says: Said,
  { provider = site.providers[0]!, jar = new Map<string, string>() } = {},
): Promise<Browser> {
  provider.says = says;
  const { path } = await throughProvider(site, browser, `/login?issuer=${encodeURIComponent(provider.issuer)}`, jar);
  const { status, text } = await browser.agent.get(path);
  if (status !== 302) throw new Error(`The callback answered ${status}: ${text}`);
  return browser;
}
