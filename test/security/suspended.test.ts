// Attack: an account that an administrator or the directory barred is used on: by a session of before, a new sign-in, a
// machine's token, a passkey, somebody without a second factor, after a reset, in another process.
// Rule: one rule, `barredBy`, is asked by whatever lets in or changes what does; it outlives all but its own end.
// Answer: 403 `session.mfa.suspended`, a page that leads nowhere but out, until the same source lifts it.
import { expect } from 'chai';
import { memoryStore, readMfa, requireMfa } from '../../src/index.js';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { Browser, code, codeIn } from '../support/agent.js';
import { testApp, testClock, type TestApp } from '../support/app.js';
import { passkeyApp, PasskeyBrowser, signedIn } from '../support/passkeys.js';
import { tokenFirst } from '../support/token-first.js';

const suspended = 'session.mfa.suspended';
const by = { by: 'admin-7', reason: 'stolen laptop' };

for (const express of [5, 4] as const) {
  describe(`a suspended account, on Express ${express}`, () => {
    let app: TestApp;
    const ended: object[] = [];

    beforeEach(async () => {
      ended.length = 0;
      app = await testApp({
        user: tokenFirst,
        endSessions: (userId, which) => void ended.push({ userId, ...which }),
        host: {
          express,
          routes: (host, mfa) => {
            host.get('/vault', requireMfa(mfa, { maxAgeSeconds: 60 }), (_req, res) => void res.json({ open: true }));
          },
          between: (host, mfa) =>
            host.get('/read', (req, res, next) => void readMfa(mfa, req).then((read) => res.json(read), next)),
        },
      });
    });
    afterEach(() => app.close());

    async function expectBarred(browser: Browser): Promise<void> {
      for (const path of ['/account', '/vault', '/mfa', '/mfa/verify', '/mfa/setup/totp', '/mfa/backup-codes'])
        expect(codeIn(await browser.jsonGet(path).expect(403)), path).to.equal(suspended);
      for (const path of ['/account', '/mfa', '/mfa/verify', '/mfa/verify/totp', '/mfa/setup', '/mfa/recover']) {
        const page = await browser.htmlGet(path).expect(403);
        expect(page.text, path).to.include('Account suspended').and.to.include('/mfa/sign-out');
      }
    }

    it('is out at once, elevated or not, and the host is told to end its sessions', async () => {
      const owner = await new Browser(app).signIn('ada');
      const { secret } = await owner.enrollTotp();
      await owner.jsonGet('/account').expect(200);
      const token = { 'X-CSRF-Token': await owner.csrf() };
      await app.mfa.suspend('ada', by);
      expect(ended).to.deep.equal([{ userId: 'ada' }]);
      await expectBarred(owner);
      await expectBarred(await new Browser(app).signIn('ada'));
      app.clock.advance(30);
      const typed = { code: code(secret, app.clock) };
      for (const path of ['/mfa/verify/totp', '/mfa/setup/totp', '/mfa/preferences'])
        expect(codeIn(await owner.postJson(path, { ...typed, signInStep: 'off' }, token).expect(403)), path).to.equal(
          suspended,
        );
      const form = await owner.post('/mfa/verify/totp', { ...typed, _csrf: token['X-CSRF-Token'] }).expect(403);
      expect(form.text).to.include('Account suspended');
      await app.mfa.resume('ada', by);
      expect(codeIn(await owner.jsonGet('/account').expect(403))).to.equal('session.mfa.require_mfa_verification');
      await (await new Browser(app).signIn('ada')).proveTotp(secret);
    });

    it('is out without a second factor as well, under a policy that asks for none', async () => {
      const lax = await testApp({ policy: 'no-prompt', host: { express } });
      const bea = await new Browser(lax).signIn('bea');
      await bea.jsonGet('/account').expect(200);
      await lax.mfa.suspend('bea', { ...by, source: 'scim' });
      expect(codeIn(await bea.jsonGet('/account').expect(403))).to.equal(suspended);
      await lax.mfa.resume('bea', by);
      expect(codeIn(await bea.jsonGet('/account').expect(403)), 'another source').to.equal(suspended);
      await lax.mfa.resume('bea', { ...by, source: 'scim' });
      await bea.jsonGet('/account').expect(200);
      await lax.close();
    });

    it('can leave by our page, and by the sign-out of the app', async () => {
      const ada = await new Browser(app).signIn('ada');
      await app.mfa.suspend('ada', by);
      const page = await ada.htmlGet('/account').expect(403);
      await ada.submit(page, '/mfa/sign-out').expect((answer) => expect(answer.status).to.be.below(400));
      await (await new Browser(app).signIn('ada')).post('/logout').expect(303);
    });

    it('opens nothing by a machine’s token, and the event says why', async () => {
      const machine = new Browser(app, { Authorization: 'Bearer verified-ada' });
      await machine.jsonGet('/account').expect(200);
      await app.mfa.suspend('ada', by);
      app.events.length = 0;
      expect(codeIn(await machine.jsonGet('/account').expect(403))).to.equal(suspended);
      expect(app.events).to.have.length(1);
      expect(app.events[0]).to.deep.include({ name: 'session-refused', userId: 'ada', detail: { why: 'suspended' } });
      await new Browser(app, { Authorization: 'Bearer verified-eve' }).jsonGet('/account').expect(200);
      await app.mfa.resume('ada', by);
      await machine.jsonGet('/account').expect(200);
    });

    it('is told of once per request, of a minute together', async () => {
      const ada = await new Browser(app).signIn('ada');
      await app.mfa.suspend('ada', by);
      app.events.length = 0;
      await ada.jsonGet('/account').expect(403);
      await ada.htmlGet('/mfa').expect(403);
      await app.mfa.settled();
      expect(app.events.map(({ name, reason, detail }) => [name, reason, detail?.['count']])).to.deep.equal([
        ['session-refused', suspended, undefined],
        ['session-refused', suspended, 1],
      ]);
      await app.mfa.resume('ada', by);
    });

    it('is read so by upgrades', async () => {
      const ada = await new Browser(app).signIn('ada');
      await app.mfa.suspend('ada', by);
      expect((await ada.jsonGet('/read').expect(200)).body).to.include({ passes: false, reason: suspended });
    });

    it('stays out through a reset, the end of the account and a new one of the same id', async () => {
      const ada = await new Browser(app).signIn('ada');
      await ada.enrollTotp();
      await app.mfa.suspend('ada', by);
      await app.mfa.reset('ada', by);
      await expectBarred(await new Browser(app).signIn('ada'));
      await app.mfa.deprovision('ada');
      await expectBarred(await new Browser(app).signIn('ada'));
      const status = await app.mfa.status('ada');
      expect(status).to.deep.include({ protected: false, authenticators: [], suspended: { admin: 1_800_000_000 } });
    });
  });
}

describe('a suspended account', () => {
  it('is not signed in by its passkey', async () => {
    const app = await passkeyApp();
    const phone = softAuthenticator({ counter: 'growing' });
    await (await signedIn(app, 'ada')).enrollFirst(phone);
    await app.mfa.suspend('ada', by);
    const browser = new PasskeyBrowser(app);
    expect(codeIn(await browser.enter(phone))).to.equal(suspended);
    expect(browser.sessionCookie).to.equal('');
    await app.mfa.resume('ada', by);
    expect((await browser.enter(phone)).status).to.equal(200);
    await app.close();
  });

  it('is out in another process within `recordMaxAgeSeconds`, a machine’s token included', async () => {
    const clock = testClock();
    const store = memoryStore({ clock });
    const [here, there] = await Promise.all([0, 1].map(() => testApp({ store, clock, user: tokenFirst })));
    const ada = await new Browser(there!).signIn('ada');
    await ada.enrollTotp();
    const machine = new Browser(there!, { Authorization: 'Bearer verified-ada' });
    for (const one of [ada, machine]) await one.jsonGet('/account').expect(200);
    await here!.mfa.suspend('ada', by);
    clock.advance(30);
    for (const one of [ada, machine]) expect(codeIn(await one.jsonGet('/account').expect(403))).to.equal(suspended);
    await Promise.all([here!.close(), there!.close()]);
  });

  it('is suspended although its sessions could not be ended, and whoever did it hears so', async () => {
    const app = await testApp({
      endSessions: () => {
        throw new Error('no');
      },
    });
    const ada = await new Browser(app).signIn('ada');
    const failed = await app.mfa.suspend('ada', by).catch((error: unknown) => error);
    expect(failed).to.include({ code: 'store.unavailable' });
    expect(codeIn(await ada.jsonGet('/account').expect(403))).to.equal(suspended);
    await app.close();
  });
});
