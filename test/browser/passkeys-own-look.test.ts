// Passkeys on pages of the app's own look: inside its layout with its nonce, and in files of its own, as the guide says. What a
// browser was told there works, and no policy stops it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { openPasskeySite, type PasskeySite } from '../support/passkey-browser.js';
import { newFolder } from '../support/folder.js';

const own = (kind: 'setup' | 'verify', button: string) => `<h1 id="own">Acme</h1>
<form method="post" action="<%= action %>" data-mfa-webauthn="${kind}" <%- include('partials/webauthn-words') %>>
  <%- include('partials/csrf') -%>
  <input type="hidden" name="response" value="">
  ${kind === 'setup' ? '<label>Passkey name <input name="name"></label>' : ''}
  <p role="alert" data-mfa-message hidden></p>
  <button type="button" data-mfa-start hidden>${button}</button>
</form>
<%- include('partials/script', { file: 'webauthn.js' }) -%>`;

describe('passkeys on pages of own look', () => {
  let browser: Browser;
  let site: PasskeySite;
  const folder = newFolder('look');
  before(async () => {
    for (const [kind, button] of [
      ['setup', 'Create passkey'],
      ['verify', 'Use passkey'],
    ] as const) {
      mkdirSync(join(folder, kind));
      writeFileSync(join(folder, kind, 'webauthn.ejs'), own(kind, button));
    }
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
  });
  afterEach(() => site.close());

  for (const [what, look] of Object.entries({
    'inside a layout, with a nonce': {
      nonce: () => 'bm9uY2U=',
      layout: (html: string) =>
        `<!doctype html><html lang="en"><title>Acme</title><h2 id="own">Acme</h2>${html}</html>`,
    },
    'in files of its own': { viewsDir: folder },
  }))
    it(`are made and used ${what}; a wrong one is refused in words`, async () => {
      site = await openPasskeySite(browser, look);
      const { page } = site;
      await site.logIn('ada');
      await site.enroll('Laptop');
      await site.saveCodes();
      await site.logIn('ada');
      await page.goto('/account?tab=money');
      await page.waitForURL('**/mfa/verify/webauthn');
      await page.locator('#own').waitFor();
      await site.device.verifies(false);
      await page.getByRole('button', { name: 'Use passkey' }).click();
      await site.message().getByText('This was cancelled or took too long.').waitFor();
      await site.device.verifies(true);
      await page.getByRole('button', { name: 'Use passkey' }).click();
      await page.waitForURL('**/account?tab=money');
      expect(await site.account()).to.deep.include({ account: 'ada' });
      expect(site.problems, 'what the security policy stopped').to.deep.equal([]);
    });
});
