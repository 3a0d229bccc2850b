// What hosts do to every answer: policies of their own, layouts around `res.render`, locals that nobody may write. Our
// pages stand by themselves, and the host's stay as they were, to the byte, for whoever has no second factor.
import { expect } from 'chai';
import express, { type Express } from 'express';
import type { Response } from 'supertest';
import { mfaRouter, requireMfa, type Mfa } from '../../src/index.js';
import { Browser } from '../support/agent.js';
import { expressOf, hostData } from '../support/app.js';
import { mfaFor, serve, mountSignIn } from '../support/serve.js';

const hostPolicy = "default-src 'self'; script-src 'self' 'nonce-abc'";

/** Renders into its layout whatever is rendered, and throws at once for a view it does not know. */
function awkward(app: Express): void {
  app.use((_req, res, next) => {
    res.setHeader('Content-Security-Policy', hostPolicy);
    res.setHeader('Access-Control-Allow-Origin', '*');
    Object.defineProperty(res.locals, 'user', { get: () => 'host', enumerable: true });
    for (const name of ['title', 'error', 'messages', 'csrfToken'])
      Object.defineProperty(res.locals, name, { get: () => `host's ${name}`, enumerable: true });
    Object.freeze(res.locals);
    res.render = (view: string) => {
      if (view !== 'known') throw new Error(`no view ${view}`);
      res.send(`<html><body class="layout">${view}</body></html>`);
    };
    next();
  });
}

function hostOf(mfa: Mfa | undefined, own: typeof express = express): Express {
  const app = own();
  mountSignIn(app);
  awkward(app);
  if (mfa) {
    app.use('/mfa', mfaRouter(mfa));
    app.use(requireMfa(mfa, { anonymous: 'pass' }));
  }
  app.get('/', (_req, res) => res.render('known'));
  app.get('/data', (req, res) => void res.json({ uid: hostData(req).uid ?? null, locals: res.locals }));
  app.post('/form', own.urlencoded({ extended: true }), (req, res) => void res.json(req.body));
  app.get('/stream', (_req, res) => {
    res.write('one ');
    res.end('two');
  });
  return app;
}

/** All that a browser sees, but the clock and random ids. */
function seen({ status, headers, text }: Response) {
  const { date: _date, 'set-cookie': cookies, ...rest } = headers as { [name: string]: unknown };
  return { status, text, headers: rest, cookies: String(cookies).replace(/=s%3A[^;]+/g, '=id') };
}

describe("a host's own pages", () => {
  for (const [name, own] of [
    ['5', express],
    ['4', expressOf(4)],
  ] as const)
    it(`are the same to the byte with us, for whoever has no second factor, on Express ${name}`, async () => {
      const { mfa, clock } = mfaFor();
      const [bare, safe] = [await serve(hostOf(undefined, own), clock), await serve(hostOf(mfa, own), clock)];
      const told = await Promise.all(
        [bare, safe].map(async (served) => {
          const person = new Browser(served);
          const answers = [await person.htmlGet('/'), await person.jsonGet('/data'), await person.htmlGet('/none')];
          answers.push(await person.agent.post('/login').send({ uid: 'ada' }));
          answers.push(await person.htmlGet('/'), await person.jsonGet('/data'), await person.htmlGet('/stream'));
          answers.push(await person.post('/form', { a: 'b' }), await person.agent.put('/form').send({ a: 1 }));
          return answers.map(seen);
        }),
      );
      expect(told[1]).to.deep.equal(told[0]);
      expect(told[0]!.map(({ status }) => status)).to.deep.equal([200, 200, 404, 200, 200, 200, 200, 200, 404]);
      await Promise.all([bare.close(), safe.close()]);
    });

  it('keep the headers of the host, while ours have their own, and no way in from other sites', async () => {
    const { mfa, clock } = mfaFor();
    const served = await serve(hostOf(mfa), clock);
    const person = await new Browser(served).signIn('ada');
    await person.enrollTotp();
    for (const path of ['/mfa', '/mfa/setup']) {
      const { headers, text } = await person.htmlGet(path);
      expect(headers['content-security-policy']).to.include("default-src 'none'").and.not.include('nonce-abc');
      expect(headers).not.to.have.property('access-control-allow-origin');
      expect(text).to.not.include("host's ").and.not.include('class="layout"');
    }
    const own = await person.htmlGet('/').expect(200);
    expect(own.headers['content-security-policy']).to.equal(hostPolicy);
    expect(own.headers['access-control-allow-origin']).to.equal('*');
    await served.close();
  });

  it("take the host's nonce on our pages, where its policy cannot be replaced", async () => {
    const { mfa, clock } = mfaFor({ nonce: () => 'abc' });
    const served = await serve(hostOf(mfa), clock);
    const page = await (await new Browser(served).signIn('ada')).htmlGet('/mfa/setup/totp').expect(200);
    expect(page.headers['content-security-policy']).to.include("'nonce-abc'");
    for (const [tag] of page.text.matchAll(/<(script|link rel="stylesheet")[^>]*>/g))
      expect(tag).to.include('nonce="abc"');
    expect(page.text).to.match(/nonce="abc"/);
    await served.close();
  });
});
