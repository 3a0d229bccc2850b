// Where the host knows no zone, times stand in the browser's own; without JavaScript in UTC.
import { expect } from 'chai';
import { launchBrowser, openTab } from '../support/browser.js';
import { during } from '../support/during.js';
import { openSampleSite } from '../support/sample-site.js';

describe('times in a browser', () => {
  const browser = during(launchBrowser);
  const site = during(openSampleSite);

  /** The times that the account page says, in a browser of that zone. */
  async function timesIn(timezoneId: string, javaScriptEnabled = true): Promise<{ iso: string; said: string }[]> {
    const { context, page } = await openTab(browser(), { timezoneId, javaScriptEnabled });
    await page.goto(site().url('en', site().names.indexOf('manage')));
    const said = await page
      .locator('time')
      .evaluateAll((all) => (all as HTMLTimeElement[]).map((each) => ({ iso: each.dateTime, said: each.innerText })));
    await context.close();
    return said;
  }

  it('are those of its zone', async () => {
    const timeZone = 'Pacific/Kiritimati';
    const there = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone });
    const times = await timesIn(timeZone);
    expect(times.length).to.be.greaterThan(2);
    for (const { iso, said } of times) expect(said).to.include(there.format(new Date(iso)));
    expect(times.map(({ said }) => said).join()).not.to.include('UTC');
  });

  it('are those of UTC, which they say, without JavaScript', async () => {
    const times = await timesIn('Pacific/Kiritimati', false);
    const utc = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });
    for (const { iso, said } of times) expect(said).to.include(utc.format(new Date(iso)));
    expect(times.map(({ said }) => said).join()).to.include('UTC');
  });
});
