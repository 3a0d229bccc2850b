// What the scripts add to the pages: copy, print, and waits that are counted down. And what stands there without them.
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { startExample } from '../example-app/fixture.js';
import { keepScreenshot, launchBrowser, openTab, stopClock, type Tab } from '../support/browser.js';
import { during } from '../support/during.js';
import { openSampleSite } from '../support/sample-site.js';
import { backToRealTime, letPass, Person } from './person.js';

describe('the scripts of the pages', () => {
  const browser = during(launchBrowser);
  const site = during(openSampleSite);
  let tab: Tab;
  let page: Page;
  beforeEach(async () => {
    tab = await openTab(browser());
    ({ page } = tab);
  });
  afterEach(async () => {
    await tab.context.close();
  });

  const open = (name: string, of = page) => of.goto(site().url('en', site().names.indexOf(name)));

  it('copy the backup codes, one a line, and say so', async () => {
    await tab.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await open('codes pending');
    const codes = await page.locator('#codes li').allInnerTexts();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('status').getByText('The codes are copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).to.equal(codes.join('\n'));
    expect(tab.problems).to.deep.equal([]);
  });

  it('take the button away where the browser lets nobody copy', async () => {
    await page.addInitScript(`navigator.clipboard.writeText = () => Promise.reject(new Error('denied'));`);
    await open('codes pending');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copy' }).waitFor({ state: 'hidden' });
    expect(await page.locator('[data-mfa-copied]').innerText()).to.equal('');
  });

  it('print the codes in black on white, without buttons, whatever the theme', async () => {
    await page.addInitScript('window.print = () => { window.printed = true; };');
    await page.emulateMedia({ colorScheme: 'dark' });
    await open('codes pending');
    await page.getByRole('button', { name: 'Print' }).click();
    expect(await page.evaluate('window.printed')).to.equal(true);

    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    await keepScreenshot(page, 'codes pending-printed');
    expect(await page.locator('#codes li').first().isVisible()).to.equal(true);
    // Whoever finds the paper in a drawer knows what it is of; the account is masked, for papers lie around.
    expect(
      (await page.locator('main').innerText()).split(/\n+/).filter((line) => !/^\w{4}-\w{4}$/.test(line)),
    ).to.deep.equal([
      'Acme: backup codes',
      'Account: al***@example.com',
      'Made on November 21, 2026, good until November 21, 2027.',
      'Each works once. Keep them somewhere safe.',
    ]);
    for (const each of await page.locator('button, input, main a, footer a').all())
      expect(await each.isVisible()).to.equal(false);
    const colours = await page.locator('#codes, #codes span, main, body').evaluateAll((all) =>
      all.map((each) => {
        const { color, backgroundColor } = getComputedStyle(each);
        return `${color} on ${backgroundColor}`;
      }),
    );
    const black = 'rgb(0, 0, 0) on ';
    for (const each of colours) expect(each).to.be.oneOf([`${black}rgb(255, 255, 255)`, `${black}rgba(0, 0, 0, 0)`]);
  });

  it('count down to the next code that can be sent', async () => {
    await stopClock(page);
    await open('email');
    const button = page.getByRole('button', { name: 'Send a new code' });
    expect(await button.isDisabled()).to.equal(true);
    await page.clock.runFor(10_000);
    await page.getByText('You can ask for a new code in 20 seconds.').waitFor();
    await page.clock.runFor(21_000);
    expect(await button.isEnabled()).to.equal(true);
    expect(await page.getByText('You can ask for a new code').isVisible()).to.equal(false);
    expect(tab.problems).to.deep.equal([]);
  });

  it('count down a lock-out, minutes first, and open the form when it is over', async () => {
    await stopClock(page);
    await open('totp locked');
    const note = page.locator('#lock');
    const button = page.getByRole('button', { name: 'Verify', exact: true });
    const input = page.locator('#code');
    expect(await note.evaluate((element) => element === document.activeElement)).to.equal(true);
    expect(await note.innerText()).to.include('You can use this method again in 14 minutes, at ');
    expect([await button.isDisabled(), await input.isDisabled()]).to.deep.equal([true, true]);
    await page.clock.runFor(800_000);
    expect(await note.innerText()).to.match(/again in 20 seconds/);
    expect(await page.getByRole('status').innerText()).to.equal('');
    await page.clock.runFor(21_000);
    expect([await button.isEnabled(), await input.isEnabled()]).to.deep.equal([true, true]);
    expect(await note.isVisible()).to.equal(false);
    expect(await page.getByRole('status').innerText()).to.equal('You can try again now.');
    expect(tab.problems).to.deep.equal([]);
  });

  it('make a link of a locked method when its wait is over', async () => {
    await stopClock(page);
    await open('choose, two locked');
    expect(await page.getByRole('link', { name: 'Authenticator app' }).count()).to.equal(0);
    await page.clock.runFor(821_000);
    expect(await page.getByRole('link', { name: 'Authenticator app' }).getAttribute('href')).to.equal(
      '/mfa/verify/totp',
    );
    expect(await page.getByText('It works again').count()).to.equal(0);
  });

  it('say aloud, once and in time, that the backup codes will lapse, and that they have', async () => {
    await stopClock(page);
    await open('codes pending');
    const warning = page.locator('[data-mfa-lapse]');
    const sentence = page.getByText('If you do not finish, these codes lapse');
    /** What a screen reader is given to read. */
    await warning.evaluate((element) => {
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver(() => said.push(element.textContent)).observe(element, { childList: true });
    });
    const said = () => page.evaluate('window.said');
    expect(await sentence.innerText()).to.include('in 10 minutes.');
    await page.clock.runFor(470_000);
    expect(await sentence.innerText()).to.include('in 3 minutes.');
    expect(await warning.isVisible()).to.equal(false);
    await page.clock.runFor(15_000);
    const soon = 'Less than two minutes are left before these codes lapse. Finish now, or take ten more minutes.';
    expect(await page.getByRole('status').getByText(soon).isVisible()).to.equal(true);
    expect(await page.getByRole('button', { name: 'Give me ten more minutes' }).isVisible()).to.equal(true);
    await page.clock.runFor(100_000);
    expect(await said()).to.deep.equal([soon]);
    await page.clock.runFor(30_000);
    expect(await said()).to.have.length(2);
    expect(await warning.innerText()).to.match(/^These codes have lapsed and do not count\./);
    expect(await sentence.isVisible()).to.equal(false);
    expect(tab.problems).to.deep.equal([]);
  });

  it('say so at once where less than two minutes are left, and offer no time that was taken', async () => {
    await stopClock(page);
    await open('codes, type one');
    const warning = page.locator('[data-mfa-lapse]');
    expect(await warning.innerText()).to.match(/Finish now\.$/);
    await page.clock.fastForward(3_600_000);
    expect(await warning.innerText()).to.match(/^These codes have lapsed/);
  });

  it('are not needed: without them nothing is there that cannot be used', async () => {
    const without = await openTab(browser(), { javaScriptEnabled: false });
    await open('codes pending', without.page);
    const buttons = without.page.getByRole('button');
    expect(await buttons.allInnerTexts()).to.deep.equal([
      'Download',
      'Finish set-\u2060up',
      'Give me ten more minutes',
      'Sign out',
    ]);
    expect(await without.page.locator('main').innerText()).to.include('these codes lapse in 10 minutes.');
    expect(await without.page.locator('[data-mfa-lapse]').isVisible()).to.equal(false);
    await open('email', without.page);
    expect(await without.page.getByRole('button', { name: 'Send a new code' }).isEnabled()).to.equal(true);
    expect(await without.page.locator('main').innerText()).to.include('You can ask for a new code in 30 seconds.');
    await open('webauthn', without.page);
    expect(await buttons.allInnerTexts()).to.deep.equal(['Sign out']);
    expect(await without.page.locator('main').innerText()).to.include('Passkeys need JavaScript');
    await without.context.close();
  });
});

describe('somebody who guesses in a browser', () => {
  const browser = during(launchBrowser);
  const example = during(startExample);
  after(backToRealTime);

  for (const javaScriptEnabled of [true, false]) {
    it(`is told how long to wait, and then gets in, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const { context, page, problems } = await openTab(browser(), { javaScriptEnabled });
      const person = new Person(page, example().url.replace('127.0.0.1', 'localhost'));
      await person.protectAccount();
      await person.signOut();
      await person.signIn();
      for (let guess = 0; guess < 4; guess += 1) await person.type(await person.wrongCode());
      await person.expectError('You have 1 attempt left');
      await person.type(await person.wrongCode());
      expect(await page.title()).to.match(/^Error: /);
      const note = page.locator('#lock');
      expect(await note.innerText()).to.match(/You can use this method again in \d+ seconds, at /);
      expect(await note.evaluate((element) => element === document.activeElement)).to.equal(true);
      expect(await page.locator('input[name=code]').isDisabled()).to.equal(true);
      const main = await page.locator('main').innerText();
      expect(main.includes('Load this page again when')).to.equal(!javaScriptEnabled);
      letPass(31);
      await person.open('/account');
      expect(person.at).to.equal('/mfa/verify/totp');
      await person.type(await person.freshCode());
      expect(person.at).to.equal('/account');
      expect(problems).to.deep.equal([]);
      await context.close();
    });
  }
});
