// What the scripts do for whoever enters a code: it goes off with its last digit where the app wants that, and is taken out
// of the text message where the browser can.
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { launchBrowser, openTab, type Tab } from '../support/browser.js';
import { openSampleSite, type SampleSite } from '../support/sample-site.js';

describe('the scripts of codes', () => {
  let browser: Browser;
  let usual: SampleSite;
  let eager: SampleSite;
  let tab: Tab;
  before(async () => {
    browser = await launchBrowser();
    usual = await openSampleSite();
    eager = await openSampleSite({ brand: { autoSubmit: true } });
  });
  after(async () => {
    await browser.close();
    await usual.close();
    await eager.close();
  });
  beforeEach(async () => {
    tab = await openTab(browser);
    await tab.page.addInitScript(`document.addEventListener('submit', (event) => {
      event.preventDefault();
      window.sent = (window.sent ?? 0) + 1;
    });`);
  });
  afterEach(() => tab.context.close());

  const open = (name: string, site: SampleSite) => tab.page.goto(site.url('en', site.names.indexOf(name)));
  const sent = () => tab.page.evaluate('window.sent ?? 0');

  it('send the form with the last digit, once, spaces or not, where the app wants that', async () => {
    await open('totp', eager);
    const input = tab.page.locator('#code');
    await input.pressSequentially('12345');
    expect(await sent()).to.equal(0);
    await input.pressSequentially('6');
    expect(await sent()).to.equal(1);
    await input.fill('123 456');
    expect(await sent()).to.equal(1);
  });

  it('send nothing by themselves where it does not, nor what is no code', async () => {
    await open('totp', usual);
    await tab.page.locator('#code').pressSequentially('123456');
    expect(await sent()).to.equal(0);
    await open('totp', eager);
    await tab.page.locator('#code').fill('abcdef');
    expect(await sent()).to.equal(0);
    expect(tab.problems).to.deep.equal([]);
  });

  it('take the code out of the text message, and stop asking when the form is sent', async () => {
    await tab.page.addInitScript(`window.OTPCredential = class {};
      navigator.credentials.get = ({ otp, signal }) => new Promise((resolve, reject) => {
        Object.assign(window, { asked: otp, arrive: (code) => resolve({ code }) });
        signal.addEventListener('abort', () => { window.stopped = true; reject(signal.reason); });
      });`);
    await open('sms', usual);
    expect(await tab.page.evaluate('window.asked')).to.deep.equal({ transport: ['sms'] });
    await tab.page.evaluate("window.arrive('424242')");
    expect(await tab.page.locator('#code').inputValue()).to.equal('424242');
    expect(await sent()).to.equal(0);
    await open('sms', usual);
    await tab.page.getByRole('button', { name: 'Verify', exact: true }).click();
    expect(await tab.page.evaluate('window.stopped')).to.equal(true);
    await open('email', usual);
    expect(await tab.page.evaluate('window.asked ?? null')).to.equal(null);
    expect(tab.problems).to.deep.equal([]);
  });
});
