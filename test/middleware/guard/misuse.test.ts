// Misuse is told at start-up, or at the first request where only that shows it: with a code, what was received, and what
// to do.
import { createRequire } from 'node:module';
import { expect } from 'chai';
import express from 'express';
import supertest from 'supertest';
import {
  backupCodes,
  createMfa,
  memoryStore,
  mfaRouter,
  requireMfa,
  totp,
  type Mfa,
  type MfaError,
  type MfaOptions,
} from '../../../src/index.js';
import { Browser } from '../../support/agent.js';
import { appSecret, testApp, type HostOptions } from '../../support/app.js';
import { inEnvironment } from '../../support/environment.js';
import { thrownBy } from '../../support/thrown.js';

const cookieSession = createRequire(import.meta.url)('cookie-session') as (options: object) => express.RequestHandler;

const fit: MfaOptions = { appName: 'Acme', secrets: [appSecret], factors: [totp()], user: () => null };

const misuse = (options: object) => thrownBy(() => createMfa({ ...fit, ...options }));

describe('createMfa', () => {
  const cases: [what: string, options: object, code: string, says: RegExp][] = [
    ['no appName', { appName: undefined }, 'config.invalid_option', /appName/],
    ['an empty appName', { appName: ' ' }, 'config.invalid_option', /appName/],
    ['no user', { user: undefined }, 'config.invalid_option', /user/],
    ['a user that is none', { user: { id: 1 } }, 'config.invalid_option', /user/],
    ['no factors', { factors: [] }, 'config.invalid_option', /factors/],
    ['a factor that is none', { factors: ['totp'] }, 'config.invalid_option', /factors/],
    ['a factor that was not called', { factors: [totp] }, 'config.invalid_option', /factors/],
    ['backup codes alone', { factors: [backupCodes()] }, 'config.backup_codes_cannot_be_enabled_alone', /totp\(\)/],
    ['a factor twice', { factors: [totp(), totp()] }, 'config.duplicated_factors', /totp/],
    ['no secrets', { secrets: [] }, 'config.invalid_option', /secrets/],
    ['an undefined secret', { secrets: [undefined] }, 'config.secret_too_short', /randomBytes|openssl|crypto/],
    ['a short secret', { secrets: ['hunter2'] }, 'config.secret_too_short', /32/],
    ['a short older secret', { secrets: [appSecret, 'hunter2'] }, 'config.secret_too_short', /32/],
    ['an unknown policy', { policy: 'always' }, 'config.invalid_option', /mandatory/],
    ['a store that is none', { store: {} }, 'config.invalid_option', /store/],
    ['seconds as a text', { freshSeconds: '600' }, 'config.invalid_option', /freshSeconds/],
    ['no seconds', { pendingMaxAgeSeconds: 0 }, 'config.invalid_option', /pendingMaxAgeSeconds/],
    ['a long memory', { recordMaxAgeSeconds: 301 }, 'config.invalid_option', /300/],
    ['long trust', { trustBrowser: { days: 91 } }, 'config.invalid_option', /trustBrowser/],
    ['an origin with a path', { origin: 'https://a.example/x' }, 'config.invalid_option', /origin/],
    ['an absolute sign-out', { signOut: { path: 'https://a.example' } }, 'config.invalid_option', /signOut/],
    ['a sign-out to elsewhere', { signOut: { path: '//evil' } }, 'config.invalid_option', /signOut/],
    ['half of `csrf`', { csrf: { token: () => '' } }, 'config.invalid_option', /csrf/],
    ['a lock-out that never ends', { lockout: { disableAfter: 101 } }, 'config.invalid_option', /disableAfter/],
    ['an unknown option', { factor: [] }, 'config.unknown_option', /Did you mean `factors`\?/],
    ['an unknown inner option', { lockout: { afer: 3 } }, 'config.unknown_option', /Did you mean `lockout.after`\?/],
    ['an option of no likeness', { zzzzzz: 1 }, 'config.unknown_option', /Known are: appName/],
  ];
  for (const [what, options, code, says] of cases) {
    it(`refuses ${what}`, () => {
      const error = misuse(options);
      expect(error.code).to.equal(code);
      expect(error.message).to.match(says);
      expect(error.help).to.match(new RegExp(`#${code}$`));
      expect(error.message).not.to.include('hunter2');
    });
  }

  it('changes nothing of what it is given', () => {
    const options = Object.freeze({
      ...fit,
      factors: Object.freeze([backupCodes(), totp()]),
      lockout: Object.freeze({}),
    });
    createMfa(options);
    expect(options.factors.map(({ kind }) => kind)).to.deep.equal(['backup-codes', 'totp']);
  });

  it('refuses the memory store in production, given or by default', () =>
    inEnvironment('production', () => {
      for (const options of [{}, { store: memoryStore() }])
        expect(misuse(options).code).to.equal('config.memory_store_in_production');
    }));

  it('makes instances that know nothing of each other', async () => {
    const [one, two] = [await testApp(), await testApp()];
    await (await new Browser(one).signIn('ada')).enrollTotp();
    expect(await two.mfa.status('ada')).to.equal(undefined);
  });
});

describe('requireMfa', () => {
  it('tells whoever mounts it without calling it', () => {
    const error = thrownBy(() => requireMfa({} as Mfa)({} as never, {} as never, () => undefined));
    expect(error.code).to.equal('config.middleware_not_called');
    const app = express().use(requireMfa as never);
    return supertest(app)
      .get('/')
      .expect(500)
      .expect(/requireMfa\(mfa\)/);
  });

  it('refuses options that it does not have, and values that cannot be', () => {
    const mfa = createMfa(fit);
    const refused: [object, RegExp][] = [
      [{ maxAge: 300 }, /Did you mean `maxAgeSeconds`\?/],
      [{ maxAgeSeconds: 0 }, /maxAgeSeconds/],
      [{ maxAgeSeconds: '300' }, /maxAgeSeconds/],
      [{ factors: [] }, /factors/],
      [{ factors: 'totp' }, /factors/],
      [{ anonymous: 'allow' }, /refuse/],
    ];
    for (const [options, says] of refused) expect(() => requireMfa(mfa, options)).to.throw(says);
  });

  it('says at the first request that it stands before the pages', async () => {
    const app = await testApp({ policy: 'mandatory', host: { guard: false, between: guardFirst } });
    const person = await new Browser(app).signIn('ada');
    await person.htmlGet('/mfa/verify').expect(500);
    expect((app.thrown[0] as MfaError).message).to.include("app.use('/mfa', mfaRouter(mfa))");
  });
});

const guardFirst: NonNullable<HostOptions['between']> = (host, mfa) => host.use(requireMfa(mfa, { anonymous: 'pass' }));

describe('the first request', () => {
  const signedIn: Partial<MfaOptions> = { user: () => ({ id: 'ada' }) };

  async function misuseOf(options: Partial<MfaOptions>, host: HostOptions, path: string): Promise<MfaError> {
    const app = await testApp({ ...options, host });
    await new Browser(app).htmlGet(path).expect(500);
    return app.thrown[0] as MfaError;
  }

  for (const path of ['/account', '/mfa']) {
    it(`says at ${path} that there is no session`, async () => {
      const error = await misuseOf(signedIn, { session: false }, path);
      expect(error.code).to.equal('config.no_session_middleware');
      expect(error.message).to.include('express-session');
    });

    it(`says at ${path} that cookie-session will not do`, async () => {
      const before: HostOptions['before'] = (app) => app.use(cookieSession({ keys: ['a'] }));
      const error = await misuseOf(signedIn, { session: false, before }, path);
      expect(error.code).to.equal('config.session_cannot_regenerate');
      expect(error.message).to.include('cookie-session');
    });

    it(`says at ${path} that a secure cookie never arrives`, async () => {
      const error = await misuseOf(signedIn, { session: { cookie: { secure: true } } }, path);
      expect(error.code).to.equal('config.secure_cookie_without_trust_proxy');
      expect(error.message).to.include('trust proxy');
    });

    it(`says at ${path} that the id names nobody`, async () => {
      for (const id of [undefined, null, '', {}, [], NaN, 1.5, 2 ** 53, true, 'x'.repeat(256)]) {
        const error = await misuseOf({ user: () => ({ id }) as never }, {}, path);
        expect(error.code, JSON.stringify(id)).to.equal('config.invalid_user_id');
      }
    });
  }

  it('takes a secure cookie behind a proxy that the host trusts', async () => {
    const app = await testApp({
      policy: 'mandatory',
      ...signedIn,
      host: { session: { cookie: { secure: true } }, before: (host) => host.set('trust proxy', 1) },
    });
    await new Browser(app, { 'X-Forwarded-Proto': 'https' }).jsonGet('/account').expect(403);
  });

  it('takes one behind a proxy that only express-session trusts', async () => {
    const app = await testApp({ host: { session: { proxy: true, cookie: { secure: true } } } });
    const ada = await new Browser(app, { 'X-Forwarded-Proto': 'HTTPS, http' }).agent
      .post('/login')
      .set('X-Forwarded-Proto', 'https')
      .send({ uid: 'ada' });
    const [cookie = ''] = String(ada.headers['set-cookie']).split(';');
    expect(ada.headers['set-cookie']).to.match(/Secure/);
    const behind = new Browser(app, { Cookie: cookie, 'X-Forwarded-Proto': 'https, http' });
    expect((await behind.jsonGet('/account').expect(200)).body.account).to.equal('ada');
    const plain = new Browser(app, { Cookie: cookie, 'X-Forwarded-Proto': 'http, https' });
    await plain.jsonGet('/account').expect(500);
  });

  it('shows no stack and no secret to people', async () => {
    const mfa = createMfa({ ...fit, ...signedIn });
    const app = express().use('/mfa', mfaRouter(mfa));
    const { text } = await supertest(app).get('/mfa').expect(500);
    expect(text).not.to.include(appSecret);
  });
});
