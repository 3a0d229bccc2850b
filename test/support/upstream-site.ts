// An app whose people come by identity providers: `POST /sso` stands for its callback, with the claims of a validated token.
import express from 'express';
import { totp } from '../../src/index.js';
import { upstreamFromIdToken } from '../../src/upstream.js';
import { Browser, type Target } from './agent.js';
import { hostData, testApp, type TestApp, type TestAppOptions } from './app.js';

export const accepted = 'https://login.acme.example';
export const instead = 'https://staff.acme.example';
export const enforced = 'https://idp.partner.example';
export const rejected = 'https://social.example';

/** A token that says that a second factor was used, now. */
export function claimsOf(app: Pick<TestApp, 'clock'>, iss: string, sub: string, more: object = {}): object {
  return { iss, sub, auth_time: Math.floor(app.clock.now() / 1000), amr: ['pwd', 'otp'], ...more };
}

export async function upstreamSite({ host = {}, ...options }: TestAppOptions = {}): Promise<TestApp> {
  return testApp({
    factors: [totp()],
    policy: 'mandatory',
    user: (req) => {
      const { uid, signInId } = hostData(req);
      if (uid === undefined) return null;
      return { id: uid as string, ...(signInId === undefined ? {} : { signInId: signInId as string }) };
    },
    upstream: {
      [accepted]: { mfa: 'accept', amr: ['mfa'], maxAgeSeconds: 3600 },
      [instead]: { mfa: 'accept', insteadOfOwnFactor: true },
      [enforced]: {
        mfa: 'enforce',
        acr: ['phr'],
        maxAgeSeconds: 3600,
        reauthenticate: (_req, ask) =>
          `${enforced}/authorize?${new URLSearchParams({ ask: JSON.stringify(ask) }).toString()}`,
      },
      [rejected]: { mfa: 'reject' },
    },
    ...options,
    host: {
      ...host,
      between(app, mfa) {
        host.between?.(app, mfa);
        app.post('/sso', express.json(), (req, res, next) => {
          const { uid, signInId, claims } = req.body as { uid: string; signInId?: string; claims?: object };
          const enter = () => {
            Object.assign(hostData(req), { uid, signInId });
            mfa
              .signedIn(req, claims ? { upstream: upstreamFromIdToken(claims) } : {})
              .then(() => void res.json({ signedIn: true }), next);
          };
          if (host.keepsSession) enter();
          else req.session.regenerate((error) => (error ? next(error) : enter()));
        });
      },
    },
  });
}

/** Somebody who came by that provider, which said this. */
export async function comeBy(app: Target, uid: string, claims?: object, given: Partial<Came> = {}): Promise<Browser> {
  const { browser = new Browser(app), ...more } = given;
  await browser.agent
    .post('/sso')
    .send({ uid, ...(claims && { claims }), ...more })
    .expect(200);
  return browser;
}
type Came = { browser: Browser; signInId: string };

/** What the guard says to a program: 200, or the code. */
export async function standingOf(browser: Browser, path = '/account'): Promise<string | number> {
  const { status, body } = await browser.jsonGet(path);
  return status === 200 ? 200 : (body.code as string);
}

export function whysOf(app: TestApp): unknown[] {
  return app.events.filter(({ name }) => name === 'upstream-insufficient').map(({ detail }) => detail?.['why']);
}
