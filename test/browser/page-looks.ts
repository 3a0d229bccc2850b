// Every page in every state, in four languages, narrow and wide, in a real browser. Each theme has a file of tests of its
// own, so that two cores are busy.
import { expect } from 'chai';
import { keepScreenshot, launchBrowser, openTab } from '../support/browser.js';
import { during } from '../support/during.js';
import { openSampleSite } from '../support/sample-site.js';
import { axeFindings, bringAxe, keyboardFindings, layoutFindings } from './page-checks.js';

/** The looks that are kept as screenshots: every page in every language, English in more. */
const kept = /^en-light|^en-dark-320|light-320$/;

export function looksIn(theme: 'light' | 'dark'): void {
  const browser = during(launchBrowser);
  const site = during(openSampleSite);

  async function lookThrough(language: string, width: number): Promise<string[]> {
    const { context, page, problems } = await openTab(browser(), {
      colorScheme: theme,
      viewport: { width, height: 800 },
    });
    await bringAxe(context);
    for (const [index, name] of site().names.entries()) {
      const look = `${language}-${theme}-${width}`;
      await page.goto(site().url(language, index));
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
    for (const width of [320, 1280]) {
      it(`has no fault in ${language}, ${width} px wide`, async () => {
        expect(await lookThrough(language, width)).to.deep.equal([]);
      });
    }
  }
}
