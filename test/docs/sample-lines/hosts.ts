// Samples of hosts of one kind: Passport, no server session, a CSRF check of their own, a column with secrets.
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import express, { type Request, type RequestHandler } from 'express';
import { totpCode } from '../../../src/testing.js';
import { Browser, code, codeIn, formsOf } from '../../support/agent.js';
import { keepsThiefOut, options, type Line } from '../sample-attacks.js';
import { openSample, ownerAndThief, type SampleSite } from '../sample-host.js';
import { paste } from '../pasted.js';

type Session = { userId?: string; signInId?: string; csrf?: string };
const sessionOf = (req: Request) => (req as unknown as { session: Session }).session;

/** Stands before everything that the sample mounts, as csurf and lusca do: tells the token first, then refuses. */
const csurf: RequestHandler = (req, res, next) => {
  Object.assign(req, { csrfToken: () => (sessionOf(req).csrf ??= randomUUID()) });
  const sent = req.get('X-CSRF-Token') ?? (req.body as { _csrf?: unknown } | undefined)?._csrf;
  if (req.method === 'GET' || (sent !== undefined && sent === sessionOf(req).csrf)) next();
  else res.status(403).send('bad token');
};

/** Forms of another site, in the browser of somebody who is elevated, or only half signed in. */
async function refusesForgeries(site: SampleSite): Promise<void> {
  const { owner, thief } = await ownerAndThief(site, 'tom');
  const foreign = await new Browser(site).signIn('eve');
  const others = await foreign.csrf();
  for (const person of [owner, thief]) {
    for (const fields of [{}, { _csrf: '' }, { _csrf: 'undefined' }, { _csrf: others }, { _csrf: [others, ''] }])
      expect((await person.post('/mfa/preferences', { signInStep: 'off', ...fields })).status).to.equal(403);
    expect((await person.agent.post('/mfa/preferences').set('Origin', site.url)).status).to.equal(403);
    await person.postJson('/mfa/preferences', { _csrf: { toString: 'x' } }).expect(403);
  }
  const page = await owner.htmlGet('/mfa').expect(200);
  const { _csrf } = formsOf(page.text).find(({ action }) => action.endsWith('/sign-out'))!.fields;
  expect(_csrf).to.be.a('string').and.not.equal('');
  await owner.post('/mfa/preferences', { _csrf: _csrf!, resetPrompts: 'yes' }).expect(303);
}

export const hosts: Line[] = [
  {
    page: 'docs/guides/passport-local.md',
    heading: 'Add MFA to an app with Passport local',
    attack: 'a stolen password in its form, and again in a session that is signed in already',
    async holds(block) {
      const parse = express.urlencoded({ extended: false });
      const site = await openSample(block, { as: 'whole', beforeSample: (app) => app.use(parse) });
      await keepsThiefOut(site);
      const thief = await new Browser(site).signIn('eve');
      await thief.post('/login', { username: 'ada', password: 'stolen' }).expect(302);
      await thief.jsonGet('/account').expect(403);
    },
  },
  {
    page: 'docs/migrate-a-totp-column.md',
    heading: 'I have a speakeasy or otplib column',
    attack: 'one secret that is too short; the loop run again after a removal and a reset',
    async holds(block) {
      const site = await openSample({ ...block, code: '' }, { as: 'behind' });
      const secrets = { ada: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', eve: 'ABCD', tom: 'KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU' };
      async function* all() {
        for (const [id, totpSecret] of Object.entries(secrets)) yield await Promise.resolve({ id, totpSecret });
      }
      const said: string[] = [];
      const log = (...words: unknown[]) => said.push(words.join(' ').trim());
      const run = () => paste(block, { mfa: site.mfa, users: { all }, console: { log, error: log } });
      await run();
      expect(said[0]).to.equal('ada imported');
      expect(said[1]).to.match(/^eve NOT IMPORTED/);
      expect(said[2]).to.equal('tom imported');
      const ada = await new Browser(site).signIn('ada');
      await ada.jsonGet('/account').expect(403);
      const proved = await ada.answer('totp', totpCode(secrets.ada, { clock: site.clock }));
      expect(proved.status).to.equal(200);
      const own = ((await ada.jsonGet('/mfa')).body as { authenticators: { id: string }[] }).authenticators[0];
      expect((await ada.json(`/mfa/authenticators/${own!.id}/remove`, { confirmed: 'yes' })).status).to.equal(200);
      await site.mfa.reset('tom', { by: 'support', reason: 'stolen phone' });
      await run();
      expect([said[3], said[5]]).to.deep.equal(['ada spent', 'tom spent']);
      for (const id of ['ada', 'tom']) expect((await site.mfa.status(id))?.protected, id).to.equal(false);
    },
  },
  {
    page: 'docs/options.md',
    heading: 'user',
    attack: 'a stolen password',
    holds: (block) => options(block),
  },
  {
    page: 'docs/options.md',
    heading: 'user',
    nth: 2,
    attack: 'a stolen token; one that is wrong, at the log-in too',
    async holds(block) {
      const verifyToken = async (token: string) => {
        if (!token.startsWith('of-')) throw new Error('invalid signature');
        return { sub: token.slice(3), jti: 'j1' };
      };
      const site = await openSample(block, { as: 'before', guard: { anonymous: 'refuse' }, around: { verifyToken } });
      const bearer = { Authorization: 'Bearer of-ada' };
      await new Browser(site, bearer).enrollTotp();
      await new Browser(site, bearer).jsonGet('/account').expect(403);
      const wrong = new Browser(site, { Authorization: 'Bearer forged' });
      expect(codeIn(await wrong.jsonGet('/account').expect(401))).to.equal('session.not_signed_in');
      await wrong.signIn('ada');
    },
  },
  {
    page: 'docs/options.md',
    heading: 'csrf',
    attack: 'forged forms: without a token, with an empty one, with that of another session, without a body',
    holds: async (block) => refusesForgeries(await options(block)),
  },
  {
    page: 'docs/options.md',
    heading: 'csrf',
    nth: 2,
    attack: 'forged forms, behind a check such as csurf and lusca, and where that is off in development',
    async holds(block) {
      for (const check of [[csurf], []])
        await refusesForgeries(
          await options(block, {
            beforeSample: (app) => app.use(express.urlencoded({ extended: false }), express.json(), ...check),
          }),
        );
    },
  },
  {
    page: 'docs/guides/public-routes.md',
    heading: 'Before the guard',
    attack: 'a stolen password, and a wrong key',
    async holds(block) {
      const site = await openSample(block, { as: 'unguarded' });
      await keepsThiefOut(site);
      const thief = await new Browser(site).signIn('ada');
      for (const path of ['/r/1', '/api/prices']) await thief.jsonGet(path).expect(200);
      await thief.postJson('/hooks/shop').expect(401);
      await thief.postJson('/hooks/shop', {}, { 'X-API-Key': 'right' }).expect(200);
    },
  },
  {
    page: 'docs/guides/public-routes.md',
    heading: 'Named in `allow`',
    attack: 'a stolen password, and paths that are more than what is named',
    async holds(block) {
      const site = await options(block);
      const { thief } = await ownerAndThief(site, 'tom');
      // Nothing of the sample's host stands there, so what passes is not found.
      for (const path of ['/r/1', '/api/prices']) await thief.jsonGet(path).expect(404);
      await thief.postJson('/hooks/shop').expect(404);
      for (const path of ['/r/1/2', '/r', '/api/prices/', '/hooks/shop', '/r/..%2faccount'])
        await thief.jsonGet(path).expect(403);
    },
  },
  {
    page: 'docs/without-a-session.md',
    heading: 'Without a server session',
    attack: 'a stolen password; a sign-in without an id',
    async holds(block) {
      const site = await options(block, {
        beforeSample: (app) =>
          app.use((req, _res, next) => {
            if (req.get('X-Before') !== undefined) delete sessionOf(req).signInId;
            next();
          }),
      });
      const old = await new Browser(site, { 'X-Before': 'yes' }).signIn('ada');
      expect((await old.jsonGet('/account').expect(401)).text).not.to.include('of the host');
    },
  },
  {
    page: 'docs/without-a-session.md',
    heading: 'A token that is renewed',
    attack: 'a stolen password whose token is renewed; a forged token; the proofs of another sign-in',
    async holds(block) {
      const tokens = new Map<string, object>();
      const signToken = (claims: object) => {
        const token = randomUUID();
        tokens.set(token, claims);
        return token;
      };
      const verifyToken = async (token: string) => {
        const claims = tokens.get(token);
        if (!claims) throw new Error('invalid signature');
        return claims;
      };
      const site = await openSample(block, { as: 'before', around: { signToken, verifyToken } });
      const bearing = (token: string, proofs = '') =>
        new Browser(site, { Authorization: `Bearer ${token}`, 'X-MFA-Token': proofs });
      const signIn = (sid: string) => signToken({ sub: 'ada', sid });
      const renewed = async (token: string) =>
        ((await bearing(token).postJson('/renew').expect(200)).body as { token: string }).token;
      const first = signIn('one');
      const begun = await bearing(first).jsonGet('/mfa/setup/totp').expect(200);
      const made = { code: code((begun.body as { secret: string }).secret, site.clock) };
      const enrolled = await bearing(first, begun.headers['x-mfa-token']).postJson('/mfa/setup/totp', made).expect(200);
      const as = (token: string, proofs = enrolled.headers['x-mfa-token']) => bearing(token, proofs);
      const next = await renewed(await renewed(first));
      await as(next).jsonGet('/account').expect(200);
      for (const token of [signIn('two'), await renewed(signIn('three'))])
        await as(token).jsonGet('/account').expect(403);
      await as(next, '').jsonGet('/account').expect(403);
      for (const forged of ['forged', '']) {
        await as(forged).postJson('/renew').expect(401);
        expect((await as(forged).jsonGet('/account')).text).not.to.include('"kind":"totp"');
      }
    },
  },
  {
    page: 'docs/without-a-session.md',
    heading: 'Without a server session',
    nth: 2,
    attack: 'the cookies of before a log-out, sent again',
    async holds(block) {
      const user = (req: Request) => {
        const { userId, signInId } = sessionOf(req);
        return userId !== undefined && signInId !== undefined ? { id: userId, signInId } : null;
      };
      const site = await openSample(block, { as: 'behind', options: { proofs: 'cookie', user } });
      const { owner } = await ownerAndThief(site);
      await owner.jsonGet('/account').expect(200);
      const stolen = new Browser(site, { Cookie: owner.cookies });
      await stolen.jsonGet('/account').expect(200);
      await owner.post('/logout').expect(303);
      await stolen.jsonGet('/account').expect(403);
    },
  },
];
