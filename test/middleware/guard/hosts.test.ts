// What real hosts do that breaks drop-in packages, and that works here: views of their own, locals that cannot be
// written, other mount points, proxies that strip a prefix, trailing slashes, routers mounted alone, Passport.
import { expect } from 'chai';
import passport from 'passport';
import { Strategy } from 'passport-local';
import { backupCodeRouter, mfaSetupRouter, mfaVerifyRouter, requireMfa, totp } from '../../../src/index.js';
import { Browser, code, formsOf } from '../../support/agent.js';
import { expressOf, fewBackupCodes, testApp, type HostOptions } from '../../support/app.js';
import { warningsOf } from '../../support/warnings.js';

for (const express of [5, 4] as const) {
  describe(`a host on Express ${express}`, () => {
    const make = (host: HostOptions = {}, options = {}) => testApp({ ...options, host: { ...host, express } });

    it('whose `res.render` and `res.locals` break whoever touches them', async () => {
      const app = await make({
        before: (host) => {
          host.set('views', ['/nowhere', '/neither']);
          host.use((_req, res, next) => {
            res.render = () => {
              throw new Error('this host has no view engine');
            };
            res.locals = Object.freeze({
              get user(): string {
                return 'read only';
              },
            });
            next();
          });
        },
      });
      const person = await new Browser(app).signIn('ada');
      await person.htmlGet('/mfa').expect(200);
      await person.htmlGet('/mfa/setup/totp').expect(200);
      await person.post('/mfa/setup/totp', { code: '1' }).expect(403);
    });

    it('that mounts us elsewhere', async () => {
      const app = await make({ base: '/security/second-step' }, { publicBasePath: '/security/second-step' });
      const person = await new Browser(app).signIn('ada');
      await person.htmlGet('/account').expect(303).expect('Location', '/security/second-step/setup');
      const page = await person.htmlGet('/security/second-step/setup/totp').expect(200);
      for (const { action } of formsOf(page.text)) expect(action).to.match(/^\/security\/second-step\//);
      for (const [, url] of page.text.matchAll(/(?:href|src)="(\/[^"]*)"/g)) expect(url).to.match(/^\/security\//);
      const { secret } = await person.enrollTotp();
      const again = await new Browser(app).signIn('ada');
      await again.htmlGet('/account').expect(303).expect('Location', '/security/second-step/verify');
      await again.proveTotp(secret);
      await again.htmlGet('/account').expect(200);
    });

    it('that mounts us elsewhere and does not say where is told, rather than leading people nowhere', async () => {
      const warned = await warningsOf(async () => {
        const app = await make({ base: '/security' }, {});
        const person = await new Browser(app).signIn('ada');
        await person.htmlGet('/account').expect(303).expect('Location', '/mfa/setup');
        const lost = await person.htmlGet('/mfa/setup').expect(500);
        expect(lost.body.code).to.equal('config.invalid_option');
        expect(String(app.thrown[0])).to.include('publicBasePath').and.include('/mfa');
        for (let times = 0; times < 2; times += 1) await person.htmlGet('/security/setup/totp').expect(200);
      });
      const told = warned.filter(({ message }) => message.includes("publicBasePath: '/security'"));
      expect(told).to.have.length(1);
    });

    it('behind a proxy that strips a prefix', async () => {
      const app = await make({}, { publicBasePath: '/shop/mfa/' });
      const person = await new Browser(app).signIn('ada');
      await person.htmlGet('/account').expect(303).expect('Location', '/shop/mfa/setup');
      const page = await person.htmlGet('/mfa/setup/totp').expect(200);
      for (const { action } of formsOf(page.text)) expect(action).to.match(/^\/shop\/mfa\//);
      expect((await person.jsonGet('/mfa')).body.next.url).to.equal('/shop/mfa/setup');
    });

    it('behind a proxy that strips a prefix, to which people come back', async () => {
      const signOut = { method: 'POST', path: '/shop/account/leave' } as const;
      const app = await make({}, { publicBasePath: '/shop/mfa', signOut });
      const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
      const person = await new Browser(app).signIn('ada');
      await person.htmlGet('/account?x=1').expect(303).expect('Location', '/shop/mfa/verify');
      await person.post('/account/leave').expect(200);
      for (const other of ['/leave', '/account/', '/account', '/mfa/account/leave']) {
        expect((await person.post(other)).status, other).to.be.oneOf([403, 404]);
      }
      app.clock.advance(30);
      const page = await person.htmlGet('/mfa/verify/totp').expect(200);
      const typed = { code: code(secret, app.clock) };
      await person
        .post('/mfa/verify/totp', { ...formsOf(page.text)[0]!.fields, ...typed })
        .expect(303)
        .expect('Location', '/shop/account?x=1');
    });

    it('with a trailing slash, which redirects nowhere', async () => {
      const app = await make();
      const person = await new Browser(app).signIn('ada');
      for (const path of ['/mfa', '/mfa/', '/mfa?x=1', '/mfa/setup/totp/']) await person.htmlGet(path).expect(200);
      const strict = await make({ before: (host) => host.enable('strict routing') });
      const other = await new Browser(strict).signIn('ada');
      for (const path of ['/mfa', '/mfa/']) await other.htmlGet(path).expect(200);
    });

    it('that mounts each router alone, at one base', async () => {
      const app = await make(
        {
          base: '/unused',
          guard: false,
          between: (host, mfa) => {
            host.use('/mfa', mfaVerifyRouter(mfa), mfaSetupRouter(mfa), backupCodeRouter(mfa));
            host.use('/account', requireMfa(mfa));
          },
        },
        { factors: [totp(), fewBackupCodes()] },
      );
      const person = await new Browser(app).signIn('ada');
      const token = (await person.jsonGet('/mfa/setup')).body.csrfToken as string;
      const secret = (await person.jsonGet('/mfa/setup/totp')).body.secret as string;
      const { text } = await person.htmlGet('/mfa/setup/totp').expect(200);
      await person.htmlGet(/href="([^"]+\.css[^"]*)"/.exec(text)![1]!).expect(200);
      await person.post('/mfa/setup/totp', { _csrf: token, code: code(secret, app.clock) }).expect(303);
      await person.htmlGet('/account').expect(303).expect('Location', '/mfa/backup-codes');
      const page = await person.htmlGet('/mfa/backup-codes').expect(200);
      await person.submit(page, '/confirm', { saved: 'yes' }).expect(303);
      const last = await person.htmlGet('/mfa/backup-codes').expect(200);
      await person.htmlGet('/account').expect(200);
      await person.submit(last, '/mfa/sign-out').expect(307).expect('Location', '/logout');
      await new Browser(app).htmlGet('/account').expect(303).expect('Location', '/login');
    });

    it('with a catch-all route after us', async () => {
      const app = await make({ routes: (host) => host.get(/.*/, (req, res) => void res.status(404).send(req.path)) });
      const person = await new Browser(app).signIn('ada');
      await person.htmlGet('/mfa/setup/totp').expect(200);
      await person.htmlGet('/mfa/assets/none.css').expect(404);
    });

    it('that renders with its own engine, or wraps us in its own layout', async () => {
      const rendering = await make(
        {},
        { render: (_req: never, res: { json(m: object): void }, view: string) => res.json({ view }) },
      );
      const one = await new Browser(rendering).signIn('ada');
      expect((await one.htmlGet('/mfa/setup/totp').expect(200)).body).to.deep.equal({ view: 'setup/totp' });
      const wrapping = await make(
        {},
        { layout: (html: string) => Promise.resolve(`<body class="host">${html}</body>`) },
      );
      const two = await new Browser(wrapping).signIn('ada');
      expect((await two.htmlGet('/mfa/setup/totp').expect(200)).text).to.match(/^<body class="host">.*<form/s);
    });
  });
}

describe('a host with Passport', () => {
  it('signs in by passport-local and keeps its user over the elevation', async () => {
    const users = new Map([[7, { id: 7, email: 'ada@example.com' }]]);
    const app = await testApp({
      user: (req) => {
        const user = req.user as unknown as { id: number; email: string } | undefined;
        return user ? { id: user.id, email: user.email } : null;
      },
      host: {
        between: (host) => {
          const local = new passport.Passport();
          local.use(new Strategy((name, _password, done) => done(null, (name === 'ada' && users.get(7)) as never)));
          local.serializeUser((user, done) => done(null, (user as unknown as { id: number }).id));
          local.deserializeUser((id: number, done) => done(null, users.get(id) as never));
          host.use(local.session());
          const parse = expressOf().urlencoded({ extended: false });
          host.post('/passport', parse, local.authenticate('local', { successRedirect: '/account' }));
        },
      },
    });
    const signIn = async () => {
      const person = new Browser(app);
      await person.post('/passport', { username: 'ada', password: 'x' }).expect(302);
      return person;
    };
    const first = await signIn();
    const { secret } = await first.enrollTotp();
    expect((await app.mfa.status('7'))?.protected).to.equal(true);
    const again = await signIn();
    await again.htmlGet('/account').expect(303).expect('Location', '/mfa/verify');
    const page = await again.htmlGet('/mfa/verify/totp').expect(200);
    expect(page.text).to.include('a***@example.com').and.not.include('ada@example.com');
    await again.proveTotp(secret);
    expect((await again.htmlGet('/account').expect(200)).body.mfa.state).to.equal('elevated');
  });
});
