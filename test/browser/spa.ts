// Somebody at the example app's single-page app, and what must never be found in their browser: a code that they were shown or typed.
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildSpa, withSpa } from '../../example-app/spa/server.js';
import { freshEmail, password, startExample, type Example } from '../example-app/fixture.js';
import { openTab, type Tab } from '../support/browser.js';
import { codeOnPhone } from '../support/phone.js';
import { letPass } from './person.js';

let built: Promise<void> | undefined;

/** The app, its single-page app built once per process. */
export async function startSpa(): Promise<Example> {
  await (built ??= buildSpa('development'));
  const example = await startExample(undefined, undefined, withSpa);
  return { ...example, url: example.url.replace('127.0.0.1', 'localhost') };
}

class SpaPerson {
  uri = '';
  codes: string[] = [];
  /** All that the console said. */
  readonly said: string[] = [];
  /** All addresses that were asked for. */
  readonly asked: string[] = [];

  constructor(
    readonly tab: Tab,
    readonly url: string,
    readonly email = freshEmail(),
  ) {
    this.page.on('console', (message) => this.said.push(message.text()));
    this.page.on('request', (request) => this.asked.push(request.url()));
  }

  get page(): Page {
    return this.tab.page;
  }

  button(name: string) {
    return this.page.getByRole('button', { name, exact: true });
  }

  async open(query = ''): Promise<void> {
    await this.page.goto(`${this.url}/app/${query}`);
    await this.page.locator('main[aria-busy=false]').waitFor();
  }

  async enter(button: 'Sign up' | 'Sign in'): Promise<void> {
    await this.page.getByLabel('E-mail address').fill(this.email);
    await this.page.getByLabel('Password').fill(password);
    await this.button(button).click();
  }

  /** Reads the key from the screen. */
  async readKey(): Promise<void> {
    await this.page.locator('.mfa-qr svg').waitFor();
    this.uri = (await this.page.locator('a[href^="otpauth:"]').getAttribute('href')) ?? '';
    expect(this.uri).to.match(/^otpauth:\/\/totp\//);
  }

  /** A code of the phone that was never used. */
  async freshCode(): Promise<string> {
    letPass(30);
    return codeOnPhone(this.uri, Date.now());
  }

  async type(code: string): Promise<void> {
    const field = this.page.locator('input[name=code]');
    await field.fill(code);
    await field.press('Enter');
  }

  async readCodes(): Promise<void> {
    await this.page.getByRole('heading', { name: 'Save your backup codes' }).waitFor();
    this.codes = await this.page.locator('.mfa-codes code').allInnerTexts();
    expect(this.codes).to.have.length(10);
  }

  async finishCodes(): Promise<void> {
    await this.page.getByLabel('I have saved these codes').check();
    await this.button('Finish').click();
  }

  /** Signs up, sets an app up and saves the codes. */
  async protectAccount(): Promise<void> {
    await this.open();
    await this.enter('Sign up');
    await this.button('Authenticator app').click();
    await this.readKey();
    await this.type(await this.freshCode());
    await this.readCodes();
    await this.finishCodes();
    await this.page.getByRole('heading', { name: 'Transfer money' }).waitFor();
  }

  async signOut(): Promise<void> {
    await this.button('Sign out').click();
    await this.button('Sign in').waitFor();
  }

  /** Where any of the codes is found: storage, address, history, document, React, console, requests. */
  async traces(codes: readonly string[] = this.codes): Promise<string[]> {
    const inPage = await this.page.evaluate(tracesInPage, [...codes]);
    const told = [...this.said, ...this.asked, ...this.tab.problems].join('\n');
    return [...inPage, ...codes.filter((code) => told.includes(code)).map(() => 'console or address')];
  }
}

/** Runs in the page: everything that a script could still read, React's own memory included. */
function tracesInPage(codes: string[]): string[] {
  const found = new Set<string>();
  const look = (where: string, text: string) => {
    if (codes.some((code) => text.includes(code))) found.add(where);
  };
  look('localStorage', JSON.stringify(Object.entries(localStorage)));
  look('sessionStorage', JSON.stringify(Object.entries(sessionStorage)));
  look('cookie', document.cookie);
  look('address', location.href + JSON.stringify(history.state));
  look('document', document.documentElement.outerHTML);
  const root = document.getElementById('root') as unknown as { [name: string]: unknown };
  const seen = new Set<unknown>();
  const queue: [unknown, string][] = Object.keys(root)
    .filter((name) => name.startsWith('__react'))
    .map((name) => [root[name], name]);
  while (queue.length > 0 && seen.size < 500_000) {
    const [value, path] = queue.pop()!;
    if (typeof value === 'string') look(`React: ${path.slice(-120)}`, value);
    if (typeof value !== 'object' || value === null || seen.has(value) || value === window) continue;
    seen.add(value);
    for (const name of Object.keys(value)) {
      try {
        queue.push([(value as { [name: string]: unknown })[name], `${path}.${name}`]);
      } catch {
        // A getter that wants more than this.
      }
    }
  }
  return [...found];
}

export async function openPerson(browser: Browser, url: string, options: BrowserContextOptions = {}) {
  const tab = await openTab(browser, options);
  return new SpaPerson(tab, url);
}

/** What a browser minds, but for refusals that a test provokes. */
export function unexpected({ tab }: SpaPerson, expected = /\s(400|401|403|422) /): string[] {
  return tab.problems.filter((problem) => !expected.test(problem));
}
