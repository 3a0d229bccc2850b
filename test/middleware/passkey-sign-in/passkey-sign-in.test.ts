// Sign-in with a passkey alone, over HTTP: off unless mounted, in a session of its own, with the second factor proved
// at once; and what the host has to say in it.
import { expect } from 'chai';
import type { Express, Request } from 'express';
import type { Response } from 'supertest';
import { passkeyEndpoints, passkeySignInRouter, totp, webauthn } from '../../../src/index.js';
import type { Mfa, User } from '../../../src/index.js';
import { softAuthenticator } from '../../../src/testing/soft-authenticator.js';
import { codeIn } from '../../support/agent.js';
import { hostData, testApp } from '../../support/app.js';
import type { TestApp } from '../../support/app.js';
import type { PasskeyAppOptions } from '../../support/passkeys.js';
import { failed, hostSignIn, mountPasskeys, origin, passkeyApp, PasskeyBrowser } from '../../support/passkeys.js';
import { passkeyFactors, said, signedIn } from '../../support/passkeys.js';
import { statelessApp, tokenFor, userOfToken } from '../../support/stateless-app.js';

describe('passkey sign-in', () => {
  let app: TestApp;
  const phone = softAuthenticator();

  async function open(options: PasskeyAppOptions = {}): Promise<PasskeyBrowser> {
    app = await passkeyApp(options);
    if (options.signIn !== 'off') await (await signedIn(app, 'ada')).enrollFirst(phone);
    app.events.length = 0;
    return new PasskeyBrowser(app);
  }
  afterEach(() => app.close());

  const cookies = ({ headers }: Response) => [headers['set-cookie'] ?? ''].flat().join('\n');

  it('is not there unless the app mounts it', async () => {
    const nobody = await open({ signIn: 'off' });
    await nobody.jsonGet('/mfa/passkey-sign-in').expect(404);
    await nobody.postJson('/mfa/passkey-sign-in').expect(404);
    await nobody.jsonGet('/.well-known/passkey-endpoints').expect(404);
  });

  it('asks for any passkey, without a session and without a name', async () => {
    const nobody = await open();
    const asked = await nobody.jsonGet('/mfa/passkey-sign-in').expect(200);
    expect(asked.body).to.have.all.keys('options', 'challenge', 'csrfToken');
    expect(asked.body.options).to.include({ rpId: 'acme.example', userVerification: 'required' });
    expect(asked.body.options).not.to.have.property('allowCredentials');
    expect(asked.headers['cache-control']).to.equal('no-store');
    expect(cookies(asked)).to.match(/^mfa-flow-[\w-]{16}=[\w-]{22}; Path=\/; HttpOnly; SameSite=Strict$/);
    const again = await nobody.jsonGet('/mfa/passkey-sign-in').expect(200);
    expect(cookies(again), 'tabs share one').to.equal('');
    expect(again.body.csrfToken).to.equal(asked.body.csrfToken);
  });

  it('binds its cookie to the host where it is https', async () => {
    const nobody = await open({ host: { before: (host) => host.set('trust proxy', true) } });
    const asked = await nobody.jsonGet('/mfa/passkey-sign-in', { 'X-Forwarded-Proto': 'https' }).expect(200);
    expect(cookies(asked)).to.match(
      /^__Host-mfa-flow-[\w-]{16}=[\w-]{22}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('signs in and elevates at once, in a new session that holds nothing of the one before', async () => {
    const browser = await open();
    await browser.signIn('bob', { basket: 'full' });
    const before = browser.sessionCookie;
    const entered = await browser.enter(phone);
    expect([entered.status, entered.body]).to.deep.equal([200, { next: { step: 'done', url: '/' } }]);
    expect(browser.sessionCookie).not.to.equal(before).and.not.equal('');
    expect(await browser.account()).to.deep.include({ account: 'ada' });
    expect((await browser.account()).mfa).to.deep.include({ state: 'elevated', amr: ['pop', 'mfa'] });
    expect(cookies(entered))
      .to.include('mfa-known-')
      .and.match(/mfa-flow-[\w-]{16}=; Max-Age=0/);
    const stolen = new PasskeyBrowser(app);
    await stolen.jsonGet('/account', { Cookie: `connect.sid=${before}` }).expect(200, { account: null, mfa: null });
    const events = app.events.filter(({ userId, outcome }) => userId === 'ada' && outcome);
    expect(events.map(({ name, kind }) => [name, kind])).to.deep.equal([['verification-accepted', 'webauthn']]);
    // Fresh enough to change what there is.
    expect((await browser.enroll(softAuthenticator())).status).to.equal(200);
  });

  it('leads back to the page first asked for, where the same person was on the way already', async () => {
    const ada = await open();
    await ada.signIn('ada');
    await ada.htmlGet('/account?tab=money').expect(303);
    expect((await ada.enter(phone)).body.next).to.deep.equal({ step: 'done', url: '/account?tab=money' });
    const bob = await signedIn(app, 'bob');
    await bob.enrollFirst(softAuthenticator());
    await bob.signIn('bob');
    await bob.htmlGet('/account?of=bob').expect(303);
    expect((await bob.enter(phone)).body.next).to.deep.equal({ step: 'done', url: '/' });
  });

  it('leads to what is owed before anything else', async () => {
    app = await passkeyApp();
    const key = softAuthenticator();
    await (await signedIn(app, 'ada')).enroll(key);
    const { body } = await new PasskeyBrowser(app).enter(key);
    expect(body.next).to.deep.equal({ step: 'save-backup-codes', url: '/mfa/backup-codes' });
  });

  it('is refused by the host in the words of any wrong passkey, and signs nobody in', async () => {
    const browser = await open({ signIn: hostSignIn(['ada']) });
    await browser.signIn('bob');
    const record = await app.mfa.config.store.load('ada');
    const refused = await browser.enter(phone);
    expect(await app.mfa.config.store.load('ada'), 'the record').to.deep.equal(record);
    expect([refused.status, said(refused)]).to.deep.equal([422, { code: failed }]);
    expect((await browser.account()).account).to.equal(null);
    const outcomes = app.events
      .filter(({ outcome }) => outcome)
      .map(({ name, userId, reason }) => [name, userId, reason]);
    expect(outcomes).to.deep.equal([['verification-refused', 'ada', failed]]);
  });

  it('hands what the host throws to its error handler, and signs nobody in', async () => {
    const browser = await open({
      signIn: async (req, userId) => {
        hostData(req).uid = userId;
        throw new Error('The directory does not answer.');
      },
    });
    const answer = await browser.enter(phone);
    expect([answer.status, answer.body.host]).to.deep.equal([500, 'error']);
    expect(app.thrown.map(String)).to.deep.equal(['Error: The directory does not answer.']);
    expect((await browser.account()).account).to.equal(null);
    expect(app.events.filter(({ outcome }) => outcome).map(({ name }) => name)).to.deep.equal(['verification-refused']);
  });

  it('says so where the host signs in somebody else', async () => {
    const browser = await open({
      signIn: (req) => {
        hostData(req).uid = 'bob';
        return true;
      },
    });
    const answer = await browser.enter(phone);
    expect([answer.status, codeIn(answer)]).to.deep.equal([500, 'config.invalid_option']);
    expect((await browser.account()).account).to.equal(null);
  });

  it('works with a host that gives the session a new id itself', async () => {
    const browser = await open({
      signIn: (req, userId) =>
        new Promise<boolean>((resolve, reject) => {
          req.session.regenerate((error) => {
            hostData(req).uid = userId;
            if (error) reject(new Error('The session store failed.'));
            else resolve(true);
          });
        }),
    });
    expect((await browser.enter(phone)).status).to.equal(200);
    expect((await browser.account()).mfa).to.include({ state: 'elevated' });
  });

  it('works with a host that has no session but a token of its own', async () => {
    const signedNow = new WeakMap<Request, User>();
    const signIn = (req: Request, userId: string) => {
      const sid = `passkey-${userId}`;
      signedNow.set(req, { id: userId, signInId: sid });
      req.res?.cookie('jwt', tokenFor({ sub: userId, sid }), { httpOnly: true, sameSite: 'lax' });
      return true;
    };
    app = await statelessApp('cookie', {
      origin,
      factors: passkeyFactors(),
      user: (req) => signedNow.get(req) ?? userOfToken(req),
      host: { between: (host, mfa) => mountPasskeys(host, mfa, signIn) },
    });
    const key = softAuthenticator();
    const set = new PasskeyBrowser(app);
    await set.agent.post('/sign-in').send({ sub: 'ada', sid: 's1' }).expect(200);
    await set.enrollFirst(key);
    const browser = new PasskeyBrowser(app);
    expect((await browser.enter(key)).body.next).to.deep.equal({ step: 'done', url: '/' });
    expect((await browser.account()).mfa).to.deep.include({ state: 'elevated', amr: ['pop', 'mfa'] });
  });

  it('names each of its misuses at start-up', async () => {
    app = await testApp({ origin });
    const misuse = (make: () => unknown) => expect(make).to.throw().with.property('code', 'config.invalid_option');
    misuse(() => passkeySignInRouter(app.mfa, { signIn: hostSignIn() }));
    misuse(() => passkeyEndpoints(app.mfa));
    await app.close();
    app = await testApp({ origin, factors: [webauthn(), totp()] });
    misuse(() => passkeySignInRouter(app.mfa, {} as never));
    misuse(() => passkeySignInRouter(app.mfa, undefined as never));
    for (const enroll of ['javascript:alert(1)', '//evil.example', 'setup']) {
      misuse(() => passkeyEndpoints(app.mfa, { enroll }));
    }
  });

  it('serves its script under one address, which leads to a versioned one; mounted alone too', async () => {
    const alone = (host: Express, mfa: Mfa) => host.use('/auth', passkeySignInRouter(mfa, { signIn: hostSignIn() }));
    app = await testApp({ origin, factors: [webauthn()], host: { between: alone } });
    const nobody = new PasskeyBrowser(app);
    const led = await nobody.agent.get('/auth/passkey-sign-in.js').expect(302);
    expect(led.headers['cache-control']).to.equal('public, max-age=300');
    expect(led.headers.location).to.match(/^\/auth\/assets\/passkey-sign-in-[0-9a-f]{12}\.js$/);
    const script = await nobody.agent
      .get(led.headers.location!)
      .expect(200)
      .expect('Content-Type', /javascript/);
    const [, library] = /import '\.\/(simplewebauthn-browser-[0-9a-f]{12}\.js)'/.exec(script.text) ?? [];
    const served = await nobody.agent.get(`/auth/assets/${library}`).expect(200);
    expect(served.text).to.match(/^\/\* \[@simplewebauthn\/browser@[\d.]+\] \*\//);
  });

  it('tells password managers where passkeys are made and managed', async () => {
    const nobody = await open();
    const { body, headers } = await nobody.agent.get('/.well-known/passkey-endpoints').expect(200);
    expect(headers['content-type']).to.match(/^application\/json/);
    expect(body).to.deep.equal({ enroll: `${origin}/mfa/setup/webauthn`, manage: `${origin}/mfa` });
    const own = passkeyEndpoints(app.mfa, { enroll: '/account/passkeys', manage: 'https://id.acme.example/' });
    const mounted = await testApp({ host: { between: (host) => host.get('/known', own) } });
    const told = await new PasskeyBrowser(mounted).agent.get('/known').expect(200);
    expect(told.body).to.deep.equal({ enroll: `${origin}/account/passkeys`, manage: 'https://id.acme.example/' });
    await mounted.close();
  });
});
