// The report as a page, printed on A4: nothing is wider than the paper, people begin on a page of their own, and nothing runs or is asked for.
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { reportSite, asked, textOf } from '../support/report-site.js';
import { launchBrowser, patienceMs } from '../support/browser.js';

/** A4 less its margins, at 96 dots an inch. */
const paper = { width: Math.floor(((210 - 30) / 25.4) * 96), height: Math.floor(((297 - 30) / 25.4) * 96) };

describe('a printed report', () => {
  let browser: Browser;
  before(async () => (browser = await launchBrowser()));
  after(() => browser.close());

  it('fits on A4, from the first page to the last', async () => {
    const site = await reportSite();
    const html = await textOf((await site.mfa.report(asked)).html());
    await site.close();
    const page = await browser.newPage({ viewport: paper });
    page.setDefaultTimeout(patienceMs);
    const requests: string[] = [];
    const dialogs: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('dialog', (dialog) => void dialogs.push(dialog.message()));
    await page.setContent(html);
    await page.emulateMedia({ media: 'print' });
    const wide = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      cells: [...document.querySelectorAll('td, th, dd, li')].filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
        .length,
    }));
    expect(wide.page).to.be.at.most(paper.width);
    expect(wide.cells).to.equal(0);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
    expect(pages.length).to.be.greaterThan(3).and.at.most(20);
    const sizes = new Set(pdf.toString('latin1').match(/\/MediaBox\s*\[[^\]]*\]/g));
    expect([...sizes].join()).to.match(/^\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]$/);
    const annex = await page.locator('.annex').evaluate((section) => getComputedStyle(section).breakBefore);
    expect(annex).to.equal('page');
    expect(requests).to.deep.equal([]);
    expect(dialogs).to.deep.equal([]);
    await page.close();
  });
});
