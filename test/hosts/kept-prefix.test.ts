// An app that is kept under a prefix, or whose proxy strips one: who asked for no page in particular ends in the app, and
// not at the root of the site, which is another one's.
import { expect } from 'chai';
import express from 'express';
import { mfaRouter, requireMfa, type MfaOptions } from '../../src/index.js';
import { Browser, formsOf } from '../support/agent.js';
import { mfaFor, serve, type Served, mountSignIn } from '../support/serve.js';

/** @param at where the app is to itself; the browser sees `publicBasePath` */
async function hostAt(at: string, options: Partial<MfaOptions>): Promise<Served> {
  const { mfa, clock } = mfaFor({ policy: 'prompt-at-sign-in-and-sign-up', ...options });
  const app = express();
  mountSignIn(app);
  app.use(`${at}/mfa`, mfaRouter(mfa));
  app.use(requireMfa(mfa, { anonymous: 'pass' }));
  app.get(`${at}/account`, (_req, res) => void res.send('account'));
  return serve(app, clock, `${at}/mfa`);
}

const cases: [what: string, at: string, options: Partial<MfaOptions>, start: string][] = [
  ['kept under a prefix', '/app', { publicBasePath: '/app/mfa' }, '/app/'],
  ['whose proxy strips a prefix', '', { publicBasePath: '/shop/mfa' }, '/shop/'],
  [
    'under a prefix with a start of its own',
    '/app',
    { publicBasePath: '/app/mfa', brand: { home: '/app/me' } },
    '/app/me',
  ],
  ['at the root', '', {}, '/'],
];

for (const [what, at, options, start] of cases)
  describe(`an app ${what}`, () => {
    let served: Served;
    before(async () => {
      served = await hostAt(at, options);
    });
    after(() => served.close());

    it(`leads "Not now" to ${start} where no page was asked for`, async () => {
      const person = await new Browser(served).signIn('ada');
      const skipped = await person.form(`${served.base}/setup/skip`);
      expect([skipped.status, skipped.headers.location]).to.deep.equal([303, start]);
    });

    it(`tells a program that signs in ${start} as \`next.url\`, and links it from the app's name`, async () => {
      const { secret } = await (await new Browser(served).signIn('ada')).enrollTotp();
      const person = await new Browser(served).signIn('ada');
      expect((await person.proveTotp(secret)).body).to.deep.equal({ next: { step: 'done', url: start } });
      const page = await person.htmlGet(served.base).expect(200);
      expect(page.text).to.contain(`<a href="${start}">Acme</a>`);
      expect(formsOf(page.text)).not.to.have.length(0);
    });
  });
