// A browser that is trusted for a while: when it is asked all the same, and how it ends.
import { expect } from 'chai';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';
import { Browser, code } from '../support/agent.js';
import type { Express } from 'express';
import { requireMfa, totp, type Mfa } from '../../src/index.js';

const day = 86_400;

const stepUpRoute = (app: Express, mfa: Mfa) => {
  app.get('/transfer', requireMfa(mfa, { maxAgeSeconds: 300 }), (_req, res) => void res.sendStatus(200));
};

/** Somebody whose browser is trusted, with the sign-in after that behind them. */
async function trusted(options: Parameters<typeof testApp>[0] = {}) {
  const app = await testApp({ factors: [totp(), fewBackupCodes()], trustBrowser: { days: 30 }, ...options });
  const browser = await new Browser(app).signIn('ada');
  const { secret, codes } = await browser.enrollTotp();
  await browser.signIn('ada');
  app.clock.advance(30);
  await browser
    .json('/mfa/verify/totp', { code: code(secret, app.clock), trustBrowser: 'yes' })
    .then(({ status }) => expect(status).to.equal(200));
  return { app, browser, secret, codes };
}

const events = (app: TestApp, name: string) => app.events.filter((event) => event.name === name);

/** The trusted-browser cookie as the browser holds it, `name=value`. */
function trustCookie(browser: Browser): string {
  return browser.cookies.split('; ').find((pair) => pair.startsWith('mfa-trusted-')) ?? '';
}

describe('a trusted browser', () => {
  it('is not asked at the next sign-in, and only in that browser', async () => {
    const { app, browser } = await trusted();
    await browser.signIn('ada');
    await browser.jsonGet('/account').expect(200);
    expect(events(app, 'browser-trust-used')).to.have.length(1);
    const other = await new Browser(app).signIn('ada');
    await other.jsonGet('/account').expect(403);
  });

  it('is asked again after thirty days, however often it was used', async () => {
    const { app, browser } = await trusted();
    for (let week = 0; week < 4; week += 1) {
      app.clock.advance(7 * day);
      await browser.signIn('ada');
      await browser.jsonGet('/account').expect(200);
    }
    app.clock.advance(3 * day);
    await browser.signIn('ada');
    await browser.jsonGet('/account').expect(403);
  });

  it('satisfies no step-up, and opens no change of the account', async () => {
    const { browser } = await trusted({ host: { routes: stepUpRoute } });
    await browser.signIn('ada');
    await browser.jsonGet('/account').expect(200);
    const stepUp = await browser.jsonGet('/transfer').expect(401);
    expect(stepUp.body.code).to.equal('session.mfa.step_up_required');
    await browser.htmlGet('/mfa').expect(303).expect('Location', '/mfa/verify');
    await browser.htmlGet('/mfa/verify').expect(303).expect('Location', '/mfa/verify/totp');
  });

  it('gets another secret at each use, and is revoked when a copied one comes back', async () => {
    const { app, browser } = await trusted();
    const copied = trustCookie(browser);
    await browser.signIn('ada');
    await browser.jsonGet('/account').expect(200);
    expect(trustCookie(browser)).not.to.equal(copied);
    app.clock.advance(day);
    await browser.signIn('ada');
    await browser.jsonGet('/account').expect(200);
    app.clock.advance(61);

    const thief = await new Browser(app).signIn('ada');
    thief.agent.jar.setCookie(copied, new URL(app.url).hostname, '/');
    await thief.jsonGet('/account').expect(403);
    expect(events(app, 'browser-trust-reused')).to.have.length(1);
    // Whose copy it was nobody can tell: the browser itself is asked again as well.
    await browser.jsonGet('/account').expect(403);
  });

  it('may send its last secret once more, for a minute', async () => {
    const { app, browser } = await trusted();
    const last = trustCookie(browser);
    await browser.signIn('ada');
    await browser.jsonGet('/account').expect(200);
    app.clock.advance(60);
    const same = await new Browser(app).signIn('ada');
    same.agent.jar.setCookie(last, new URL(app.url).hostname, '/');
    await same.jsonGet('/account').expect(200);
    expect(events(app, 'browser-trust-reused')).to.deep.equal([]);
  });

  it('ends with every change of factors, with a new password and with a reset', async () => {
    for (const end of ['factors', 'password', 'reset']) {
      const { app, browser } = await trusted();
      if (end === 'factors') await browser.enrollTotp();
      if (end === 'password') await app.mfa.passwordChanged('ada');
      if (end === 'reset') await app.mfa.reset('ada', { by: 'grace' });
      await browser.signIn('ada');
      const { status, body } = await browser.jsonGet('/account');
      if (end === 'reset') expect(body.mfa?.state ?? 'none').to.equal('none');
      else expect(status, end).to.equal(403);
      expect((await app.mfa.status('ada'))?.trustedBrowsers).to.equal(0);
    }
  });

  it('stands on the account page as this browser, and is revoked there', async () => {
    const { app, browser } = await trusted();
    const page = await browser.htmlGet('/mfa').expect(200);
    expect(page.text).to.match(/class="mfa-badge">this browser</i);
    await browser.submit(page, '/revoke').expect(303);
    expect(events(app, 'browser-trust-revoked')).to.have.length(1);
    await browser.signIn('ada');
    await browser.jsonGet('/account').expect(403);
  });

  it('is revoked with all others at once, and only by its owner', async () => {
    const { app, browser } = await trusted();
    const { trustedBrowsers } = (await browser.jsonGet('/mfa').expect(200)).body;
    const stranger = await new Browser(app).signIn('eve');
    await stranger.enrollTotp();
    const attempt = await stranger.json(`/mfa/trusted-browsers/${trustedBrowsers[0].id}/revoke`);
    expect(attempt.status).to.equal(404);
    expect((await browser.json('/mfa/trusted-browsers/revoke-all')).status).to.equal(200);
    expect((await app.mfa.status('ada'))?.trustedBrowsers).to.equal(0);
  });

  it('is never made by a backup code, nor where the app does not offer it', async () => {
    const { app, browser, codes } = await trusted();
    const other = await new Browser(app).signIn('ada');
    const answer = await other.json('/mfa/verify/backup-codes', { code: codes[0], trustBrowser: 'yes' });
    expect(answer.status).to.equal(200);
    expect(trustCookie(other)).to.equal('');
    expect(trustCookie(browser)).not.to.equal('');

    const without = await trusted({ trustBrowser: false });
    expect(trustCookie(without.browser)).to.equal('');
    await without.browser.signIn('ada');
    await without.browser.jsonGet('/account').expect(403);
  });
});
