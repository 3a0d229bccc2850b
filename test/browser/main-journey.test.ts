// The main journey through the example app in a real browser: with its memory, on Redis, and with JavaScript switched
// off. The QR code is read from the screen, the codes come from oathtool.
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { password, startExample, type Example } from '../example-app/fixture.js';
import { launchBrowser, openTab, type Tab } from '../support/browser.js';
import { newRedis } from '../support/redis.js';
import { backToRealTime, letPass, Person } from './person.js';

for (const { where, withRedis, javaScriptEnabled } of [
  { where: 'in memory', withRedis: false, javaScriptEnabled: true },
  { where: 'on Redis', withRedis: true, javaScriptEnabled: true },
  { where: 'in memory, without JavaScript', withRedis: false, javaScriptEnabled: false },
]) {
  describe(`the example app ${where}`, () => {
    let browser: Browser;
    let example: Example;
    let tab: Tab;
    let person: Person;
    const redis = withRedis ? newRedis({ lazyConnect: true }) : undefined;

    before(async () => {
      browser = await launchBrowser();
      example = await startExample(redis);
    });
    after(async () => {
      await browser.close();
      await example.close();
      redis?.disconnect();
    });
    beforeEach(async () => {
      tab = await openTab(browser, { javaScriptEnabled });
      person = new Person(tab.page, example.url.replace('127.0.0.1', 'localhost'));
    });
    afterEach(async () => {
      await tab.context.close();
      backToRealTime();
    });

    it('goes from sign-up to the page asked for, by the phone', async () => {
      await person.signUp();
      expect(person.at).to.equal('/mfa/setup');
      await person.press('Authenticator app');
      await person.scanScreen();
      await person.type('12345');
      await person.expectError('The code is too short');
      await person.setUpPhone();

      await person.press('Finish set-up');
      await person.expectError('Save the codes first');
      await person.saveCodes();
      expect(person.at).to.equal('/account');
      expect(await tab.page.locator('main').innerText()).to.include('authenticator app, just now');
      await person.signOut();

      // The sign-in of the host leads to /account; here the person is on the way to a page of their own.
      await tab.context.request.post(`${person.url}/login`, {
        form: { email: person.email, password },
        maxRedirects: 0,
      });
      await person.open('/account?tab=invoices&page=2');
      expect(person.at).to.equal('/mfa/verify/totp');
      await person.type(await person.wrongCode());
      await person.expectError('The code is incorrect or already used.*You have 4 attempts left');
      const code = await person.freshCode();
      await person.type(`${code.slice(0, 3)} ${code.slice(3)}`);
      expect(person.at).to.equal('/account?tab=invoices&page=2');

      await person.signOut();
      await person.signIn();
      await person.type(code);
      await person.expectError('incorrect or already used');
      await person.press('Sign out');
      expect(person.at).to.equal('/');
      await person.open('/account');
      expect(person.at).to.equal('/login');
      expect(tab.problems).to.deep.equal([]);
    });

    it('comes back in with a backup code and moves to a new phone', async () => {
      await person.protectAccount();
      const lostPhone = person.uri;
      await person.signOut();
      await person.signIn();
      expect(person.at).to.equal('/mfa/verify/totp');
      await person.press('Try another method');
      await person.press('Backup code');
      const [first = ''] = person.backupCodes;
      await person.type(first.replaceAll('-', ' ').toLowerCase());
      expect(person.at).to.equal('/mfa/backup-codes/used');
      expect(await tab.page.locator('main').innerText()).to.include('9 of 10 backup codes are left');
      await person.press('Continue');
      expect(person.at).to.equal('/account');
      expect(await tab.page.locator('main').innerText()).to.include('backup code, just now');

      await person.open('/mfa');
      expect(await tab.page.locator('main').innerText()).to.include('You came in with a backup code. You have 9 left.');
      await person.press('Lost your phone? Set up a new one');
      await person.press('Authenticator app');
      await person.setUpPhone();
      expect(person.uri).not.to.equal(lostPhone);
      await person.open('/mfa');
      await person.signOut();

      await person.signIn();
      const newPhone = person.uri;
      person.uri = lostPhone;
      await person.type(await person.freshCode());
      await person.expectError('The code is incorrect');
      await person.press('Try another method');
      await person.press('Backup code');
      await person.type(first);
      await person.expectError('The backup code is incorrect or already used');
      await person.press('Try another method');
      await person.press('Authenticator app');
      person.uri = newPhone;
      await person.type(await person.freshCode());
      expect(person.at).to.equal('/account');
      expect(tab.problems).to.deep.equal([]);
    });

    it('asks again before a transfer, and lets the account be managed', async () => {
      const { page } = tab;
      await person.protectAccount();
      letPass(301);
      await person.open('/transfer?to=bob&amount=5');
      expect(person.at).to.equal('/mfa/verify/totp');
      expect(await page.locator('main').innerText()).to.include('Verify again');
      await person.type(await person.freshCode());
      expect(person.at).to.equal('/transfer?to=bob&amount=5');
      expect(await page.locator('main').innerText()).to.include('you proved your second factor just now');

      await person.open('/mfa');
      await page.getByText('Rename Authenticator app').click();
      await page.getByLabel('New name').fill('  ');
      await person.press('Save name');
      await person.expectError('Enter a name of at most 64 characters');
      await page.getByLabel('New name').fill('Old <phone>');
      await person.press('Save name');
      const item = page.getByRole('listitem').filter({ hasText: 'Authenticator app “Old <phone>”' });
      expect(await item.count()).to.equal(1);

      await person.press('Remove Old <phone>');
      expect(await page.locator('h1').innerText()).to.equal('Remove your last method?');
      expect(await page.locator('main').innerText()).to.include('What about the backup codes?');
      await person.press('Cancel');
      expect(await item.count()).to.equal(1);
      await person.press('Remove Old <phone>');
      await person.press('Remove');
      await person.expectError('Choose what becomes of your backup codes');
      await page.getByLabel('Keep them').check();
      await person.press('Remove');
      // Nobody is thrown from here into a challenge.
      expect(person.at).to.equal('/mfa/removed');
      expect(await page.getByRole('status').innerText()).to.equal('Removed: Authenticator app “Old <phone>”.');

      await person.open('/mfa');
      await person.press('Sign out');
      expect(person.at).to.equal('/');
      await person.signIn();
      expect(person.at).to.equal('/mfa/verify/backup-codes');
      expect(tab.problems).to.deep.equal([]);
    });
  });
}
