// "Trust this browser" in a real browser: ticked once, it stands in for the sign-in step until it is revoked.
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { totp } from '../../src/index.js';
import { code } from '../support/agent.js';
import { fewBackupCodes, testApp, type TestApp } from '../support/app.js';
import { launchBrowser, onPage, openTab, type Tab } from '../support/browser.js';
import { during } from '../support/during.js';

describe('a trusted browser', () => {
  const browser = during(launchBrowser);
  let app: TestApp;
  let tab: Tab;
  let page: Page;
  let url: string;
  let secret = '';
  beforeEach(async () => {
    app = await testApp({
      factors: [totp(), fewBackupCodes()],
      trustBrowser: { days: 30 },
      signOut: { path: '/logout', method: 'POST' },
    });
    url = app.url.replace('127.0.0.1', 'localhost');
    // As the browser names itself with a window; without one it says "HeadlessChrome".
    const userAgent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser().version()} Safari/537.36`;
    tab = await openTab(browser(), { userAgent });
    ({ page } = tab);
  });
  afterEach(async () => {
    await tab.context.close();
    await app.close();
  });

  const signIn = () => tab.context.request.post(`${url}/login`, { data: { uid: 'ada' } });
  const freshCode = () => {
    app.clock.advance(30);
    return code(secret, app.clock);
  };

  async function setUp(): Promise<void> {
    await signIn();
    await page.goto(`${url}/mfa/setup/totp`);
    await page.getByText('I can’t scan it').click();
    secret = (await page.locator('#key').innerText()).replaceAll(' ', '');
    await page.getByLabel('Enter the 6-digit security code').fill(freshCode());
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByLabel('I have saved these codes').check();
    await page.getByRole('button', { name: 'Finish' }).click();
    await page.waitForURL((address) => !address.pathname.startsWith('/mfa/backup-codes'));
    await page.goto(`${url}/mfa`);
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.waitForURL(`${url}/`);
  }

  async function verify(): Promise<void> {
    await page.goto(`${url}/account`);
    expect(new URL(page.url()).pathname).to.equal('/mfa/verify/totp');
    await page.getByLabel('Trust this browser for 30 days').check();
    await page.getByLabel('6-digit security code').fill(freshCode());
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.waitForURL(`${url}/account`);
  }

  it('is not asked again at the next sign-in, is listed as this browser, and is asked again once revoked', async () => {
    await setUp();
    await signIn();
    await verify();
    const cookies = await tab.context.cookies();
    expect(cookies.find(({ name }) => name.includes('trust'))).to.include({ httpOnly: true, sameSite: 'Lax' });
    await page.goto(`${url}/mfa`);
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.waitForURL(`${url}/`);

    await signIn();
    await page.goto(`${url}/account`);
    expect(new URL(page.url()).pathname).to.equal('/account');

    // It stands in for the sign-in step, and for nothing else.
    await page.goto(`${url}/mfa`);
    await page.getByLabel('6-digit security code').fill(freshCode());
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.waitForURL(`${url}/mfa`);
    const item = page.getByRole('listitem').filter({ hasText: 'This browser' });
    expect(await item.innerText()).to.match(/Chrome.*Linux.*Trusted until/s);
    await item.getByRole('button', { name: 'Stop trusting' }).click();
    await page.getByText(onPage('No browser skips two-step verification.')).waitFor();

    await signIn();
    await page.goto(`${url}/account`);
    expect(new URL(page.url()).pathname).to.equal('/mfa/verify/totp');
    expect(tab.problems).to.deep.equal([]);
  });
});
