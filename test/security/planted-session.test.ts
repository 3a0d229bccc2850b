// Attack: the attacker plants a session id of theirs (or a cookie of ours) in the victim's browser, the host keeps it at
// log-in, and the attacker waits until the session may do more: by a proof, a trusted browser, a sign-up, a confirmation.
// Rule: every change of what a session may do gives it a new id. Answer: the planted one is worth what it was.
import { expect } from 'chai';
import { keepSignIn } from '../../middleware/sign-in/session.js';
import { verifyBackupCode } from '../../src/index.js';
import type { Response } from 'supertest';
import { Browser, code } from '../support/agent.js';
import type { TestApp } from '../support/app.js';
import { codesApp, known, type CodesApp, type CodesOptions } from '../support/codes.js';
import { statelessApp, tokenFor } from '../support/stateless-app.js';

type Way = {
  options?: CodesOptions;
  /** Before the victim's browser is met with a planted id. */
  before?: (app: CodesApp) => Promise<{ secret: string; codes: string[]; cookies: string }>;
  act: (app: CodesApp, victim: Browser, had: { secret: string; codes: string[] }) => Promise<unknown>;
  /** The victim signs up instead of signing in. */
  signsUp?: true;
};

/** Somebody with an app and codes, in another browser, which they trust. */
async function protectedPerson(app: CodesApp) {
  const first = await new Browser(app).signIn('ada');
  const had = await first.enrollTotp();
  const browser = await new Browser(app).signIn('ada');
  app.clock.advance(30);
  const answer = await browser.json('/mfa/verify/totp', { code: code(had.secret, app.clock), trustBrowser: 'yes' });
  expect(answer.status, answer.text).to.equal(200);
  return { ...had, cookies: browser.cookies };
}

const confirmed: CodesOptions = { people: { ada: known('email') } };
const ok = (status: number) => expect(status).to.equal(200);

const ways: { [name: string]: Way } = {
  'an answer': { before: protectedPerson, act: (_app, victim, { secret }) => victim.proveTotp(secret) },
  'a backup code': {
    before: protectedPerson,
    act: async (_app, victim, { codes }) => ok((await victim.answer('backup-codes', codes[0])).status),
  },
  "an answer on a route of the host's": {
    options: {
      host: { between: (app, mfa) => app.post('/codes', verifyBackupCode(mfa), (_req, res) => res.json({})) },
    },
    before: protectedPerson,
    act: async (_app, victim, { codes }) => ok((await victim.json('/codes', { code: codes[0] })).status),
  },
  'a trusted browser, at the guard': {
    before: protectedPerson,
    act: (_app, victim) => victim.jsonGet('/account').expect(200),
  },
  'a trusted browser, on our pages': {
    before: protectedPerson,
    act: (_app, victim) => victim.htmlGet('/mfa/verify').expect(303),
  },
  'a first enrolment': { act: (_app, victim) => victim.enrollTotp() },
  'an address bound at sign-up': { options: confirmed, signsUp: true, act: async () => undefined },
  'an address bound in set-up': {
    options: confirmed,
    act: async (_app, victim) =>
      ok((await victim.json('/mfa/setup/email/begin', { address: known('email').email })).status),
  },
  'the confirmation of a first enrolment': {
    options: { ...confirmed, autoBind: false },
    act: async (app, victim) => {
      ok((await victim.json('/mfa/setup/confirm/begin')).status);
      ok((await victim.json('/mfa/setup/confirm', { code: app.lastCode('email') })).status);
    },
  },
};

/** What may be sent to be taken for the victim: every cookie but those that only their browser was given. */
const planted = (cookies: string, names: RegExp) =>
  cookies
    .split('; ')
    .filter((cookie) => names.test(cookie))
    .join('; ');

for (const express of [5, 4] as const) {
  describe(`a planted session id, on Express ${express}`, () => {
    for (const [name, { options = {}, before, act, signsUp }] of Object.entries(ways)) {
      it(`gets no part in what the session may do after ${name}`, async () => {
        const app = await codesApp({
          factors: (made) => [made.totp, made.email, made.backupCodes],
          trustBrowser: { days: 30 },
          ...options,
          host: { ...options.host, express, keepsSession: true },
        });
        const had = (await before?.(app)) ?? { secret: '', codes: [], cookies: '' };
        const attacker = await new Browser(app).signIn('mallory');
        const victim = new Browser(app);
        for (const cookie of [attacker.cookies, planted(had.cookies, /trust/)].filter(Boolean))
          victim.agent.jar.setCookie(`${cookie}; path=/`, new URL(app.url).hostname, '/');
        const id = victim.sessionCookie;
        expect(id).to.equal(attacker.sessionCookie);
        if (signsUp) await victim.agent.post('/signup').send({ uid: 'ada' }).expect(200);
        else await victim.signIn('ada');

        await act(app, victim, had);

        expect(victim.sessionCookie).not.to.equal(id);
        expect((await victim.jsonGet('/mfa').expect(200)).body.state).to.be.a('string');
        expect((await attacker.jsonGet('/account')).body.account, 'the planted id').to.equal(null);
        await attacker.jsonGet('/mfa/setup/totp').expect(401);
      });
    }
  });
}

/** A sign-in of ada's without a server session, in a browser or by a program that sends what it was given last. */
class Stateless {
  readonly browser: Browser;
  token = '';
  constructor(
    readonly app: CodesApp | TestApp,
    readonly proofs: 'cookie' | 'token',
    sid: string,
  ) {
    const jwt = tokenFor({ sub: 'ada', sid });
    this.browser = new Browser(app, proofs === 'token' ? { Authorization: `Bearer ${jwt}` } : {});
    if (proofs === 'cookie') this.browser.agent.jar.setCookie(`jwt=${jwt}`, new URL(app.url).hostname, '/');
  }

  async send(path: string, body?: object, csrf = ''): Promise<Response> {
    const given = {
      'X-CSRF-Token': csrf,
      ...(this.proofs === 'token' && this.token ? { 'X-MFA-Token': this.token } : {}),
    };
    const answer = await (body ? this.browser.postJson(path, body, given) : this.browser.jsonGet(path, given));
    const next = answer.headers['x-mfa-token'];
    this.token = next ?? (/mfa-proofs-[^=]+=([^;]*)/.exec(this.browser.cookies)?.[1] || this.token);
    return answer;
  }

  /** Sends with an id known from elsewhere, and the victim's own way of signing in. */
  async with(token: string, path: string): Promise<Response> {
    if (this.proofs === 'token') return this.browser.jsonGet(path, { 'X-MFA-Token': token });
    return new Browser(this.app, {
      Cookie: this.browser.cookies.replace(/(mfa-proofs-[^=]+=)[^;]*/, `$1${token}`),
    }).jsonGet(path);
  }
}

describe('a planted cookie or token of ours', () => {
  for (const proofs of ['cookie', 'token'] as const) {
    it(`is worth what it was after an enrolment and an answer, with proofs: '${proofs}'`, async () => {
      const app = await statelessApp(proofs);
      const first = new Stateless(app, proofs, 's');
      const begun = (await first.send('/mfa')).body;
      const planted = first.token;
      expect(planted).to.match(/^[\w-]{43}$/);
      const { secret } = (await first.send('/mfa/setup/totp', undefined, begun.csrfToken)).body;
      ok((await first.send('/mfa/setup/totp', { code: code(secret, app.clock) }, begun.csrfToken)).status);
      expect(first.token).not.to.equal(planted);
      expect((await first.with(planted, '/account')).status).to.equal(403);

      const second = new Stateless(app, proofs, 't');
      const owed = (await second.send('/mfa')).body;
      const known = second.token;
      app.clock.advance(30);
      ok((await second.send('/mfa/verify/totp', { code: code(secret, app.clock) }, owed.csrfToken)).status);
      expect((await second.send('/account')).status).to.equal(200);
      expect(second.token).not.to.equal(known);
      expect((await second.with(known, '/account')).status).to.equal(403);
    });
  }
});

describe('keeping a sign-in', () => {
  it('refuses one that may do something else than before', () => {
    const signIn = { userId: 'ada', flowId: 'f', startedAt: 1, moment: 'sign-in', proofs: [], csrf: 'c' } as const;
    const session = { cookie: {}, regenerate: () => undefined, save: () => undefined, mfa: { default: signIn } };
    const keep = (more: object) =>
      keepSignIn({ kernel: { store: {} } } as never, { session } as never, { ...signIn, proofs: [], ...more });
    const proof = { kind: 'totp', authenticatorId: 'a', at: 1, userVerified: false };
    keep({ returnTo: '/there' });
    for (const more of [{ proofs: [proof] }, { trusted: 'b' }, { firstEnrollmentConfirmedAt: 1 }])
      expect(() => keep(more)).to.throw('renewSignIn');
    expect(session.mfa.default).to.include({ returnTo: '/there' });
  });
});
