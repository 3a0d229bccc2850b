// Of a browser test that failed, what its pages showed: address, visible text, what the console minded, answers of 400 and more.
// Written to stderr when the browser or a context of it closes; of a test that passes nothing.
import type { Browser, BrowserContext, Page } from 'playwright-core';

const textLength = 2000;
const maxNotes = 30;
const answerMs = 10_000;

/** Of the process: what runs the tests imports this file, and tests require it, which makes two modules of it. */
const shared = globalThis as { testUnderWay?: Mocha.Test | undefined };

/** For every run of mocha: which test is under way. */
export const mochaHooks = {
  beforeEach(this: Mocha.Context): void {
    shared.testUnderWay = this.currentTest;
  },
};

/** A test that never ran failed before, in a hook: another hook runs then, one that closes what there is. */
function hasFailed(test: Mocha.Test | undefined): boolean {
  if (!test) return false;
  return test.state === 'failed' || (test.state === undefined && test.ctx?.runnable() !== test);
}

/** Keeps an eye on every page of the browser. */
export function watched(browser: Browser): Browser {
  const open = new Set<() => Promise<void>>();
  const newContext = browser.newContext.bind(browser);
  const close = browser.close.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    const tell = watchContext(context);
    open.add(tell);
    context.once('close', () => open.delete(tell));
    return context;
  };
  browser.close = async (options) => {
    for (const tell of open) await tell();
    return close(options);
  };
  return browser;
}

/** @returns what tells of its pages, once, where the test failed that opened it or that runs now */
function watchContext(context: BrowserContext): () => Promise<void> {
  const owner = shared.testUnderWay;
  const notes = new Map<Page, string[]>();
  context.on('page', (page) => void notes.set(page, notesOf(page)));
  const tell = async () => {
    const failed = [owner, shared.testUnderWay].find(hasFailed);
    if (!failed) return;
    for (const [page, noted] of notes) {
      if (!page.isClosed()) console.error(await described(failed, page, noted));
    }
    notes.clear();
  };
  const close = context.close.bind(context);
  context.close = async (options) => {
    await tell();
    return close(options);
  };
  return tell;
}

function notesOf(page: Page): string[] {
  const notes: string[] = [];
  const note = (text: string) => {
    notes.push(text.slice(0, 500));
    if (notes.length > maxNotes) notes.shift();
  };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) note(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => note(`error: ${String(error)}`));
  page.on('requestfailed', (request) => note(`${request.failure()?.errorText}: ${request.method()} ${request.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) note(`${response.status()}: ${response.request().method()} ${response.url()}`);
  });
  return notes;
}

async function described(test: Mocha.Test, page: Page, notes: readonly string[]): Promise<string> {
  const body = page.locator('body').innerText({ timeout: answerMs });
  const text = await body.catch((error: unknown) => `(nothing can be read: ${String(error).split('\n', 1)[0]})`);
  const lines = [`at ${page.url()}`, ...notes, 'shows:', ...text.slice(0, textLength).split(/\n+/)];
  return `“${test.fullTitle()}” failed\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
