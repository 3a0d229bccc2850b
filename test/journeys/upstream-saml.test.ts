// A provider of SAML signs its answers with a key of its own; the app takes them by @node-saml/passport-saml, as the guide says.
import { expect } from 'chai';
import { Strategy, type Profile, type VerifiedCallback } from '@node-saml/passport-saml';
import express from 'express';
import { upstreamFromSaml, type Upstream } from '../../src/upstream.js';
import { totp } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { hostData, testApp, testClock, type TestApp } from '../support/app.js';
import { issuer, mfaClass, passwordClass, publicPem, samlAnswer, type Says } from '../support/saml-answer.js';
import { standingOf, whysOf } from '../support/upstream-site.js';

const sp = 'https://app.acme.example';
const answer = (says: Says = {}) => samlAnswer(sp, '/saml', says);

describe('a signed answer of SAML, by passport-saml', () => {
  let app: TestApp;
  beforeEach(async () => {
    const upstream = { mfa: 'enforce', acr: [mfaClass], maxAgeSeconds: 3600, reauthenticate: () => '/again' } as const;
    const strategy = new Strategy(
      {
        entryPoint: `${issuer}/sso`,
        issuer: sp,
        audience: sp,
        callbackUrl: `${sp}/saml`,
        idpCert: publicPem,
        idpIssuer: issuer,
        wantAssertionsSigned: true,
        wantAuthnResponseSigned: false,
      },
      (profile: Profile | null, done: VerifiedCallback) => {
        const read = profile?.getAssertion?.() as object;
        done(null, { id: profile?.nameID ?? '', upstream: upstreamFromSaml(read) });
      },
      (_profile: Profile | null, done: VerifiedCallback) => done(null, undefined),
    );
    app = await testApp({
      factors: [totp()],
      policy: 'mandatory',
      clock: testClock(Date.now()),
      upstream: { [issuer]: upstream },
      host: {
        between(host, mfa) {
          host.post('/saml', express.urlencoded({ extended: false }), (req, res, next) => {
            const own = Object.create(strategy) as Strategy & { [name: string]: unknown };
            Object.assign(own, {
              success(user: { id: string; upstream: Upstream }) {
                hostData(req).uid = user.id;
                mfa.signedIn(req, { upstream: user.upstream }).then(() => void res.json({}), next);
              },
              fail: () => res.status(401).json({}),
              error: (error: Error) => res.status(401).json({ error: error.message }),
            });
            own.authenticate(req as never, {});
          });
        },
      },
    });
  });
  afterEach(() => app.close());

  async function come(says: Says, expected = 200): Promise<Browser> {
    const browser = new Browser(app);
    await browser.agent
      .post('/saml')
      .type('form')
      .send({ SAMLResponse: answer(says) })
      .expect(expected);
    return browser;
  }

  it('vouches for its subject', async () => {
    expect(await standingOf(await come({}))).to.equal(200);
  });

  it('does not, where it claims less than was asked for, or of long ago; and leads back once', async () => {
    const browser = await come({ classRef: passwordClass });
    expect((await browser.htmlGet('/account').expect(303)).headers['location']).to.equal('/again');
    await browser.htmlGet('/account').expect(403);
    expect(await standingOf(await come({ at: Date.now() - 3_700_000 }))).to.equal('session.mfa.upstream_insufficient');
    expect(whysOf(app)).to.deep.equal(['too-little', 'too-old']);
  });

  it('does not, by two statements, or a session that is over or ends meanwhile', async () => {
    for (const says of [{ statements: 2 }, { endsAt: Date.now() - 1000 }])
      expect(await standingOf(await come(says))).to.equal('session.mfa.upstream_insufficient');
    expect(whysOf(app)).to.deep.equal(['several-statements', 'session-over']);
    const browser = await come({ endsAt: Date.now() + 600_000 });
    expect(await standingOf(browser)).to.equal(200);
    app.clock.advance(601);
    expect(await standingOf(browser)).to.equal('session.mfa.upstream_insufficient');
  });

  it('is none at all where it was changed after it was signed', async () => {
    const forged = Buffer.from(answer({ classRef: passwordClass }), 'base64')
      .toString()
      .replace(passwordClass, mfaClass);
    const browser = new Browser(app);
    await browser.agent
      .post('/saml')
      .type('form')
      .send({ SAMLResponse: Buffer.from(forged).toString('base64') })
      .expect(401);
    expect((await browser.jsonGet('/account')).body.account ?? null).to.equal(null);
  });
});
