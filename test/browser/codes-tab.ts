// One person in a real browser at an app with codes: what they open, type and press. Each page is checked as it comes.
import type { Browser, Page } from 'playwright-core';
import { axeFindings, bringAxe, layoutFindings } from './page-checks.js';
import { onPage, openTab, plainText, type Tab } from '../support/browser.js';
import type { CodesApp } from '../support/codes.js';

export class CodesTab {
  /** Everything that is wrong with what this tab has shown. */
  readonly problems: string[];

  private constructor(
    readonly tab: Tab,
    readonly url: string,
    readonly scripts: boolean,
  ) {
    this.problems = tab.problems;
  }

  static async open(browser: Browser, app: CodesApp, { scripts = true } = {}): Promise<CodesTab> {
    const tab = await openTab(browser, { javaScriptEnabled: scripts });
    if (scripts) await bringAxe(tab.context);
    return new CodesTab(tab, app.url.replace('127.0.0.1', 'localhost'), scripts);
  }

  get page(): Page {
    return this.tab.page;
  }

  /** The path that this tab is at. */
  get at(): string {
    return new URL(this.page.url()).pathname;
  }

  /** The host's own sign-in or sign-up, by a form that is no page of ours. */
  async host(path: '/login' | '/signup', uid: string): Promise<void> {
    await this.tab.context.request.post(`${this.url}${path}`, { data: { uid } });
  }

  async go(path: string): Promise<void> {
    await this.page.goto(`${this.url}${path}`);
    await this.check();
  }

  /** Presses what leads to another page, or to this one anew. */
  async press(name: string): Promise<void> {
    const target = this.page
      .getByRole('button', { name: onPage(name), exact: true })
      .or(this.page.getByRole('link', { name: onPage(name) }));
    await Promise.all([this.page.waitForEvent('load'), target.first().click()]);
    await this.check();
  }

  async type(label: string | RegExp, text: string): Promise<void> {
    await this.page
      .getByLabel(typeof label === 'string' ? onPage(label) : label)
      .first()
      .fill(text);
  }

  async heading(): Promise<string> {
    return plainText(await this.page.locator('h1').innerText());
  }

  async text(): Promise<string> {
    return plainText(await this.page.locator('body').innerText());
  }

  /** Saves the backup codes whose page this is. */
  async saveCodes(): Promise<void> {
    await this.page.getByLabel('I have saved these codes').check();
    await this.press('Finish set-up');
  }

  /** Axe and layout, of pages of ours. */
  private async check(): Promise<void> {
    if (!this.scripts || !this.at.startsWith('/mfa')) return;
    const findings = [...(await axeFindings(this.page)), ...(await layoutFindings(this.page))];
    this.problems.push(...findings.map((finding) => `${this.at}: ${finding}`));
  }

  close(): Promise<void> {
    return this.tab.context.close();
  }
}
