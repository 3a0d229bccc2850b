// An app whose people come by SAML, and which takes them by @node-saml/passport-saml, as the guide says.
import { Strategy, type Profile, type VerifiedCallback } from '@node-saml/passport-saml';
import express, { type Request, type Response } from 'express';
import { upstreamFromSaml, type Upstream } from '../../src/upstream.js';
import { totp } from '../../src/index.js';
import { hostData, testApp, testClock, type TestApp, type TestAppOptions } from './app.js';
import { issuer, mfaClass, publicPem } from './saml-answer.js';

export type SamlSite = TestApp & { at: string };

type Given = TestAppOptions & { hostname?: string; entryPoint?: string };

export async function samlSite(given: Given = {}): Promise<SamlSite> {
  const { hostname = '127.0.0.1', entryPoint = `${issuer}/sso`, host = {}, ...options } = given;
  const made: { strategy?: Strategy; again?: Strategy } = {};
  const app = await testApp({
    factors: [totp()],
    policy: 'mandatory',
    clock: testClock(Date.now()),
    upstream: {
      [issuer]: { mfa: 'enforce', acr: [mfaClass], maxAgeSeconds: 3600, reauthenticate: () => '/again' },
    },
    ...options,
    host: {
      ...host,
      between(own, mfa) {
        // As Passport does, without its session.
        const authenticate = (req: Request, res: Response, next: (error?: unknown) => void) => {
          const each = Object.create(req.path === '/again' ? made.again! : made.strategy!) as Strategy & {
            [name: string]: unknown;
          };
          Object.assign(each, {
            success(user: { id: string; upstream: Upstream }) {
              hostData(req).uid = user.id;
              mfa.signedIn(req, { upstream: user.upstream }).then(() => res.redirect('/account'), next);
            },
            redirect: (url: string) => res.redirect(url),
            fail: () => res.status(401).json({}),
            error: (error: Error) => res.status(401).json({ error: error.message }),
          });
          each.authenticate(req as never, {});
        };
        own.get(['/login', '/again'], authenticate);
        own.post('/saml', express.urlencoded({ extended: false }), authenticate);
      },
    },
  });
  const at = app.url.replace('127.0.0.1', hostname);
  const strategy = (more: object = {}) =>
    new Strategy(
      {
        entryPoint,
        issuer: at,
        audience: at,
        callbackUrl: `${at}/saml`,
        idpCert: publicPem,
        idpIssuer: issuer,
        wantAssertionsSigned: true,
        wantAuthnResponseSigned: false,
        ...more,
      },
      (profile: Profile | null, done: VerifiedCallback) => {
        const read = profile?.getAssertion?.() as object;
        done(null, { id: profile?.nameID ?? '', upstream: upstreamFromSaml(read) });
      },
      (_profile: Profile | null, done: VerifiedCallback) => done(null, undefined),
    );
  made.strategy = strategy({ disableRequestedAuthnContext: true });
  // As `ask.saml` says.
  made.again = strategy({ forceAuthn: true, authnContext: [mfaClass] });
  return { ...app, at };
}
