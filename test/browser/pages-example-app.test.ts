// The example app's own pages: axe, the keyboard and the layout, light and dark, narrow and wide, like ours.
import { expect } from 'chai';
import { startExample } from '../example-app/fixture.js';
import { keepScreenshot, launchBrowser, openTab } from '../support/browser.js';
import { during } from '../support/during.js';
import { axeFindings, bringAxe, keyboardFindings, layoutFindings } from './page-checks.js';
import { backToRealTime, Person } from './person.js';

describe('the pages of the example app', () => {
  const browser = during(launchBrowser);
  const example = during(startExample);
  after(backToRealTime);

  it('have no fault in any look', async () => {
    const { context, page, problems } = await openTab(browser());
    await bringAxe(context);
    const person = new Person(page, example().url.replace('127.0.0.1', 'localhost'));

    async function look(name: string, open: () => Promise<unknown>): Promise<void> {
      for (const colorScheme of ['light', 'dark'] as const) {
        for (const width of [320, 1280]) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 800 });
          await open();
          await keepScreenshot(page, `example ${name}-${colorScheme}-${width}`);
          const found = [
            ...(await layoutFindings(page)),
            ...(await axeFindings(page)),
            ...(await keyboardFindings(page)),
          ];
          problems.push(...found.map((finding) => `${name}, ${colorScheme}, ${width} px: ${finding}`));
        }
      }
    }

    await look('start', () => person.open('/'));
    await look('sign-in', () => person.open('/login'));
    await look('sign-up', () => person.open('/signup'));
    await look('sign-up refused', async () => {
      await person.open('/signup');
      await page.getByLabel('E-mail address').fill('nobody@nowhere');
      await page.getByLabel('Password').fill('too short'.repeat(1000));
      await page.locator('main form').evaluate((form) => form.setAttribute('novalidate', ''));
      await person.press('Sign up');
      expect(await page.getByRole('alert').count()).to.equal(1);
    });
    await person.protectAccount();
    for (const path of ['/', '/account', '/transfer', '/admin', '/nowhere']) {
      await look(`signed in ${path}`, () => person.open(path));
    }
    expect(problems).to.deep.equal([]);
    await context.close();
  });
});
