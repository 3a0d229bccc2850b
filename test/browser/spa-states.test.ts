// The single-page app when things are not as usual: in two tabs, with a token that lapsed, and without a network for a while. Nothing
// that was typed is lost, and nothing is done twice.
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { during } from '../support/during.js';
import { eventually } from '../support/eventually.js';
import { backToRealTime } from './person.js';
import { openPerson, startSpa, unexpected } from './spa.js';

const answers = (page: Page, path: string): number[] => {
  const statuses: number[] = [];
  page.on('response', (response) => {
    if (response.request().method() === 'POST' && response.url().endsWith(path)) statuses.push(response.status());
  });
  return statuses;
};

describe('the single-page app, when things are not as usual', () => {
  const browser = during(launchBrowser);
  const example = during(startSpa);
  afterEach(backToRealTime);

  it('goes on in a second tab, whose token lapsed when a method was set up in the first', async () => {
    const person = await openPerson(browser(), example().url);
    const { page } = person;
    await person.open();
    await person.enter('Sign up');
    await person.button('Passkey').waitFor();
    const other = await person.tab.context.newPage();
    await other.goto(`${example().url}/app/`);
    await other.getByRole('button', { name: 'Code by e-mail' }).click();
    await other.getByLabel('E-mail address').fill(person.email);

    await person.button('Authenticator app').click();
    await person.readKey();
    await person.type(await person.freshCode());
    await person.readCodes();
    await person.finishCodes();
    await page.locator('.mfa-authenticators li').waitFor();

    // What this tab knows is of before; its next press is sent again with another token, and what was typed is still there.
    const sent = answers(other, '/mfa/setup/email/begin');
    await other.getByRole('button', { name: 'Send code' }).click();
    await other.locator('input[name=code]').waitFor();
    await eventually(async () => expect(sent).to.deep.equal([403, 200]));
    await other.locator('.mfa-authenticators li').waitFor();
    await person.tab.context.close();
  });

  it('shows what another tab did as soon as somebody comes back, and asks to sign in where they signed out there', async () => {
    const person = await openPerson(browser(), example().url);
    const { page } = person;
    await person.protectAccount();
    const other = await person.tab.context.newPage();
    await other.goto(`${example().url}/app/`);
    await other.getByRole('button', { name: 'Rename: ' }).click();
    await other.getByLabel('New name').fill('Work phone');
    await other.getByRole('button', { name: 'Save name' }).click();
    await other.getByText('“Work phone”').waitFor();
    expect(await page.getByText('“Work phone”').count()).to.equal(0);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.getByText('“Work phone”').waitFor();

    await person.button('Backup codes').click();
    await person.button('Make new backup codes').waitFor();
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByRole('button', { name: 'Sign in' }).waitFor();
    await person.button('Make new backup codes').click();
    await person.button('Sign in').waitFor();
    expect(await page.locator('.mfa-authenticators, .mfa-backup-codes').count()).to.equal(0);
    await person.tab.context.close();
  });

  it('says of codes that are gone because of another tab what to do', async () => {
    const person = await openPerson(browser(), example().url);
    const { page } = person;
    await person.open();
    await person.enter('Sign up');
    await person.button('Authenticator app').click();
    await person.readKey();
    await person.type(await person.freshCode());
    await person.readCodes();
    const other = await person.tab.context.newPage();
    await other.goto(`${example().url}/app/`);
    await other.getByLabel('I have saved these codes').check();
    await other.getByRole('button', { name: 'Finish' }).click();
    await other.getByRole('heading', { name: 'Transfer money' }).waitFor();
    await person.finishCodes();
    await page.getByRole('heading', { name: 'Transfer money' }).waitFor();
    await person.button('Backup codes').click();
    await page.getByText('10 of 10 backup codes are left.').waitFor();
    await person.tab.context.close();
  });

  it('renews a token that lapsed by itself, and keeps what was typed where that does not help', async () => {
    const person = await openPerson(browser(), example().url);
    const { page } = person;
    await person.open();
    await person.enter('Sign up');
    await person.button('Authenticator app').click();
    await person.readKey();
    const sent = answers(page, '/mfa/setup/totp');
    const pattern = '**/mfa/setup/totp';
    let isSpoiled = 0;
    await page.route(pattern, (route) => {
      isSpoiled += 1;
      return route.continue({ headers: { ...route.request().headers(), 'x-csrf-token': 'lapsed' } });
    });
    const code = await person.freshCode();
    await person.type(code);
    await page.getByRole('alert').filter({ hasText: 'The form was open too long' }).waitFor();
    expect(isSpoiled).to.equal(2);
    expect(await page.locator('input[name=code]').inputValue()).to.equal(code);
    await page.unroute(pattern);
    await page.route(
      pattern,
      (route) => route.continue({ headers: { ...route.request().headers(), 'x-csrf-token': 'lapsed' } }),
      {
        times: 1,
      },
    );
    await person.button('Turn on').click();
    await person.readCodes();
    await eventually(async () => expect(sent).to.deep.equal([403, 403, 403, 200]));
    await person.tab.context.close();
  });

  it('says that there is no connection, keeps what was entered, and goes on afterwards', async () => {
    const person = await openPerson(browser(), example().url);
    const { page } = person;
    const { context } = person.tab;
    const isOffline = page.getByRole('alert').filter({ hasText: 'There is no connection.' }).first();
    await person.protectAccount();
    await context.setOffline(true);
    // What cannot be read comes by itself, or by a press.
    await person.button('Backup codes').click();
    await isOffline.waitFor();
    await person.button('Try again').click();
    await isOffline.waitFor();
    await context.setOffline(false);
    await page.getByText('10 of 10 backup codes are left.').waitFor();

    await person.button('Passkey').click();
    await context.setOffline(true);
    await person.button('Create passkey').click();
    await isOffline.waitFor();
    await person.button('Authenticator app').click();
    await isOffline.waitFor();
    await context.setOffline(false);
    await person.readKey();

    const code = await person.freshCode();
    await context.setOffline(true);
    await person.type(code);
    await isOffline.waitFor();
    expect(await page.locator('input[name=code]').inputValue()).to.equal(code);
    await context.setOffline(false);
    await person.button('Turn on').click();
    await page.locator('.mfa-set-up').waitFor({ state: 'detached' });
    expect(unexpected(person)).to.deep.equal([]);
    await context.close();
  });
});
