// Every page in every state, in four languages, light and dark, narrow and wide, in a real browser.
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { keepScreenshot, launchBrowser, openTab } from '../support/browser.js';
import { openSampleSite, type SampleSite } from '../support/sample-site.js';
import { axeFindings, bringAxe, keyboardFindings, layoutFindings } from './page-checks.js';

type Theme = 'light' | 'dark';

/** The looks that are kept as screenshots: every page in every language, English in more. */
const kept = /^en-light|^en-dark-320|light-320$/;

describe('every page', () => {
  let browser: Browser;
  let site: SampleSite;
  before(async () => {
    site = await openSampleSite();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  /** One tab goes through every second sample; two tabs keep two cores busy. */
  async function lookThrough(language: string, theme: Theme, width: number, first: 0 | 1): Promise<string[]> {
    const { context, page, problems } = await openTab(browser, {
      colorScheme: theme,
      viewport: { width, height: 800 },
    });
    await bringAxe(context);
    for (let index = first; index < site.names.length; index += 2) {
      const name = site.names[index] ?? '';
      const look = `${language}-${theme}-${width}`;
      await page.goto(site.url(language, index));
      if (kept.test(look)) await keepScreenshot(page, `${name}-${look}`);
      const findings = [...(await layoutFindings(page)), ...(await axeFindings(page))];
      // What Tab reaches does not depend on the words.
      if (language === 'en') findings.push(...(await keyboardFindings(page)));
      problems.push(...findings.map((finding) => `${name}: ${finding}`));
    }
    await context.close();
    return problems;
  }

  for (const language of ['en', 'de', 'fr', 'it']) {
    it(`does not scroll sideways in ${language} with text of 200 % at 360 px`, async () => {
      const { context, page, problems } = await openTab(browser, { viewport: { width: 360, height: 800 } });
      for (const [index, name] of site.names.entries()) {
        await page.goto(site.url(language, index));
        const wide = await page.evaluate(() => {
          const root = document.documentElement;
          root.style.fontSize = '200%';
          const right = (element: Element) => Math.ceil(element.getBoundingClientRect().right);
          const beyond = [...document.querySelectorAll('body *')].filter((each) => right(each) > root.clientWidth + 1);
          return root.scrollWidth > root.clientWidth ? (beyond.at(-1)?.outerHTML.slice(0, 160) ?? 'something') : '';
        });
        if (wide !== '') problems.push(`${name}: ${wide}`);
      }
      await context.close();
      expect(problems).to.deep.equal([]);
    });

    for (const theme of ['light', 'dark'] as const) {
      for (const width of [320, 1280]) {
        it(`has no fault in ${language}, ${theme}, ${width} px wide`, async () => {
          const problems = await Promise.all([
            lookThrough(language, theme, width, 0),
            lookThrough(language, theme, width, 1),
          ]);
          expect(problems.flat()).to.deep.equal([]);
        });
      }
    }
  }
});
