// Attack: a cookie or token that was issued before MFA was added, or by a way of signing in that forgets `signInId`, is
// taken for nobody's by the guard, and for its owner's by the routes.
// Rule: with `proofs: 'cookie'` and `'token'` whoever has no `signInId` signs in anew; `anonymous: 'pass'` is for nobody.
import { expect } from 'chai';
import express from 'express';
import { readMfa, type MfaOptions } from '../../src/index.js';
import { Browser, codeIn } from '../support/agent.js';
import { statelessApp, tokenFor } from '../support/stateless-app.js';
import { CookieBrowser } from '../support/stateless-app.js';

const old = tokenFor({ sub: 'ada' });

for (const version of [4, 5] as const)
  for (const proofs of ['cookie', 'token'] as const)
    describe(`somebody without signInId, with proofs in a ${proofs}, on Express ${version}`, () => {
      const headers = proofs === 'cookie' ? { Cookie: `jwt=${old}` } : { Authorization: `Bearer ${old}` };
      const open = (options: Partial<MfaOptions> = {}, guard = {}) =>
        statelessApp(proofs, {
          ...options,
          host: {
            express: version,
            guard,
            routes: (host, mfa) => {
              host.get('/login', (_req, res) => void res.send('the form'));
              host.post('/out', (req, res, next) => {
                mfa.signedOut(req).then(() => res.json({ out: true }), next);
              });
              host.get('/read', (req, res, next) => {
                readMfa(mfa, req).then((state) => res.json(state), next);
              });
            },
          },
        });

      it('is sent to sign in, and reaches nothing else', async () => {
        const app = await open({ policy: 'mandatory' });
        const thief = new Browser(app, headers);
        await thief.htmlGet('/account').expect(303).expect('Location', '/login');
        for (const path of ['/account', '/', '/mfa', '/mfa/setup/totp', '/read']) {
          const answer = await thief.jsonGet(path);
          expect([answer.status, codeIn(answer)], path).to.deep.equal([401, 'session.not_signed_in']);
        }
        await thief.htmlGet('/mfa').expect(303).expect('Location', '/login');
        await thief.post('/account').expect(401);
        expect((await thief.htmlGet('/login').expect(200)).text).to.equal('the form');
        expect(app.thrown).to.deep.equal([]);
      });

      it('can sign out, wherever that stands', async () => {
        const app = await open({ allow: ['/out', '/read'] });
        await new Browser(app, headers).postJson('/out').expect(200);
        const { body } = await new Browser(app, headers).jsonGet('/read').expect(200);
        expect(body).to.deep.equal({ passes: false, reason: 'session.not_signed_in' });
      });

      it('is not stopped by a guard that only reports, which tells', async () => {
        const app = await open({}, { mode: 'report' });
        await new Browser(app, headers).jsonGet('/account').expect(200);
        const told = app.events.filter(({ name }) => name === 'verification-required');
        expect(told.map(({ detail }) => detail?.['code'])).to.deep.equal(['session.not_signed_in']);
      });
    });

it('whoever signs in anew passes', async () => {
  const app = await statelessApp('cookie', { host: { before: (host) => void host.use('/none', express.json()) } });
  const person = await new CookieBrowser(app).enter('ada');
  await person.jsonGet('/account').expect(200);
});
