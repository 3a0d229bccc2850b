// Every page as hosts and people adapt it: a brand that is hard to read, another writing direction, wide text.
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { keepScreenshot, launchBrowser, openTab } from '../support/browser.js';
import { openSampleSite, type SampleSite } from '../support/sample-site.js';
import { axeFindings, bringAxe, layoutFindings } from './page-checks.js';

describe('every page, adapted', () => {
  let browser: Browser;
  let site: SampleSite;
  before(async () => {
    const appName = 'Donaudampfschifffahrtsgesellschaft';
    const brand = { logo: '/logo.svg', help: 'Ask Donaudampfschifffahrtselektrizitätenhauptbetriebswerk.' };
    site = await openSampleSite({ appName, brand }, '#ffe600');
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`bears a loud colour, a logo and long names, ${colorScheme}`, async () => {
      const tab = await openTab(browser, { colorScheme, viewport: { width: 320, height: 800 } });
      await bringAxe(tab.context);
      for (const [index, name] of site.names.entries()) {
        await tab.page.goto(site.url('en', index));
        if (name === 'choose') await keepScreenshot(tab.page, `adapted ${name}-${colorScheme}`);
        const found = [...(await layoutFindings(tab.page)), ...(await axeFindings(tab.page))];
        tab.problems.push(...found.map((finding) => `${name}: ${finding}`));
      }
      await tab.context.close();
      expect(tab.problems).to.deep.equal([]);
    });
  }

  it('bears right-to-left writing and wide text (WCAG 1.4.12)', async () => {
    const { context, page, problems } = await openTab(browser, { viewport: { width: 320, height: 800 } });
    for (const [index, name] of site.names.entries()) {
      await page.goto(site.url('de', index));
      await adapt(page);
      if (name === 'set-up totp') await keepScreenshot(page, `adapted ${name}-right to left`);
      problems.push(...(await layoutFindings(page)).map((finding) => `${name}: ${finding}`));
    }
    await context.close();
    expect(problems).to.deep.equal([]);
  });

  function adapt(page: Page): Promise<void> {
    return page.evaluate(() => {
      document.documentElement.dir = 'rtl';
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
        p { margin-block-end: 2em !important; }`);
      document.adoptedStyleSheets = [sheet];
    });
  }
});
