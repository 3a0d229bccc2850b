// What is checked of every page in a real browser: axe, the layout, the size of targets, and the keyboard. Each check
// answers with the list of what is wrong. Knows no page of ours.
import axe from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';

/** WCAG 2.2, levels A and AA. `target-size` is off by default in axe. */
const axeOptions: axe.RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
  // There is nothing to fetch again: no sheet of another origin.
  preload: false,
};

type Walk = { missed: Set<HTMLElement>; found: string[] };

/** Puts axe into every page of the context, which is faster than to send it to each. */
export function bringAxe(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(axe.source);
}

/** What axe finds, one line per element. `bringAxe` comes first. */
export async function axeFindings(page: Page): Promise<string[]> {
  return page.evaluate(async (options) => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, options);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, any, failureSummary }) =>
          `axe ${id}: ${target.join(' ')} ${any[0]?.message ?? failureSummary ?? ''}`,
      ),
    );
  }, axeOptions);
}

/** One heading of the first level, a title and a language; no horizontal scrolling; targets of 44 px and more. */
export function layoutFindings(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const root = document.documentElement;
    if (document.querySelectorAll('h1').length !== 1) found.push('not exactly one h1');
    if (!document.title.trim()) found.push('no title');
    if (!root.lang) found.push('no language');
    const over = root.scrollWidth - root.clientWidth;
    if (over > 0) found.push(`scrolls sideways by ${over} px`);
    for (const target of document.querySelectorAll<HTMLElement>(
      'a[href], button, summary, select, input:not([type=hidden])',
    )) {
      if (!target.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue;
      // A link in the middle of a sentence is as high as its line (WCAG 2.5.8, "Inline").
      if (target.matches('p a') && getComputedStyle(target).display === 'inline') continue;
      const box = (target.matches('[type=checkbox], [type=radio]') && target.closest('label')) || target;
      const { width, height } = box.getBoundingClientRect();
      if (width < 43.5 || height < 43.5) {
        found.push(`target of ${Math.round(width)} × ${Math.round(height)} px: ${target.outerHTML.slice(0, 120)}`);
      }
    }
    return found;
  });
}

/**
 * Walks the page with Tab alone: every link, button, input and part that scrolls is reached, and shows that it is, unobscured
 * (WCAG 2.1.1, 2.4.7, 2.4.11). What can be opened is open, so that what is in it counts too.
 */
export async function keyboardFindings(page: Page): Promise<string[]> {
  const targets = await page.evaluate(() => {
    document.querySelectorAll('details').forEach((each) => (each.open = true));
    const walk: Walk = { missed: new Set(), found: [] };
    (globalThis as unknown as { walk: Walk }).walk = walk;
    for (const each of document.querySelectorAll<HTMLElement>(
      'a[href], button, summary, select, input:not([type=hidden]), [tabindex="0"]',
    )) {
      // Of a group of radio buttons Tab reaches the chosen one, or else the first; the arrows reach the others.
      const group = [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')].filter(
        (other) => each instanceof HTMLInputElement && other.name === each.name && other.form === each.form,
      );
      const byArrows = each.matches('[type=radio]') && (group.find(({ checked }) => checked) ?? group[0]) !== each;
      if (each.checkVisibility() && !each.matches(':disabled') && !byArrows) walk.missed.add(each);
    }
    const look = () => {
      const target = document.activeElement;
      if (!(target instanceof HTMLElement) || !walk.missed.delete(target)) return;
      const name = target.outerHTML.slice(0, 120);
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(target);
      // `auto` is the browser's own ring, wide enough whatever its width says.
      const thin = outlineStyle !== 'auto' && parseFloat(outlineWidth) < 2;
      if (outlineStyle === 'none' || thin || outlineColor === 'rgba(0, 0, 0, 0)') {
        walk.found.push(`focus cannot be seen: ${name}`);
      }
      const [box] = target.getClientRects();
      const top = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (!top || !(target.contains(top) || top.contains(target))) walk.found.push(`focused, but obscured: ${name}`);
    };
    // By the time the next key is pressed, the browser has scrolled to what was focused.
    document.addEventListener('keydown', look, true);
    // Day, month, year and the calendar of a date are a stop each.
    const dates = document.querySelectorAll('input[type=date]').length;
    return walk.missed.size + 4 * dates;
  });
  // Once around from wherever `autofocus` put the person, through the browser's own controls at the end.
  for (let press = 0; press < targets + 3; press += 1) await page.keyboard.press('Tab');
  return page.evaluate(() => {
    const { missed, found } = (globalThis as unknown as { walk: Walk }).walk;
    return [...found, ...[...missed].map((target) => `not reached by Tab: ${target.outerHTML.slice(0, 120)}`)];
  });
}
