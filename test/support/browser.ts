// A real Chromium for the browser tests: launched once per file, a context per person, and a list of everything that a
// browser would complain about while a page is used. Knows no page of ours.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page, PageScreenshotOptions } from 'playwright-core';
import { watched } from './failed-pages.js';

const screenshots = fileURLToPath(new URL('../../output/screenshots/', import.meta.url));

/** For a machine that does much else. */
export const patienceMs = 60_000;

/** Chromium at `CHROMIUM_PATH`, without anything that it would do on the network by itself. */
export async function launchBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    timeout: patienceMs,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return watched(browser);
}

export type Tab = {
  context: BrowserContext;
  page: Page;
  /** Violations of the Content Security Policy, errors of scripts, files that did not load, requests to elsewhere. */
  problems: string[];
};

/** A browser of one person, with one tab. The caller closes `context`. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  context.setDefaultTimeout(patienceMs);
  const problems: string[] = [];
  // The event knows violations that the console does not show; the compiler's helper is missing in a page.
  await context.addInitScript(`globalThis.__name ??= (value) => value;
    document.addEventListener('securitypolicyviolation', (violation) =>
      console.error('CSP: ' + violation.violatedDirective + ' ' + violation.blockedURI));`);
  const page = await context.newPage();
  page.on('console', (message) => {
    // A form that was refused is a page with a status of its own, and no problem.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      problems.push(`${page.url()} ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => problems.push(`${page.url()} ${String(error)}`));
  page.on('response', (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) {
      problems.push(`${page.url()} ${response.status()} ${response.url()}`);
    }
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== 'localhost') problems.push(`${page.url()} asks ${request.url()}`);
  });
  return { context, page, problems };
}

/** The whole page as `output/screenshots/<name>.png`, to be looked at. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  const path = join(screenshots, `${name.replace(/[^a-z0-9]+/gi, '-')}.png`);
  await pictureOfPage(page, { path, fullPage: true, animations: 'disabled' });
}

export async function pictureOfPage(page: Page, options: PageScreenshotOptions = {}): Promise<Buffer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await page.screenshot(options);
    } catch (error) {
      // A browser on a busy machine sometimes has no picture yet of a page that it stretched just now.
      if (attempt === 5 || !String(error).includes('Unable to capture screenshot')) throw error;
    }
  }
}

/** Stops the clock of a page that nothing was opened in yet: it goes by `page.clock.runFor` alone, however slow the machine is. */
export async function stopClock(page: Page): Promise<void> {
  const now = Date.now();
  await page.clock.install({ time: now });
  // It went on meanwhile.
  await page.clock.pauseAt(now + 2 * patienceMs);
}

/** Words as our pages have them: a word joiner keeps `two-step` and `e-mail` in one piece. */
export function onPage(words: string): string {
  return words.replace(/\b(two|e|sign|set)-(?=[a-z])/gi, '$1-\u2060');
}

/** What a page says, without the joiners. */
export function plainText(text: string): string {
  return text.replaceAll('\u2060', '');
}
