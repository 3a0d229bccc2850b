// An administrator at work in a browser, in the example app with people and a history: by the keyboard alone, without JavaScript, on a
// phone, by night, under forced colours and in four languages; every page of administration as it is with real figures.
import { expect } from 'chai';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { fillExample } from '../../example-app/seed/fill.js';
import { startExample } from '../example-app/fixture.js';
import { keepScreenshot, launchBrowser, openTab, plainText } from '../support/browser.js';
import { during } from '../support/during.js';
import { axeFindings, bringAxe, keyboardFindings, layoutFindings } from './page-checks.js';

describe('administration in a browser', () => {
  const browser = during(launchBrowser);
  const house = during(async () => {
    const example = await startExample();
    const password = await fillExample(example, { people: 90, days: 40 });
    await example.mfa.census();
    const [from, to] = [90, 0].map((days) => new Date(Date.now() - days * 86_400_000));
    await example.mfa.report({ from: from!, to: to!, by: 'Ada Alder', seed: 'a word' });
    return { ...example, password, at: example.url.replace('127.0.0.1', 'localhost') };
  });

  /** What this person's page, or what it leads to, says when a key is pressed. */
  const go = (page: Page, act: () => Promise<unknown>) => Promise.all([page.waitForEvent('domcontentloaded'), act()]);

  /** By password and the code of the mail, with the keyboard: fields have the focus in their turn. */
  async function enter(options: BrowserContextOptions) {
    const tab = await openTab(browser(), { ...options, viewport: { width: 1280, height: 800 } });
    const { page, context } = tab;
    const { at, password } = house();
    await page.goto(`${at}/login`);
    await page.getByLabel('E-mail address').focus();
    await page.keyboard.type('ada@admin.example');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await go(page, () => page.keyboard.press('Enter'));
    await page.goto(`${at}/mfa/verify/email`);
    const send = page.locator('form[action$="/email/begin"] button');
    if ((await send.count()) > 0) await go(page, () => send.first().press('Enter'));
    const outbox = await context.request.get(`${at}/dev/outbox`, { headers: { accept: 'application/json' } });
    const { messages } = (await outbox.json()) as { messages: { code?: string; to: string }[] };
    const code = messages.find(({ to, code: sent }) => to === 'ada@admin.example' && sent !== undefined)?.code ?? '';
    await page.locator('#code').focus();
    await page.keyboard.type(code);
    await go(page, () => page.keyboard.press('Enter'));
    return tab;
  }

  /** Looks for people by a text that many have in them, as a person would. */
  async function search(page: Page, text: string): Promise<void> {
    await page.goto(`${house().at}/admin/mfa/people`);
    await page.locator('#text').fill(text);
    await go(page, () => page.locator('#text').press('Enter'));
  }

  it('finds a person, looks, and suspends them, by the keyboard alone and without JavaScript', async () => {
    const { page, context, problems } = await enter({ javaScriptEnabled: false });
    await search(page, 'Lindqvist');
    const found = page.locator('section[aria-labelledby=found] a');
    const name = await found.first().innerText();
    await go(page, () => found.first().press('Enter'));
    expect(plainText(await page.locator('h1').innerText())).to.equal(name);
    const action = page.locator('details', { has: page.locator('form[action$="/suspend"]') });
    await action.locator('summary').press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('left the company');
    await go(page, () => page.keyboard.press('Enter'));
    expect(plainText(await page.getByRole('status').innerText())).to.include('Done: Suspend.');
    expect(await page.locator('.mfa-badge.is-suspended').count()).to.equal(1);
    for (const part of ['Approvals', 'Audit log', 'Policy', 'Reports', 'Health']) {
      await go(page, () => page.getByRole('navigation').getByRole('link', { name: part, exact: true }).press('Enter'));
      expect(await page.locator('[aria-current=page]').innerText()).to.equal(part);
    }
    await go(page, () => page.getByRole('button', { name: /^Send to/ }).press('Enter'));
    expect(await page.getByRole('status').innerText()).to.include('Handed over');
    await go(page, () => page.getByRole('navigation').getByRole('link', { name: 'Overview' }).press('Enter'));
    expect(await page.getByRole('img').count()).to.be.above(8);
    const days = page.locator('#verifications tbody tr');
    expect(await days.first().isVisible()).to.equal(false);
    await page.locator('#verifications summary').press('Enter');
    expect(await days.first().isVisible()).to.equal(true);
    expect(await days.count()).to.equal(90);
    await go(page, () => page.getByRole('button', { name: 'Count now' }).press('Enter'));
    expect(await page.locator('#numbers').isVisible()).to.equal(true);
    expect(problems).to.deep.equal([]);
    await context.close();
  });

  /** On A4, by day and by night: black on white, with what is read, without what is pressed; nothing is cut off at the side. */
  async function printFindings(page: Page, name: string): Promise<string[]> {
    const pdf = await page.pdf({ format: 'A4' });
    const wide = page.viewportSize();
    await page.emulateMedia({ media: 'print' });
    // 210 mm without the margins.
    await page.setViewportSize({ width: 688, height: 1000 });
    await keepScreenshot(page, `admin print ${name}`);
    const found = await page.evaluate(() => {
      const isSeen = (selector: string) =>
        [...document.querySelectorAll<HTMLElement>(selector)].filter((each) => each.checkVisibility()).length;
      const count = (selector: string) => document.querySelectorAll(selector).length;
      const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      const ink = [...document.querySelectorAll('h1, .mfa-chart text, td')].map((each) => {
        const { color, fill } = getComputedStyle(each);
        const [red = 255] = (each.matches('text') ? fill : color).match(/[\d.]+/g)?.map(Number) ?? [];
        return red;
      });
      return [
        ...['h1', '#todo', '#people-at-risk tbody tr', '#numbers', 'figure > svg'].filter(
          (selector) => isSeen(selector) === 0 || isSeen(selector) !== count(selector),
        ),
        ...['nav', 'button', 'summary', '.mfa-more > a', 'footer'].filter((selector) => isSeen(selector) > 0),
        ...(over > 0 ? [`is ${over} px too wide`] : []),
        ...(Math.max(...ink) > 130 ? ['light ink'] : []),
        ...(getComputedStyle(document.querySelector('.mfa-admin') ?? document.body).backgroundColor ===
        'rgb(255, 255, 255)'
          ? []
          : ['no white paper']),
      ].map((what) => `printed: ${what}`);
    });
    await page.emulateMedia({ media: 'screen' });
    if (wide) await page.setViewportSize(wide);
    return pdf.subarray(0, 5).toString() === '%PDF-' ? found : [...found, 'printed: no PDF'];
  }

  it('has no fault in any look', async () => {
    const first = await enter({});
    await search(first.page, 'Lindqvist');
    const found = first.page.locator('section[aria-labelledby=found] a').first();
    const person = (await found.getAttribute('href')) ?? '';
    const storageState = await first.context.storageState();
    await first.context.close();
    const looks = [
      { width: 360, colorScheme: 'light', forcedColors: 'none', locale: 'en' },
      { width: 1280, colorScheme: 'dark', forcedColors: 'none', locale: 'de' },
      { width: 1280, colorScheme: 'light', forcedColors: 'none', locale: 'it' },
      { width: 360, colorScheme: 'dark', forcedColors: 'none', locale: 'fr' },
      { width: 360, colorScheme: 'light', forcedColors: 'active', locale: 'de' },
    ] as const;
    for (const { width, ...look } of looks) {
      const viewport = { width, height: 800 };
      const { page, context, problems } = await openTab(browser(), { ...look, viewport, storageState });
      await bringAxe(context);
      const name = `${look.forcedColors === 'active' ? 'forced' : look.colorScheme}-${width}-${look.locale}`;
      const to = (path: string) => () => page.goto(house().at + path);
      const parts = ['approvals', 'audit', 'policy', 'reports', 'health'];
      const pages: { [part: string]: () => Promise<unknown> } = {
        people: () => search(page, 'Lindqvist'),
        person: to(person),
        overview: to('/admin/mfa/'),
        list: to('/admin/mfa/people?filter=all'),
        ...Object.fromEntries(parts.map((part) => [part, to(`/admin/mfa/${part}`)])),
      };
      for (const [part, open] of Object.entries(pages)) {
        await open();
        await keepScreenshot(page, `admin ${part} ${name}`);
        expect(await page.locator('html').getAttribute('lang')).to.equal(look.locale);
        const findings = [...(await layoutFindings(page)), ...(await axeFindings(page))];
        if (look.locale === 'en') findings.push(...(await keyboardFindings(page)));
        if (part === 'overview' && width === 1280) findings.push(...(await printFindings(page, name)));
        problems.push(...findings.map((finding) => `${part}, ${name}: ${finding}`));
      }
      expect(problems).to.deep.equal([]);
      await context.close();
    }
  });
});
