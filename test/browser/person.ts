// Somebody with a browser and a phone, at the example app: signs up and in, sets up, answers, loses things. Uses what is
// on the screen and nothing else.
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { freshEmail, password } from '../example-app/fixture.js';
import { onPage, pictureOfPage } from '../support/browser.js';
import { codeOnPhone, scan } from '../support/phone.js';

const realNow = Date.now;
let aheadMs = 0;

/** Lets time pass for the app in this process. */
export function letPass(seconds: number): void {
  aheadMs += seconds * 1000;
  Date.now = () => realNow() + aheadMs;
}

export function backToRealTime(): void {
  aheadMs = 0;
  Date.now = realNow;
}

export class Person {
  readonly email = freshEmail();
  /** What the phone has read. */
  uri = '';
  backupCodes: string[] = [];

  constructor(
    readonly page: Page,
    readonly url: string,
  ) {}

  /** The path and query that the browser shows. */
  get at(): string {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  async open(path: string): Promise<void> {
    await this.page.goto(this.url + path);
  }

  /** Presses the button, or else follows the link that begins with these words, and waits for the next page. */
  async press(words: string): Promise<void> {
    const name = onPage(words);
    const button = this.page.getByRole('button', { name, exact: true });
    const target = (await button.count()) > 0 ? button : this.page.getByRole('link', { name });
    await Promise.all([this.page.waitForEvent('domcontentloaded'), target.first().click()]);
  }

  async signUp(): Promise<void> {
    await this.open('/signup');
    await this.page.getByLabel('E-mail address').fill(this.email);
    await this.page.getByLabel('Password').fill(password);
    await this.press('Sign up');
  }

  async signIn(): Promise<void> {
    await this.open('/login');
    await this.page.getByLabel('E-mail address').fill(this.email);
    await this.page.getByLabel('Password').fill(password);
    await this.press('Sign in');
  }

  async signOut(): Promise<void> {
    await this.press('Sign out');
    expect(this.at).to.equal('/');
    expect(await this.page.getByRole('link', { name: 'Sign in' }).count()).to.be.above(0);
  }

  /** Points the phone at the screen. */
  async scanScreen(): Promise<void> {
    this.uri = await scan(await pictureOfPage(this.page, { fullPage: true }));
    expect(this.uri).to.match(/^otpauth:\/\/totp\/Example:/);
    expect(this.uri).to.include(encodeURIComponent(this.email));
  }

  /** The code of the phone, half a minute on: one that was never used. */
  async freshCode(): Promise<string> {
    letPass(30);
    return codeOnPhone(this.uri, Date.now());
  }

  /** A code of the right form that is not right now. */
  async wrongCode(): Promise<string> {
    const near = await Promise.all([-60, -30, 0, 30, 60].map((by) => codeOnPhone(this.uri, Date.now() + by * 1000)));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? '';
  }

  /** Types a code, as people write it down, and submits it with the Enter key. */
  async type(code: string): Promise<void> {
    const input = this.page.locator('input[name=code]');
    await input.fill(code);
    await Promise.all([this.page.waitForEvent('domcontentloaded'), input.press('Enter')]);
  }

  /** From the page with the QR code to the one that follows. */
  async setUpPhone(): Promise<void> {
    expect(this.at).to.equal('/mfa/setup/totp');
    await this.scanScreen();
    await this.type(await this.freshCode());
  }

  /** Downloads the codes, and says that they are saved. */
  async saveCodes(): Promise<void> {
    expect(this.at).to.match(/^\/mfa\/backup-codes/);
    this.backupCodes = await this.page.locator('#codes li').allInnerTexts();
    expect(this.backupCodes).to.have.length(10);
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).to.match(/\.txt$/);
    const file = await readFile(await download.path(), 'utf8');
    for (const code of this.backupCodes) expect(file).to.include(code);
    await this.page.getByLabel('I have saved these codes').check();
    await this.press('Finish set-up');
    // The first set-up ends on a page of its own.
    if (this.at === '/mfa/setup/done') await this.press('Continue');
  }

  /** Signs up and sets up, to `/account`. */
  async protectAccount(): Promise<void> {
    await this.signUp();
    await this.press('Authenticator app');
    await this.setUpPhone();
    await this.saveCodes();
  }

  /** The page says what is wrong as WCAG 3.3.1 and GOV.UK's error summary have it. */
  async expectError(message: string | RegExp): Promise<void> {
    const { page } = this;
    expect(await page.title()).to.match(/^Error: /);
    const summary = page.getByRole('alert');
    expect(await summary.innerText()).to.match(new RegExp(message));
    expect(await summary.evaluate((element) => element === document.activeElement), 'focused').to.equal(true);
    const link = await summary.getByRole('link').getAttribute('href');
    const input = page.locator(link ?? '');
    expect(await input.getAttribute('aria-invalid')).to.equal('true');
    const described = (await input.getAttribute('aria-describedby')) ?? '';
    const errorId = described.split(' ').at(-1) ?? '';
    expect(await page.locator(`[id="${errorId}"]`).innerText()).to.match(new RegExp(message));
  }
}
