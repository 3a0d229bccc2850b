// The picture of the flow in the README: set-up, verification and account, as the example app shows them on a phone.
// Each run makes it anew as output/screenshots/flow.webp; docs/images/flow.webp is a copy that somebody chose to renew.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { startExample } from '../example-app/fixture.js';
import { launchBrowser, openTab, plainText } from '../support/browser.js';
import { during } from '../support/during.js';
import { backToRealTime, Person } from './person.js';

const made = new URL('../../output/screenshots/flow.webp', import.meta.url);
const committed = new URL('../../docs/images/flow.webp', import.meta.url);
const screen = { width: 380, height: 760 };
const scale = 1.5;

/** The screens side by side, each with a thin edge, on no ground: it stands on white pages and on black ones. */
function sideBySide(page: Page, screens: readonly Buffer[]): Promise<string> {
  return page.evaluate(
    async ([pictures, width, height]) => {
      const [edge, gap, round] = [2, 30, 30];
      const canvas = document.createElement('canvas');
      canvas.width = pictures.length * (width + gap) - gap;
      canvas.height = height;
      const brush = canvas.getContext('2d');
      if (!brush) throw new Error('This browser draws nothing.');
      for (const [index, base64] of pictures.entries()) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes]));
        const left = index * (width + gap);
        brush.save();
        brush.beginPath();
        brush.roundRect(left + edge, edge, width - 2 * edge, height - 2 * edge, round);
        brush.lineWidth = 2 * edge;
        brush.strokeStyle = '#8b949e';
        brush.stroke();
        brush.clip();
        brush.drawImage(bitmap, left, 0);
        brush.restore();
      }
      return canvas.toDataURL('image/webp', 0.8).split(',')[1] ?? '';
    },
    [screens.map((each) => each.toString('base64')), screen.width * scale, screen.height * scale] as const,
  );
}

describe('the picture of the flow', () => {
  const browser = during(launchBrowser);
  const example = during(startExample);
  after(backToRealTime);

  it('is taken from the example app: set-up, verification, account', async () => {
    const { context, page, problems } = await openTab(browser(), { viewport: screen, deviceScaleFactor: scale });
    const person = new Person(page, example().url.replace('127.0.0.1', 'localhost'));
    const screens: Buffer[] = [];
    const take = async (heading: string) => {
      expect(plainText(await page.locator('h1').innerText())).to.equal(heading);
      screens.push(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
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

    const picture = Buffer.from(await sideBySide(page, screens), 'base64');
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
