// Attack: two apps share one session, as a shop and its back office do: what is proved in one counts in the other, or undoes it.
// Rule: what a session may do is kept by the namespace of the app's store, and read by that app alone.
// Answer: each app asks for its own factor, once; neither gives nor takes anything of the other, ids renewed or not.
import { expect } from 'chai';
import express, { type Express } from 'express';
import session, { type Store } from 'express-session';
import { createMfa, mfaRouter, requireMfa, totp, type Mfa, type MfaOptions } from '../../src/index.js';
import { Browser, code } from '../support/agent.js';
import { appSecret, expressOf, hostData, testClock, type TestClock } from '../support/app.js';
import { patientStore } from '../support/patience.js';
import { freshNamespace, newRedis, removeNamespace } from '../support/redis.js';
import { serve, type Served } from '../support/serve.js';

const redisStores = [freshNamespace(), freshNamespace()];

for (const proofs of ['session', 'cookie'] as const)
  for (const version of [4, 5] as const)
    describe(`two apps in one session, proofs: '${proofs}', on Express ${version}`, () => {
      let redis: ReturnType<typeof newRedis>;
      let clock: TestClock;
      let site: Served;
      let apps: Mfa[];

      /** The host signs people in once for both, and each app has its own records in one Redis. */
      before(async () => {
        redis = newRedis();
        clock = testClock();
        const store: Store = new session.MemoryStore();
        const options = (namespace: string): MfaOptions => ({
          appName: 'Acme',
          secrets: [appSecret],
          store: patientStore(redis, { namespace, warn: () => undefined }),
          factors: [totp()],
          policy: 'no-prompt',
          user: (req) => {
            const { uid, signInId } = hostData(req) as { uid?: string; signInId?: string };
            return uid === undefined ? null : { id: uid, ...(proofs === 'cookie' && { signInId: signInId! }) };
          },
          proofs,
          clock,
          notify: () => undefined,
        });
        apps = redisStores.map((namespace, index) =>
          createMfa({ ...options(namespace), publicBasePath: `/app${index}/mfa` }),
        );
        const host = expressOf(version)();
        host.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false, store }));
        host.post('/login', express.json(), (req, res, next) => {
          req.session.regenerate((error) => {
            if (error) return next(error);
            Object.assign(req.session, req.body, { signInId: String(Math.random()) });
            res.json({});
          });
        });
        apps.forEach((mfa, index) => host.use(`/app${index}`, appOf(mfa, index, version)));
        host.get('/mine', (req, res) => void res.json(hostData(req)));
        // A page of both.
        host.get('/both', ...apps.map((mfa) => requireMfa(mfa)), (_req, res) => void res.json({ of: 'both' }));
        site = await serve(host, clock);
      });
      after(async () => {
        await site.close();
        for (const namespace of redisStores) await removeNamespace(redis, namespace);
        redis.disconnect();
      });

      const at = (index: number, browser: Browser) =>
        Object.assign(browser, { app: { ...site, base: `/app${index}/mfa` } });
      const ask = async (browser: Browser, path: string) => (await browser.jsonGet(path)).status;

      it('asks in each for its own factor, and keeps what the other was told', async () => {
        const uid = `ada-${proofs}-${version}`;
        const browser = new Browser({ ...site, base: '/app0/mfa' });
        await browser.signIn(uid);
        const secrets: string[] = [];
        for (const index of [0, 1]) secrets.push((await at(index, browser).enrollTotp()).secret);
        clock.advance(30);
        await browser.signIn(uid);
        const answers = async () => [
          await ask(browser, '/app0/page'),
          await ask(browser, '/app1/page'),
          await ask(browser, '/both'),
        ];
        expect(await answers()).to.deep.equal([403, 403, 403]);
        await at(0, browser).answer('totp', code(secrets[0]!, clock));
        expect(await answers(), 'one app gives the other nothing').to.deep.equal([200, 403, 403]);
        await at(1, browser).answer('totp', code(secrets[1]!, clock));
        expect(await answers(), 'nor takes anything').to.deep.equal([200, 200, 200]);
        clock.advance(30);
        await at(0, browser).answer('totp', code(secrets[0]!, clock));
        expect(await answers(), 'also where the session gets a new id').to.deep.equal([200, 200, 200]);
        await at(0, browser).json('/app0/mfa/sign-out');
        expect(await ask(browser, '/app0/page')).to.be.within(401, 403);
      });

      it('believes no proof of one app in the other, also where both have the same secret', async () => {
        const uid = `eve-${proofs}-${version}`;
        const browser = new Browser({ ...site, base: '/app0/mfa' });
        await browser.signIn(uid);
        const { secret } = await at(0, browser).enrollTotp();
        await apps[1]!.importTotp(uid, { secret });
        expect([await ask(browser, '/app0/page'), await ask(browser, '/app1/page')]).to.deep.equal([200, 403]);
        if (proofs === 'cookie') return;
        // Even where somebody moves it, who can write to the session.
        const { mfa } = (await browser.jsonGet('/mine').expect(200)).body as { mfa: { [namespace: string]: object } };
        const [own = '', other = ''] = redisStores;
        expect(mfa[own]).to.have.property('proofs').with.length(1);
        await browser.signIn(uid, { mfa: { [own]: mfa[own], [other]: mfa[own] } });
        expect([await ask(browser, '/app0/page'), await ask(browser, '/app1/page')]).to.deep.equal([200, 403]);
      });
    });

function appOf(mfa: Mfa, index: number, version: 4 | 5): Express {
  const app = expressOf(version)();
  app.use('/mfa', mfaRouter(mfa));
  app.use(requireMfa(mfa));
  app.get('/page', (_req, res) => void res.json({ of: index }));
  return app;
}
