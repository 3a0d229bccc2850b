// The example app as a single-page app in a real browser: from sign-up over an app, backup codes and a passkey to a step-up in the
// middle of a POST and sign-out; by the keyboard alone; and codes are found nowhere once they are gone from the screen.
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { launchBrowser } from '../support/browser.js';
import { during } from '../support/during.js';
import { eventually } from '../support/eventually.js';
import { addAuthenticator } from '../support/passkey-browser.js';
import { backToRealTime, letPass } from './person.js';
import { openPerson, startSpa, unexpected } from './spa.js';

type Printed = { printed?: { text: string; height: number }[] };

/** Runs in each frame: a printer that tells of the first dialog that it was closed. */
function printsInto(): void {
  const own = window.top as unknown as Printed;
  const printed = (own.printed ??= []);
  window.print = () => {
    const { innerText, scrollHeight } = document.body;
    printed.push({ text: innerText, height: scrollHeight });
    if (printed.length === 1) window.dispatchEvent(new Event('afterprint'));
  };
}

describe('the single-page app', () => {
  const browser = during(launchBrowser);
  const example = during(startSpa);
  afterEach(backToRealTime);

  it('goes from sign-up to a step-up and out again', async () => {
    const person = await openPerson(browser(), example().url, { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page, tab } = person;
    await addAuthenticator(page);
    await tab.context.addInitScript(printsInto);
    await person.open();
    await person.enter('Sign up');
    await person.button('Authenticator app').click();
    await person.readKey();
    await person.type('12345');
    await page.getByRole('alert').filter({ hasText: 'too short' }).waitFor();
    await page.locator('input[name=code]:focus').waitFor();
    await person.type(await person.freshCode());

    await person.readCodes();
    // What is looked for below is found where it is.
    expect(await person.traces()).to.include('document');
    await person.button('Copy').click();
    await page.getByRole('status').filter({ hasText: 'The codes are copied.' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).to.equal(person.codes.join('\n'));
    const [download] = await Promise.all([page.waitForEvent('download'), person.button('Download').click()]);
    expect(download.suggestedFilename()).to.equal('example-backup-codes.txt');
    const file = await readFile(await download.path(), 'utf8');
    for (const code of person.codes) expect(file).to.include(code);
    // On paper: what is shown, for which site. The page for it goes with the dialog, or else with the codes.
    await person.button('Print').click();
    await page.locator('iframe').waitFor({ state: 'detached' });
    await person.button('Print').click();
    const [paper = { text: '', height: 0 }] = await page.evaluate(() => (window as unknown as Printed).printed ?? []);
    for (const code of person.codes) expect(paper.text).to.include(code);
    expect(paper.text).to.match(/^Backup codes: localhost.*Made on.*Each works once/s);
    expect(paper.height).to.be.greaterThan(100);
    await person.button('Give me ten more minutes').click();
    await person.button('Give me ten more minutes').waitFor({ state: 'detached' });
    await person.button('Finish').click();
    await page.getByRole('alert').filter({ hasText: 'Save the codes first' }).waitFor();
    await person.finishCodes();
    await page.getByRole('heading', { name: 'Transfer money' }).waitFor();
    await page.locator('iframe').waitFor({ state: 'detached' });
    await eventually(async () => expect(await person.traces()).to.deep.equal([]));

    await person.signOut();
    await person.enter('Sign in');
    await page.getByRole('heading', { name: 'Verify that it is you' }).waitFor();
    await page.getByText('Try another method').click();
    await person.button('Backup code').click();
    await person.type(person.codes[0]!);
    await page.getByRole('heading', { name: 'Transfer money' }).waitFor();
    await person.button('Backup codes').click();
    await page.getByText('9 of 10 backup codes are left.').waitFor();
    await page.getByText('Used codes').click();
    await page.getByText(/^Code \d+, used on/).waitFor();
    await eventually(async () => expect(await person.traces()).to.deep.equal([]));

    await person.button('Passkey').click();
    await person.button('Create passkey').click();
    await page.locator('.mfa-authenticators li').nth(1).waitFor();

    letPass(301);
    const dialog = page.getByRole('dialog');
    await person.button('Transfer').click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('status').filter({ hasText: 'Nothing was moved.' }).waitFor();
    await person.button('Transfer').click();
    await dialog
      .getByRole('button', { name: 'Use passkey' })
      .or(dialog.getByText('Try another method'))
      .first()
      .waitFor();
    if ((await dialog.getByRole('button', { name: 'Use passkey' }).count()) === 0) {
      await dialog.getByText('Try another method').click();
      await dialog.getByRole('button', { name: 'Passkey', exact: true }).click();
    }
    await dialog.getByRole('button', { name: 'Use passkey' }).click();
    await page.getByRole('status').filter({ hasText: 'Done: nothing was moved' }).waitFor();
    await person.signOut();

    await person.button('Use passkey').click();
    await page.getByRole('heading', { name: 'Transfer money' }).waitFor();
    await person.signOut();
    expect(unexpected(person)).to.deep.equal([]);
    await tab.context.close();
  });

  it('is used by the keyboard alone', async () => {
    const person = await openPerson(browser(), example().url);
    const { page } = person;
    await person.open();
    const reach = async (name: string) => {
      for (let presses = 0; presses < 40; presses += 1) {
        const focused = await page.evaluate(() => {
          const { activeElement } = document;
          // What holds the words has the focus as well, where it comes to a new screen.
          if (!activeElement?.matches('a, button, input, summary')) return '';
          const labelled =
            activeElement instanceof HTMLInputElement ? activeElement.labels?.[0]?.textContent : undefined;
          return labelled ?? activeElement.textContent;
        });
        if (focused.trim().startsWith(name)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab never reaches "${name}".`);
    };
    await reach('E-mail address');
    await page.keyboard.type(person.email);
    await reach('Password');
    await page.keyboard.type('correct horse battery staple');
    await reach('Sign up');
    await page.keyboard.press('Enter');
    await person.button('Authenticator app').waitFor();
    await reach('Authenticator app');
    await page.keyboard.press('Enter');
    await person.readKey();
    await reach('Enter the 6-digit');
    await page.keyboard.type(await person.freshCode());
    await page.keyboard.press('Enter');
    await person.readCodes();
    await reach('I have saved these codes');
    await page.keyboard.press('Space');
    await reach('Finish');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Transfer money' }).waitFor();
    letPass(301);
    await reach('Transfer');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await reach('6-digit');
    await page.keyboard.type(await person.freshCode());
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'Done: nothing was moved' }).waitFor();
    await reach('Sign out');
    await page.keyboard.press('Enter');
    await person.button('Sign in').waitFor();
    await person.tab.context.close();
  });
});
