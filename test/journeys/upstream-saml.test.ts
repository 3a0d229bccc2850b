// A provider of SAML signs its answers with a key of its own; the app takes them by @node-saml/passport-saml, as the guide says.
import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { Strategy, type Profile, type VerifiedCallback } from '@node-saml/passport-saml';
import express from 'express';
import { SignedXml } from 'xml-crypto';
import { upstreamFromSaml, type Upstream } from '../../src/upstream.js';
import { totp } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { hostData, testApp, testClock, type TestApp } from '../support/app.js';
import { standingOf, whysOf } from '../support/upstream-site.js';

const issuer = 'https://idp.partner.example';
const sp = 'https://app.acme.example';
const mfaClass = 'https://refeds.org/profile/mfa';
const password = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (type: 'public' | 'private') =>
  type === 'public'
    ? keys.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    : keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

type Says = { classRef?: string; at?: number; subject?: string; statements?: number; endsAt?: number };

/** An answer with one assertion, signed. */
function answer({ classRef = mfaClass, at = Date.now(), subject = 'ada', statements = 1, endsAt }: Says = {}): string {
  const iso = (ms: number) => new Date(ms).toISOString();
  const now = Date.now();
  const ends = endsAt === undefined ? '' : ` SessionNotOnOrAfter="${iso(endsAt)}"`;
  const statement = `<saml:AuthnStatement AuthnInstant="${iso(at)}" SessionIndex="s1"${ends}><saml:AuthnContext><saml:AuthnContextClassRef>${classRef}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`;
  const assertion = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a${now}" Version="2.0" IssueInstant="${iso(now)}"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${subject}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${iso(now + 60_000)}" Recipient="${sp}/saml"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${iso(now - 60_000)}" NotOnOrAfter="${iso(now + 60_000)}"><saml:AudienceRestriction><saml:Audience>${sp}</saml:Audience></saml:AudienceRestriction></saml:Conditions>${statement.repeat(statements)}</saml:Assertion>`;
  const signature = new SignedXml({
    privateKey: pem('private'),
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  });
  signature.addReference({
    xpath: "/*[local-name(.)='Assertion']",
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  });
  signature.computeSignature(assertion, {
    location: { reference: "/*[local-name(.)='Assertion']/*[local-name(.)='Issuer']", action: 'after' },
  });
  const response = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r${now}" Version="2.0" IssueInstant="${iso(now)}"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${signature.getSignedXml()}</samlp:Response>`;
  return Buffer.from(response).toString('base64');
}

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
        idpCert: pem('public'),
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
    const browser = await come({ classRef: password });
    expect((await browser.htmlGet('/account').expect(303)).headers['location']).to.equal('/again');
    await browser.htmlGet('/account').expect(403);
    expect(await standingOf(await come({ at: Date.now() - 3_700_000 }))).to.equal('session.mfa.upstream_insufficient');
    expect(whysOf(app)).to.deep.equal(['too-little', 'too-old']);
  });

  it('does not, by two statements, or a session that is over', async () => {
    await come({ statements: 2 });
    await come({ endsAt: Date.now() - 1000 }).catch(() => undefined);
    expect(whysOf(app)[0]).to.equal('several-statements');
  });

  it('is none at all where it was changed after it was signed', async () => {
    const forged = Buffer.from(answer({ classRef: password }), 'base64')
      .toString()
      .replace(password, mfaClass);
    const browser = new Browser(app);
    await browser.agent
      .post('/saml')
      .type('form')
      .send({ SAMLResponse: Buffer.from(forged).toString('base64') })
      .expect(401);
    expect((await browser.jsonGet('/account')).body.account ?? null).to.equal(null);
  });
});
