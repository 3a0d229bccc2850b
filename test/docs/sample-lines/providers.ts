// Samples of apps whose people come by an identity provider: what it says is made up here, and the apps take it as they stand.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express, { type Request, type RequestHandler } from 'express';
import OpenIDConnectStrategy from 'passport-openidconnect';
import type { MfaOptions } from '../../../src/index.js';
import { Browser, codeIn } from '../../support/agent.js';
import { appSecret } from '../../support/app.js';
import { mfaClass, passwordClass, publicPem, samlAnswer, type Says } from '../../support/saml-answer.js';
import type { Line } from '../sample-attacks.js';
import { openSample } from '../sample-host.js';

const issuer = 'https://login.acme.example';
const policy = 'mandatory';
const believed = (name: string, how: object): Partial<MfaOptions> => ({
  policy,
  upstream: { [name]: { mfa: 'accept', ...how } },
});

/** Somebody who came, of whom the guard says this. */
const stands = async (browser: Browser) => {
  const told = await browser.jsonGet('/account');
  if (told.status !== 200) expect(told.text).not.to.include('of the host');
  return told.status === 200 ? 200 : codeIn(told);
};
const owing = 'user.missing_mfa';
const nobody = 'session.not_signed_in';

/** A token endpoint, whose codes are the claims that it answers with. */
async function openProvider() {
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const code = new URLSearchParams(Buffer.concat(parts).toString()).get('code') ?? '';
      res.setHeader('Content-Type', 'application/json');
      res.end(JSON.stringify({ access_token: 'a', token_type: 'Bearer', id_token: `e30.${code}.` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

export const providers: Line[] = [
  {
    page: 'docs/upstream.md',
    heading: 'Identity providers',
    attack: 'a password alone at the provider, another provider, the account of somebody else, claims as they come',
    async holds(block) {
      const callback: RequestHandler = (req, res, next) => {
        const { uid, claims } = req.body as { uid: string; claims: object };
        Object.assign(req, { user: site.rows.get(uid) });
        Object.assign((req as unknown as { session: object }).session, { passport: { user: uid } });
        const cameBy = site.names['cameBy'] as (req: Request, claims: object) => Promise<void>;
        cameBy(req, claims).then(() => void res.json({}), next);
      };
      const site = await openSample(block, {
        as: 'before',
        options: { policy },
        beforeSample: (app) => app.post('/callback', express.json(), callback),
      });
      const come = async (uid: string, more: object) => {
        const browser = new Browser(site);
        const claims = { iss: issuer, sub: uid, auth_time: Math.floor(site.clock.now() / 1000), ...more };
        await browser.agent.post('/callback').send({ uid, claims }).expect(200);
        return stands(browser);
      };
      for (const said of [{ amr: ['pwd'] }, { amr: ['mfa'], iss: 'https://evil.example' }, { amr: 'mfa' }])
        expect(await come('ada', said)).to.equal(owing);
      expect(await come('ada', { amr: ['mfa'] })).to.equal(200);
      expect(await come('eve', { amr: ['mfa'], sub: 'ada' })).to.equal(owing);
    },
  },
  {
    page: 'docs/guides/passport-openidconnect.md',
    heading: 'Express app with passport-openidconnect',
    attack: 'a password alone at the provider, an old sign-in, a token of another provider, audience or browser',
    async holds(block) {
      const provider = await openProvider();
      class ByLoopback extends OpenIDConnectStrategy {
        constructor(given: OpenIDConnectStrategy.StrategyOptions, verify: OpenIDConnectStrategy.VerifyFunction) {
          super({ ...given, tokenURL: `${provider.url}/token` }, verify);
        }
      }
      const site = await openSample(block, {
        as: 'before',
        realTime: true,
        guard: { anonymous: 'refuse' },
        options: believed(issuer, { amr: ['mfa'], maxAgeSeconds: 3600 }),
        modules: { 'passport-openidconnect': ByLoopback },
        around: { process: { env: { CLIENT_ID: 'acme', CLIENT_SECRET: appSecret } } },
      });
      const come = async (more: object, browser = new Browser(site), asked = browser) => {
        const led = await asked.agent.get('/login').expect(302);
        const { searchParams } = new URL(led.headers['location'] ?? '');
        expect(searchParams.get('max_age')).to.equal('28800');
        const now = Math.floor(Date.now() / 1000);
        const whose = { iss: issuer, aud: 'acme', sub: 'ada', nonce: searchParams.get('nonce') };
        const claims = { ...whose, iat: now, exp: now + 300, auth_time: now, amr: ['pwd', 'mfa'], ...more };
        const code = Buffer.from(JSON.stringify(claims)).toString('base64url');
        await browser.agent.get('/login/callback').query({ code, state: searchParams.get('state') ?? '' });
        return stands(browser);
      };
      try {
        const now = Math.floor(Date.now() / 1000);
        for (const said of [{ amr: ['pwd'] }, { amr: undefined }, { auth_time: now - 7200 }])
          expect(await come(said), JSON.stringify(said)).to.equal(owing);
        for (const wrong of [{ iss: 'https://evil.example' }, { aud: 'evil' }, { nonce: 'x' }, { sub: 'nobody' }])
          expect(await come(wrong), JSON.stringify(wrong)).to.equal(nobody);
        expect(await come({}, new Browser(site), new Browser(site))).to.equal(nobody);
        expect(await come({})).to.equal(200);
      } finally {
        provider.close();
      }
    },
  },
  {
    page: 'docs/guides/passport-saml.md',
    heading: 'Express app with passport-saml',
    attack: 'a password alone at the provider, an old sign-in, an answer that was changed, an unknown subject',
    async holds(block) {
      const partner = 'https://idp.partner.example';
      const site = await openSample(block, {
        as: 'before',
        realTime: true,
        guard: { anonymous: 'refuse' },
        options: believed(partner, { acr: [mfaClass], maxAgeSeconds: 3600 }),
        around: { process: { env: { IDP_CERT: publicPem } } },
      });
      const come = async (says: Says, change = (xml: string) => xml) => {
        const browser = new Browser(site);
        const xml = Buffer.from(samlAnswer('https://app.acme.example', '/login/saml', says), 'base64').toString();
        const SAMLResponse = Buffer.from(change(xml)).toString('base64');
        await browser.agent.post('/login/saml').type('form').send({ SAMLResponse });
        return stands(browser);
      };
      for (const says of [{ classRef: passwordClass }, { at: Date.now() - 7_200_000 }, { statements: 2 }])
        expect(await come(says)).to.equal(owing);
      expect(await come({ subject: 'nobody' })).to.equal(nobody);
      const better = (xml: string) => xml.replace(passwordClass, mfaClass);
      expect(await come({ classRef: passwordClass }, better)).to.equal(nobody);
      expect(await come({})).to.equal(200);
    },
  },
];
