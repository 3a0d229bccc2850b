// The example app in a real browser: a passkey from the suggestion after sign-up to a sign-in without a password.
import { expect } from 'chai';
import { freshEmail, password, startExample } from '../example-app/fixture.js';
import { launchBrowser, patienceMs } from '../support/browser.js';
import { during } from '../support/during.js';
import { addAuthenticator } from '../support/passkey-browser.js';

describe('a passkey in the example app', () => {
  const browser = during(launchBrowser);
  const example = during(startExample);

  it('is set up after sign-up, and signs in next time without a password', async () => {
    const context = await browser().newContext({
      baseURL: example().url.replace('127.0.0.1', 'localhost'),
      locale: 'en',
    });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    const stopped: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) stopped.push(message.text());
    });
    await addAuthenticator(page);
    const email = freshEmail();

    await page.goto('/signup');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.waitForURL('**/mfa/setup');
    await page.locator('a[href$="/setup/webauthn"]').click();
    await page.getByRole('button', { name: 'Create passkey' }).click();
    await page.waitForURL('**/mfa/backup-codes');
    await page.getByRole('checkbox').check();
    await page.locator('form[action$="/confirm"] button').click();
    await page.waitForURL('**/mfa/setup/done');
    await page.locator('main').getByText('Continue').click();
    await page.waitForURL('**/account');
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.waitForURL((url) => url.pathname === '/');

    // The autofill of a virtual authenticator answers by itself; the button does the same by a click.
    await page.goto('/login', { waitUntil: 'commit' });
    await page.waitForURL((url) => url.pathname === '/');
    await page.goto('/account');
    await page.getByText(email).first().waitFor();
    expect(new URL(page.url()).pathname, 'no second step').to.equal('/account');
    expect(stopped, 'what a security policy stopped').to.deep.equal([]);
    await context.close();
  });
});
