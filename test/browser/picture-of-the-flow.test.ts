// The picture of the flow in the README: set-up, verification and account, as the example app shows them on a phone.
// Each run makes it anew as output/screenshots/flow.webp; docs/images/flow.webp is a copy that somebody chose to renew.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { startExample } from '../example-app/fixture.js';
import { launchBrowser, openTab, pictureOfPage, plainText } from '../support/browser.js';
import { during } from '../support/during.js';
import { backToRealTime, Person } from './person.js';
import { pictureOf, screen } from './side-by-side.js';

const made = new URL('../../output/screenshots/flow.webp', import.meta.url);
const committed = new URL('../../docs/images/flow.webp', import.meta.url);
describe('the picture of the flow', () => {
  const browser = during(launchBrowser);
  const example = during(startExample);
  after(backToRealTime);

  it('is taken from the example app: set-up, verification, account', async () => {
    const { context, page, problems } = await openTab(browser(), screen);
    const person = new Person(page, example().url.replace('127.0.0.1', 'localhost'));
    const screens: Buffer[] = [];
    const take = async (heading: string) => {
      expect(plainText(await page.locator('h1').innerText())).to.equal(heading);
      screens.push(await pictureOfPage(page, { animations: 'disabled', caret: 'hide' }));
    };

    await person.signUp();
    await take('Set up two-step verification');
    await person.press('Authenticator app');
    await person.setUpPhone();
    await person.saveCodes();
    await person.signOut();
    await person.signIn();
    await take('Enter your security code');
    await person.type(await person.freshCode());
    await person.open('/mfa');
    await take('Two-step verification');

    const picture = await pictureOf(page, screens);
    mkdirSync(new URL('.', made), { recursive: true });
    writeFileSync(made, picture);
    expect(picture.length).to.be.within(10_000, 150_000);
    await context.close();
    expect(problems).to.deep.equal([]);
  });

  it('stands in the README, and is small', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).to.match(/!\[[^\]]{60,}\]\(docs\/images\/flow\.webp\)/);
    expect(statSync(committed).size).to.be.below(150_000);
  });
});
