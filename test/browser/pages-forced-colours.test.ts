// Every page under forced colours, as in Windows' contrast themes: the browser takes colours and grounds away, and what
// can be pressed or filled in still has an edge, icons and the bar of codes still stand out.
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { keepScreenshot, launchBrowser, openTab, pictureOfPage } from '../support/browser.js';
import { during } from '../support/during.js';
import { openSampleSite } from '../support/sample-site.js';
import { keyboardFindings } from './page-checks.js';
import { openDarkroom, unseen, type Place } from './pixels.js';

/** Runs in the page: what must be seen, and how. A box to tick has an edge of the browser's own. */
function placesOf(): Place[] {
  const looks: { [selector: string]: Place['look'] } = {
    'button, a.mfa-button, .mfa-choice, input:not([type=hidden]), select, .mfa-note, .mfa-summary, .mfa-pips i': 'edge',
    'a[href], summary, .mfa-icon, .mfa-mark': 'ink',
    ':is(.mfa-pips, .mfa-step) .is-on': 'full',
    ':is(.mfa-pips, .mfa-step) :not(.is-on, span)': 'empty',
  };
  return Object.entries(looks).flatMap(([selector, look]) =>
    [...document.querySelectorAll(selector)]
      .filter((each) => each.checkVisibility({ checkOpacity: true }))
      .map((each) => {
        const { x, y, width, height } = each.getBoundingClientRect();
        // A button that looks like a link is one: its words are what is seen.
        const asText = look === 'edge' && each.matches('.mfa-link');
        const name = each.outerHTML.slice(0, 80);
        return { look: asText ? 'ink' : look, name, x: x + scrollX, y: y + scrollY, width, height };
      }),
  );
}

describe('every page, under forced colours,', () => {
  const browser = during(launchBrowser);
  const site = during(openSampleSite);

  /** One of each kind of page, whose variants differ in words. */
  const some = [
    'totp',
    'choose',
    'codes',
    'codes pending',
    'manage',
    'set-up, required',
    'webauthn',
    'remove, not chosen',
  ];

  /** These say other words in the same places. */
  const differs = (name: string) => !/^(manage, said .|object, (?!factor-added|done))/.test(name);

  async function lookAt(page: Page, darkroom: Page, name: string): Promise<string[]> {
    await page.goto(site().url('en', site().names.indexOf(name)));
    // A ring around what is focused is no edge.
    await page.evaluate(() => {
      (document.activeElement as HTMLElement | null)?.blur();
    });
    const picture = await pictureOfPage(page, { fullPage: true, animations: 'disabled' });
    return unseen(darkroom, picture, await page.evaluate(placesOf));
  }

  for (const colorScheme of ['dark', 'light'] as const) {
    it(`keeps its edges, its icons and its bars, ${colorScheme}`, async () => {
      const { context, page, problems } = await openTab(browser(), {
        colorScheme,
        forcedColors: 'active',
        viewport: { width: 360, height: 800 },
      });
      const darkroom = await openDarkroom(context);
      for (const name of colorScheme === 'dark' ? site().names.filter(differs) : some) {
        problems.push(...(await lookAt(page, darkroom, name)).map((finding) => `${name}: ${finding}`));
        if (!some.includes(name)) continue;
        await keepScreenshot(page, `forced colours ${name}-${colorScheme}`);
        problems.push(...(await keyboardFindings(page)).map((finding) => `${name}: ${finding}`));
      }
      await context.close();
      expect(problems, problems.join('\n')).to.deep.equal([]);
    });
  }

  it('would be found without', async () => {
    const { context, page } = await openTab(browser(), { forcedColors: 'active', colorScheme: 'dark' });
    const darkroom = await openDarkroom(context);
    await page.setContent(`<style>* { display: block; margin: 40px; font-size: 16px } button { padding: 9px }</style>
      <button>Edge</button><button style="border: 0">None</button><svg class="mfa-icon" width="20" height="20"></svg>
      <p class="mfa-pips"><i class="is-on" style="border: 1px solid; padding: 9px"></i></p>`);
    const found = await unseen(darkroom, await pictureOfPage(page), await page.evaluate(placesOf));
    expect(found.map((finding) => finding.slice(0, 30))).to.deep.equal([
      'no edge: <button style="border',
      'no ink: <svg class="mfa-icon" ',
      'no full: <i class="is-on" styl',
    ]);
    await context.close();
  });
});
