// Somebody lost everything, from both sides of the telephone: the person in a real browser, support at the command line on the
// same Redis. They follow what the pages and docs/guides/lost-everything.md say, and nothing else.
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { requireMfa, supportPass, totp } from '../../src/index.js';
import { fewBackupCodes, testApp, type TestApp, type TestClock } from '../support/app.js';
import { launchBrowser, onPage, openTab, pictureOfPage, type Tab } from '../support/browser.js';
import { fixture, secrets, startCli } from '../support/cli.js';
import { codeOnPhone, scan } from '../support/phone.js';
import { patientStore } from '../support/patience.js';
import { freshNamespace, newRedis, removeNamespace } from '../support/redis.js';

const help = 'Call +41 44 668 18 00, Monday to Friday. We call you back at the number we know.';

describe('somebody who lost everything', () => {
  const redis = newRedis();
  const namespace = freshNamespace();
  let browser: Browser;
  let app: TestApp;
  let url: string;
  let tab: Tab;
  /** What the phone of the person has read, and how far its owner has waited for new codes. */
  let phone = '';
  let aheadMs = 0;

  before(async () => {
    browser = await launchBrowser();
    const clock = { now: () => Date.now() + aheadMs } as TestClock;
    app = await testApp({
      clock,
      secrets: [secrets.old],
      store: patientStore(redis, { namespace, warn: () => undefined }),
      factors: [totp(), fewBackupCodes(), supportPass()],
      brand: { help },
      host: {
        routes: (host, mfa) => {
          host.get('/payouts', requireMfa(mfa, { maxAgeSeconds: 300 }), (_req, res) => void res.send('paid'));
        },
      },
    });
    url = app.url.replace('127.0.0.1', 'localhost');
  });
  after(async () => {
    await browser.close();
    await app.close();
    await removeNamespace(redis, namespace);
    redis.disconnect();
  });

  /** At support's desk. */
  async function support(...args: string[]): Promise<string> {
    const environment = { TEST_NAMESPACE: namespace, TEST_SECRETS: secrets.old, TEST_CLOCK_MS: String(aheadMs) };
    const { code, stdout, stderr } = await startCli([...args, '--config', fixture('config.ts')], environment).ended;
    expect(code, stderr).to.equal(0);
    return stdout.trim();
  }

  /** A browser that nobody has used before, signed in with the password. */
  async function newBrowser(): Promise<Page> {
    tab = await openTab(browser);
    await tab.context.request.post(`${url}/login`, { data: { uid: 'ada' } });
    return tab.page;
  }

  const pathOf = (page: Page) => new URL(page.url()).pathname;
  const said = (page: Page) => page.locator('main').innerText();

  async function press(page: Page, words: string): Promise<void> {
    const button = page.getByRole('button', { name: onPage(words), exact: true });
    const target = (await button.count()) > 0 ? button : page.getByRole('link', { name: onPage(words) });
    await Promise.all([page.waitForEvent('domcontentloaded'), target.first().click()]);
  }

  async function type(page: Page, code: string): Promise<void> {
    const input = page.locator('input[name=code]');
    await input.fill(code);
    await Promise.all([page.waitForEvent('domcontentloaded'), input.press('Enter')]);
  }

  const codeOfPhone = () => {
    aheadMs += 30_000;
    return codeOnPhone(phone, app.clock.now());
  };

  /** From the page with the QR code to saved backup codes. */
  async function setUp(page: Page): Promise<string[]> {
    expect(pathOf(page)).to.equal('/mfa/setup/totp');
    phone = await scan(await pictureOfPage(page, { fullPage: true }));
    await type(page, await codeOfPhone());
    expect(pathOf(page)).to.equal('/mfa/backup-codes');
    const codes = await page.locator('#codes li').allInnerTexts();
    await page.getByLabel('I have saved these codes').check();
    const finish = page.getByRole('button', { name: /^Finish/ });
    await Promise.all([page.waitForEvent('domcontentloaded'), finish.click()]);
    return codes;
  }

  it('comes back by a pass that support reads out, and is held until support knows more', async () => {
    // Before: an ordinary account, with an authenticator app and backup codes.
    const before = await newBrowser();
    await before.goto(`${url}/mfa/setup/totp`);
    const oldCodes = await setUp(before);
    const oldPhone = phone;
    await tab.context.close();

    // The phone is gone, and the paper with it.
    const page = await newBrowser();
    await page.goto(`${url}/account`);
    expect(pathOf(page)).to.equal('/mfa/verify/totp');
    await press(page, 'Try another method');
    await page.getByText(onPage('I can’t use any of these')).first().click();
    expect(await said(page)).to.include(help);

    // On the telephone: support looks, calls back, and makes a pass.
    expect(await support('status', 'ada')).to.match(/^ada: protected/);
    const [pass = '', until = ''] = (
      await support('pass', 'ada', '--by', 'helpdesk-3', '--reason', 'lost phone and codes, called back')
    ).split('\n');
    expect(pass).to.match(/^([A-Z]{4}-){2}[A-Z]{4}$/);
    expect(until).to.match(/^It works once, until /);

    // The person hears it letter by letter, and mishears one.
    await press(page, 'I have a pass from support');
    expect(pathOf(page)).to.equal('/mfa/verify/pass');
    await type(page, pass.startsWith('B') ? `C${pass.slice(1)}` : `B${pass.slice(1)}`);
    expect(await page.getByRole('alert').innerText()).to.include('Incorrect pass');
    await type(page, pass.toLowerCase().replaceAll('-', ' '));

    // Nothing is there before a new method is.
    await page.goto(`${url}/account`);
    expect(pathOf(page)).to.match(/^\/mfa\/setup/);
    if (pathOf(page) === '/mfa/setup') await press(page, 'Authenticator app');
    const newCodes = await setUp(page);
    expect(newCodes).to.not.have.members(oldCodes);
    await page.goto(`${url}/account`);
    expect(pathOf(page)).to.equal('/account');

    // Held: they are in, and change nothing.
    for (const path of ['/payouts', '/mfa/setup']) {
      await page.goto(url + path);
      expect(await said(page), path).to.match(
        /came by a backup code or a pass from support|pass from support was used/,
      );
    }
    expect(tab.problems).to.deep.equal([]);
    await tab.context.close();

    // A new sign-in with the new phone is held as well, and whoever found the old one is not let in by it.
    const again = await newBrowser();
    await again.goto(`${url}/account`);
    await type(again, await codeOfPhone());
    expect(pathOf(again)).to.equal('/account');
    await again.goto(`${url}/payouts`);
    expect(await said(again)).to.match(/pass from support/);

    // They come by in person: support ends the hold.
    expect(await support('release', 'ada', '--by', 'helpdesk-4', '--reason', 'seen in person since')).to.equal(
      'Nothing of ada is on hold.',
    );
    await again.goto(`${url}/payouts`);
    if (pathOf(again) !== '/payouts') await type(again, await codeOfPhone());
    expect(await again.locator('body').innerText()).to.equal('paid');
    expect(oldPhone).to.not.equal(phone);
    await tab.context.close();

    await app.mfa.settled();
    expect(app.notices.map(({ what }) => what)).to.include('pass-used');
  }).timeout(240_000);
});
