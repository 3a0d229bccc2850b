// Samples of pages of the host's own: look, notices, Passport's strategies, backup codes, passkeys.
import { expect } from 'chai';
import express, { type Express } from 'express';
import * as adminApi from '../../../src/admin.js';
import { backupCodes, totp, webauthn } from '../../../src/index.js';
import { softAuthenticator } from '../../../src/testing.js';
import { Browser, code, wrongCode } from '../../support/agent.js';
import { keepsThiefOut, options, type Line } from '../sample-attacks.js';
import { openSample, ownerAndThief, type SampleSite } from '../sample-host.js';
import type { Block } from '../markdown.js';

const origin = 'https://app.acme.example';
const markup = '<script>alert(1)</script>';

/** A view engine that shows what it was told. */
function showFacts(app: Express): void {
  class View {
    readonly path: string;
    constructor(readonly name: string) {
      this.path = name;
    }
    render({ html, ...facts }: { html?: string }, done: (error: null, page: string) => void) {
      const { settings: _, cache: __, _locals: ___, ...told } = facts as { [name: string]: unknown };
      done(null, html ?? JSON.stringify(told));
    }
  }
  app.set('view', View);
}

const forms = (app: Express) => {
  showFacts(app);
  app.use(express.urlencoded({ extended: false }));
};

/** A look of one's own: a label that holds markup is shown as text. */
async function looks(block: Block): Promise<void> {
  const site = await options(block, { beforeSample: showFacts, options: { appName: `Acme ${markup}` } });
  site.rows.get('ada')!.email = `${markup}@example.com`;
  const thief = await new Browser(site).signIn('ada');
  const page = await thief.htmlGet('/mfa/verify/totp').expect(200);
  expect(page.text).not.to.include(markup);
  expect(page.headers['content-security-policy']).to.include("default-src 'none'");
  expect(page.headers['cache-control']).to.include('no-store');
}

/** Presents a passkey that is right, forged, and of an account that may not come in. */
async function takesNoOtherPasskey(site: SampleSite, question: string, answer: string): Promise<void> {
  const key = softAuthenticator();
  const owner = await new Browser(site, { Origin: origin }).signIn('ada');
  const begun = await owner.json('/mfa/setup/webauthn/begin');
  const made = await key.create(begun.body.options as never, { origin });
  expect((await owner.json('/mfa/setup/webauthn', { response: made })).status).to.equal(200);
  const present = async (lie: { breakSignature?: true; origin?: string } = {}) => {
    const person = new Browser(site, { Origin: origin });
    const { body } = await person.jsonGet(question).expect(200);
    const response = await key.get(body.options as never, { origin, ...lie });
    const headers = { 'X-CSRF-Token': body.csrfToken as string };
    await person.postJson(answer, { response, challenge: body.challenge as string }, headers);
    return (await person.jsonGet('/mfa')).status;
  };
  expect(await present({ breakSignature: true })).to.equal(401);
  expect(await present({ origin: 'https://evil.example' })).to.equal(401);
  site.rows.get('ada')!.active = false;
  expect(await present()).to.equal(401);
  site.rows.get('ada')!.active = true;
  expect(await present()).to.equal(200);
}

export const pages: Line[] = [
  {
    page: 'docs/administration.md',
    heading: 'The pages',
    attack: 'a visitor, the password of an administrator, somebody who is none, one who never proved a factor',
    async holds(block) {
      const site = await openSample(block, { as: 'behind', modules: { 'express-mfa/admin': adminApi } });
      site.rows.get('ada')!.role = site.rows.get('eve')!.role = 'admin';
      const people = '/admin/mfa/people';
      const statusOf = async (who: Browser) => (await who.jsonGet(people)).status;
      const { owner, thief } = await ownerAndThief(site);
      expect(await statusOf(owner)).to.equal(200);
      expect(await statusOf(thief)).to.equal(403);
      expect(await statusOf(new Browser(site))).to.be.within(401, 404);
      const { owner: tom } = await ownerAndThief(site, 'tom');
      expect(await statusOf(tom)).to.equal(404);
      expect(await statusOf(await new Browser(site).signIn('eve'))).to.be.within(401, 403);
    },
  },
  { page: 'docs/own-look.md', heading: 'Inside my own page', attack: 'markup in a label', holds: looks },
  { page: 'docs/own-look.md', heading: 'Inside my own page', nth: 2, attack: 'markup in a label', holds: looks },
  { page: 'docs/own-look.md', heading: 'In a Bootstrap layout', attack: 'markup in a label', holds: looks },
  { page: 'docs/own-look.md', heading: 'In a Tailwind layout', attack: 'markup in a label', holds: looks },
  {
    page: 'docs/own-look.md',
    heading: 'All of it, with my own engine',
    attack: 'a stolen password',
    async holds(block) {
      const site = await options(block, { beforeSample: showFacts });
      const thief = await new Browser(site).signIn('ada');
      const page = await thief.htmlGet('/mfa/verify/totp').expect(200);
      expect(page.text).to.include('csrfToken').and.not.include('secret');
      expect(page.headers['cache-control']).to.include('no-store');
    },
  },
  {
    page: 'docs/own-words.md',
    heading: 'Notices',
    attack: 'a stolen password; somebody who is gone',
    async holds(block) {
      const sent: { to: string; text: string }[] = [];
      const mailer = { send: async (message: (typeof sent)[number]) => void sent.push(message) };
      const site = await options(block, { around: { mailer } });
      await site.mfa.settled();
      expect(sent.map(({ to }) => to)).to.deep.equal(['ada@example.com']);
      expect(sent[0]?.text).to.match(/^factor-added, 2027-/);
      site.rows.delete('ada');
      await site.mfa.reset('ada', { by: 'support' });
      await site.mfa.settled();
      expect(sent).to.have.length(1);
    },
  },
  {
    page: 'docs/passport.md',
    heading: 'One strategy per factor',
    attack: 'a stolen password, a wrong code, a forged form, a code twice',
    async holds(block) {
      const site = await openSample(block, { as: 'before', beforeSample: forms });
      await keepsThiefOut(site);
      const { thief, secret } = await ownerAndThief(site, 'tom');
      const { token } = JSON.parse((await thief.jsonGet('/second-factor').expect(200)).text) as { token: string };
      site.clock.advance(30);
      const right = code(secret, site.clock);
      const send = async (who: Browser, fields: { code: string; _csrf?: string }) =>
        (await who.post('/second-factor', fields).expect(302)).headers['location'] as string;
      expect(await send(thief, { code: wrongCode(secret, site.clock), _csrf: token })).to.equal('/second-factor');
      expect(await send(thief, { code: right })).to.equal('/second-factor');
      expect(await send(new Browser(site), { code: right, _csrf: token })).to.equal('/second-factor');
      await thief.jsonGet('/account').expect(403);
      expect(await send(thief, { code: right, _csrf: token })).to.equal('/account');
      await thief.jsonGet('/account').expect(200);
      const again = await new Browser(site).signIn('tom');
      const own = JSON.parse((await again.jsonGet('/second-factor').expect(200)).text) as { token: string };
      expect(await send(again, { code: right, _csrf: own.token })).to.equal('/second-factor');
    },
  },
  {
    page: 'docs/passport.md',
    heading: 'Sign-in with a passkey, by Passport',
    attack: 'a forged answer, one of another site, an account that may not come in',
    holds: async (block) =>
      takesNoOtherPasskey(await openSample(block, { as: 'before', options: { origin } }), '/passkey', '/passkey'),
  },
  {
    page: 'docs/passport.md',
    heading: 'A backup code on a route of mine',
    attack: 'a wrong code, a forged form, a visitor, a code twice',
    async holds(block) {
      const factors = [totp(), webauthn(), backupCodes({ count: 5, lowAt: 2 })];
      const site = await openSample(block, { as: 'before', beforeSample: forms, options: { factors } });
      const { codes } = await (await new Browser(site).signIn('ada')).enrollTotp();
      const thief = await new Browser(site).signIn('ada');
      const open = async (who: Browser) =>
        (JSON.parse((await who.jsonGet('/lost-phone').expect(200)).text) as { csrfToken?: string }).csrfToken!;
      const _csrf = await open(thief);
      const statusOf = async (who: Browser, fields: { code: string; _csrf?: string }) =>
        (await who.post('/lost-phone', fields)).status;
      expect(await statusOf(thief, { code: 'aaaa-bbbb', _csrf })).to.be.within(400, 422);
      expect(await statusOf(thief, { code: codes[0]! })).to.equal(403);
      expect(await statusOf(new Browser(site), { code: codes[0]!, _csrf })).to.be.oneOf([401, 403]);
      await thief.jsonGet('/account').expect(403);
      expect(await statusOf(thief, { code: codes[0]!, _csrf })).to.equal(303);
      await thief.jsonGet('/account').expect(200);
      const again = await new Browser(site).signIn('ada');
      expect(await statusOf(again, { code: codes[0]!, _csrf: await open(again) })).to.be.within(400, 422);
    },
  },
  {
    page: 'docs/factors/webauthn.md',
    heading: 'Sign-in with a passkey alone',
    attack: 'a forged answer, one of another site, an account that may not come in',
    holds: async (block) =>
      takesNoOtherPasskey(
        await openSample(block, { as: 'before', options: { origin } }),
        '/mfa/passkey-sign-in',
        '/mfa/passkey-sign-in',
      ),
  },
];
