// Log-outs of all kinds behind "Sign out" on our pages: those that lead on, those that answer for programs, and none at all.
import { expect } from 'chai';
import type { Express, RequestHandler } from 'express';
import { createMfa, totp, type MfaOptions } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { appSecret, testApp, type TestApp } from '../support/app.js';

const leave: (answer: RequestHandler) => (app: Express) => void = (answer) => (app) => {
  const end: RequestHandler = (req, _res, next) => {
    req.session.destroy(next);
  };
  app.all('/leave', end, answer);
};

const json: RequestHandler = (_req, res) => void res.json({ ok: true });
const text: RequestHandler = (_req, res) => void res.type('text').send('ok');
const empty: RequestHandler = (_req, res) => {
  res.sendStatus(204);
};
const redirect: RequestHandler = (_req, res) => res.cookie('flash', 'bye').redirect('/bye');
const page: RequestHandler = (_req, res) => void res.send('<h1>Good-bye</h1>');
const refusal: RequestHandler = (_req, res) => void res.status(403).json({ error: 'csrf' });

async function leaving(answer: RequestHandler | undefined, options: Partial<MfaOptions>, express: 4 | 5 = 5) {
  const app = await testApp({ ...options, host: { express, between: answer ? leave(answer) : () => undefined } });
  const ada = await new Browser(app).signIn('ada');
  await ada.enrollTotp();
  const left = await ada.submit(await ada.htmlGet('/mfa').expect(200), '/sign-out');
  return { app, ada, left };
}

async function isSignedIn(ada: Browser, app: TestApp): Promise<boolean> {
  const { body } = await ada.jsonGet('/account');
  await app.close();
  return body.account === 'ada';
}

describe('"Sign out" with `signOut.then`', () => {
  for (const version of [4, 5] as const)
    for (const method of ['POST', 'GET'] as const)
      for (const [what, answer] of Object.entries({ json, text, empty }))
        it(`leads on from a log-out by ${method} that answers ${what}, on Express ${version}`, async () => {
          const signOut = { method, path: '/leave', then: '/bye' };
          const { app, ada, left } = await leaving(answer, { signOut }, version);
          expect([left.status, left.headers.location, left.text]).to.deep.equal([303, '/bye', '']);
          expect(left.headers['content-type']).to.equal(undefined);
          expect(await isSignedIn(ada, app)).to.equal(false);
        });

  it('leads on where the host has no log-out at all, and ends what was proved', async () => {
    const { app, ada, left } = await leaving(undefined, {
      signOut: { path: '/leave', then: 'https://acme.example/bye' },
    });
    expect([left.status, left.headers.location]).to.deep.equal([303, 'https://acme.example/bye']);
    await ada.jsonGet('/account').expect(403);
    await app.close();
  });

  it('leaves alone what leads on by itself, its cookies too, a page, and a refusal', async () => {
    const signOut = { path: '/leave', then: '/elsewhere' };
    const led = await leaving(redirect, { signOut });
    expect([led.left.status, led.left.headers.location]).to.deep.equal([302, '/bye']);
    expect(String(led.left.headers['set-cookie'])).to.contain('flash=bye');
    expect(await isSignedIn(led.ada, led.app)).to.equal(false);
    const shown = await leaving(page, { signOut });
    expect([shown.left.status, shown.left.text]).to.deep.equal([200, '<h1>Good-bye</h1>']);
    await shown.app.close();
    const refused = await leaving(refusal, { signOut });
    expect([refused.left.status, refused.left.text]).to.deep.equal([403, '{"error":"csrf"}']);
    await refused.app.close();
  });

  it('reaches the log-out behind a proxy that strips a prefix', async () => {
    const signOut = { path: '/shop/leave', then: '/shop/bye' };
    const app = await testApp({ signOut, publicBasePath: '/shop/mfa', host: { between: leave(json) } });
    const ada = await new Browser(app).signIn('ada');
    await ada.enrollTotp();
    const within = await ada.form('/mfa/sign-out');
    expect([within.status, within.headers.location]).to.deep.equal([303, '/shop/bye']);
    expect(await isSignedIn(ada, app)).to.equal(false);
  });

  it('redirects a program to the log-out, as without it', async () => {
    const app = await testApp({ signOut: { path: '/leave', then: '/bye' }, host: { between: leave(json) } });
    const ada = await new Browser(app).signIn('ada');
    await ada.enrollTotp();
    const left = await ada.json('/mfa/sign-out');
    expect([left.status, left.headers.location]).to.deep.equal([307, '/leave']);
    await app.close();
  });

  it('must be a path or an address', () => {
    const start = (then: string) =>
      createMfa({ appName: 'Acme', secrets: [appSecret], factors: [totp()], user: () => null, signOut: { then } });
    for (const then of ['bye', '//evil.example', 'javascript:alert(1)'])
      expect(() => start(then))
        .to.throw('signOut.then')
        .with.property('code', 'config.invalid_option');
  });
});
