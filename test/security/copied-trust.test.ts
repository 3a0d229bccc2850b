// Attack: somebody who knows the password copies a trusted browser's cookie, or keeps one from before its rotation.
// Rule: the secret changes with each use; the one before counts for 60 s, later use ends the trust and is told.
// Answer: in while the owner stays away; out, with a notice, as soon as both have come.
import { expect } from 'chai';
import { Browser, code } from '../support/agent.js';
import { testApp } from '../support/app.js';

const trustOf = (browser: Browser) => /mfa-trust[^=]*=[^;]*/.exec(browser.cookies)?.[0] ?? '';

for (const express of [5, 4] as const) {
  describe(`a copied cookie of a trusted browser, on Express ${express}`, () => {
    async function owner() {
      const app = await testApp({ trustBrowser: { days: 30 }, host: { express } });
      const { secret } = await (await new Browser(app).signIn('ada')).enrollTotp();
      const browser = await new Browser(app).signIn('ada');
      app.clock.advance(30);
      const answer = await browser.json('/mfa/verify/totp', { code: code(secret, app.clock), trustBrowser: 'yes' });
      expect(answer.status, answer.text).to.equal(200);
      const comes = async (cookie: string) => {
        const other = await new Browser(app).signIn('ada');
        other.agent.jar.setCookie(cookie, new URL(app.url).hostname, '/');
        return { other, status: (await other.jsonGet('/account')).status };
      };
      const told = async () => {
        await app.mfa.settled();
        return app.notices.filter(({ what }) => what === 'browser-trust-ended').length;
      };
      return { app, browser, comes, told };
    }

    it('is worth nothing an hour after its rotation, and ends the trust', async () => {
      const { app, browser, comes, told } = await owner();
      const copied = trustOf(browser);
      await browser.signIn('ada');
      await browser.jsonGet('/account').expect(200);
      app.clock.advance(3600);
      expect((await comes(copied)).status).to.equal(403);
      expect(await told()).to.equal(1);
      expect((await app.mfa.status('ada'))?.trustedBrowsers).to.equal(0);
    });

    it('is found out when the owner comes back, and the thief is out', async () => {
      const { app, browser, comes, told } = await owner();
      const thief = await comes(trustOf(browser));
      expect(thief.status, 'while the owner stays away').to.equal(200);
      app.clock.advance(61);
      await browser.signIn('ada');
      await browser.jsonGet('/account').expect(403);
      expect(await told()).to.equal(1);
      await thief.other.jsonGet('/account').expect(403);
    });
  });
}
