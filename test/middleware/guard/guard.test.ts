// The table of the guard, row by row: who asks, and what people, forms, programs and HTMX are answered. With both
// versions of Express.
import { expect } from 'chai';
import type { Response } from 'supertest';
import { memoryStore, requireMfa, totp } from '../../../src/index.js';
import { rawRecord, writeWithMac } from '../../support/raw-record.js';
import { Browser, code, codeIn, wrongCode } from '../../support/agent.js';
import { fewBackupCodes, testApp, type TestApp, type TestAppOptions } from '../../support/app.js';

type Answers = { html: Response; post: Response; json: Response; htmx: Response };

/** The same request as a page, a form, JSON and HTMX. */
async function ask(person: Browser, path = '/account'): Promise<Answers> {
  const json = await person.jsonGet(path);
  const htmx = await person.htmlGet(path, { 'HX-Request': 'true', Accept: '*/*' });
  const post = await person.post(path, { amount: '5' });
  return { html: await person.htmlGet(path), post, json, htmx };
}

function expectStopped(answers: Answers, at: { url: string; status: number; code: string }): void {
  const { html, post, json, htmx } = answers;
  expect(html.status, html.text).to.equal(303);
  expect(html.headers.location).to.equal(at.url);
  expect(post.status, post.text).to.equal(at.status);
  expect(post.type).to.equal('text/html');
  expect(post.text).to.include(`href="${at.url}"`);
  for (const each of [json, htmx]) {
    expect(each.status, each.text).to.equal(at.status);
    expect(each.type).to.equal('application/problem+json');
    expect(each.body).to.include({ code: at.code, status: at.status, url: at.url });
    expect(each.body.title).to.be.a('string').and.not.equal('');
    expect(each.body.type).to.match(new RegExp(`#${at.code}$`));
    expect(each.body.requestId).to.be.a('string').and.not.equal('');
  }
  expect(htmx.headers['hx-redirect']).to.equal(at.url);
  expect(json.headers).not.to.have.property('hx-redirect');
}

function expectPassed(answers: Answers): void {
  for (const [how, { status, body }] of Object.entries(answers)) {
    expect(status, how).to.equal(200);
    expect(body, how).to.have.property('account');
  }
}

for (const express of [5, 4] as const) {
  describe(`the guard on Express ${express}`, () => {
    const make = ({ host, ...options }: TestAppOptions = {}): Promise<TestApp> =>
      testApp({ ...options, host: { express, ...host } });

    it('refuses anonymous requests', async () => {
      const app = await make({ host: { guard: { anonymous: 'refuse' } } });
      expectStopped(await ask(new Browser(app)), { url: '/login', status: 401, code: 'session.not_signed_in' });
    });

    it('sends anonymous people to `signInUrl`', async () => {
      const app = await make({ signInUrl: '/in?from=mfa', host: { guard: { anonymous: 'refuse' } } });
      expect((await new Browser(app).htmlGet('/account')).headers.location).to.equal('/in?from=mfa');
    });

    it('lets anonymous requests pass to the host where it says so', async () => {
      expectPassed(await ask(new Browser(await make())));
    });

    it('stops whoever owes the second factor', async () => {
      const app = await make();
      const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
      const thief = await new Browser(app).signIn('ada');
      const answers = await ask(thief);
      const reason = 'session.mfa.require_mfa_verification';
      expectStopped(answers, { url: '/mfa/verify', status: 403, code: reason });
      expect(answers.json.body.availableFactors).to.deep.equal(['totp']);
      await thief.proveTotp(secret);
      expectPassed(await ask(thief));
    });

    it('stops whoever must enrol', async () => {
      const app = await make({ policy: 'mandatory' });
      const answers = await ask(await new Browser(app).signIn('ada'));
      expectStopped(answers, { url: '/mfa/setup', status: 403, code: 'user.missing_mfa' });
    });

    it('stops whoever must save backup codes', async () => {
      const app = await make({ factors: [totp(), fewBackupCodes()] });
      const person = await new Browser(app).signIn('ada');
      const { body } = await person.jsonGet('/mfa/setup/totp');
      await person.json('/mfa/setup/totp', { code: code(body.secret as string, app.clock) });
      const answers = await ask(person);
      expectStopped(answers, {
        url: '/mfa/backup-codes',
        status: 403,
        code: 'session.mfa.backup_code_required',
      });
      await person.saveCodes();
      expectPassed(await ask(person));
    });

    it('stops whoever is protected and has nothing left to answer with', async () => {
      const store = memoryStore();
      const app = await make({ store, factors: [totp(), fewBackupCodes()], lockout: { disableAfter: 1 } });
      const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
      const record = await rawRecord(app.mfa, 'ada');
      const authenticators = record.authenticators.filter(({ kind }) => kind === 'totp');
      await writeWithMac(app.mfa, 'ada', { ...record, authenticators });
      const person = await new Browser(app).signIn('ada');
      expect((await person.answer('totp', wrongCode(secret, app.clock))).status).to.equal(422);
      const reason = 'session.mfa.recovery_required';
      expectStopped(await ask(person), { url: '/mfa/recover', status: 403, code: reason });
    });

    it('asks for a step-up where the proof is too old', async () => {
      const app = await make({
        host: {
          routes: (host, mfa) =>
            host.all(
              '/transfer',
              requireMfa(mfa, { maxAgeSeconds: 300 }),
              (_req, res) => void res.json({ account: 1 }),
            ),
        },
      });
      const person = await new Browser(app).signIn('ada');
      const { secret } = await person.enrollTotp();
      expectPassed(await ask(person, '/transfer'));
      app.clock.advance(301);
      const answers = await ask(person, '/transfer');
      expectStopped(answers, { url: '/mfa/verify', status: 401, code: 'session.mfa.step_up_required' });
      expect(answers.json.body.stepUp).to.deep.equal({ why: 'expired', maxAgeSeconds: 300 });
      for (const each of Object.values(answers).slice(1)) {
        expect(each.headers['www-authenticate']).to.match(
          /^Bearer error="insufficient_user_authentication".*max_age=300/,
        );
      }
      await person.proveTotp(secret);
      expectPassed(await ask(person, '/transfer'));
    });

    it('suggests once per sign-in, and never to programs', async () => {
      const app = await make();
      const person = await new Browser(app).signIn('ada');
      for (const each of [await person.jsonGet('/account'), await person.post('/account')]) {
        expect(each.status).to.equal(200);
        expect(each.body.mfa.next).to.deep.equal({ step: 'suggest-mfa' });
      }
      await person.htmlGet('/account').expect(303).expect('Location', '/mfa/setup');
      await person.htmlGet('/account').expect(200);
      await person.signIn('ada');
      await person.htmlGet('/account').expect(303);
    });

    it('does not suggest to a picture, a frame or a prefetch of a script', async () => {
      const person = await new Browser(await make()).signIn('ada');
      for (const destination of ['image', 'script', 'iframe', 'empty'])
        await person.htmlGet('/account', { 'Sec-Fetch-Dest': destination }).expect(200);
    });

    it('lets those pass who owe nothing, and gives them no session of ours', async () => {
      const app = await make({ policy: 'no-prompt' });
      const person = await new Browser(app).signIn('ada');
      const answers = await ask(person);
      expectPassed(answers);
      expect(answers.json.body.mfa).to.deep.equal({ state: 'none', proofs: [], amr: [], next: { step: 'nothing' } });
      for (const each of Object.values(answers)) expect(each.headers).not.to.have.property('set-cookie');
    });

    it('tells the host what was proved', async () => {
      const app = await make();
      const person = await new Browser(app).signIn('ada');
      await person.enrollTotp();
      const { mfa } = (await person.jsonGet('/account')).body;
      expect(mfa.state).to.equal('elevated');
      expect(mfa.amr).to.deep.equal(['otp', 'mfa']);
      expect(mfa.proofs).to.have.length(1);
      expect(mfa.proofs[0]).to.include({ kind: 'totp', at: app.clock.seconds, userVerified: false });
    });

    it('treats `*/*` as a program', async () => {
      const app = await make({ policy: 'mandatory' });
      const person = await new Browser(app).signIn('ada');
      const answer = await person.agent.get('/account').set('Accept', '*/*');
      expect(codeIn(answer)).to.equal('user.missing_mfa');
      const none = await person.agent.get('/account').unset('Accept');
      expect(codeIn(none)).to.equal('user.missing_mfa');
      const prefersJson = await person.agent.get('/account').set('Accept', 'text/html;q=0.5, application/json');
      expect(codeIn(prefersJson)).to.equal('user.missing_mfa');
    });
  });
}
