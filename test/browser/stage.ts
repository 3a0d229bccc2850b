// The page on which components of `express-mfa/react` stand by themselves, at an app with every method; and the person before it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { build } from 'esbuild';
import type { Browser, Locator, Page, Request } from 'playwright-core';
import type { MfaClient } from '../../src/client/index.js';
import { webauthn } from '../../src/index.js';
import { openTab, type Tab } from '../support/browser.js';
import { codesApp, type CodesApp, type CodesOptions } from '../support/codes.js';
import { eventually } from '../support/eventually.js';
import { addAuthenticator } from '../support/passkey-browser.js';

/** What `test/react/stage.tsx` puts into the page. */
export type Shown = {
  stage: { show(name: string, look?: 'own'): void; leave(): void; told: unknown[]; client: MfaClient; version: string };
};

let script: Promise<string> | undefined;

/** The folder of another React than ours, if one is named: `MFA_TEST_REACT`. */
const other = process.env['MFA_TEST_REACT'];
const react = (name: string) => (other === undefined ? {} : { [name]: join(other, 'node_modules', name) });

/** Built once per process, with all that React says to developers. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../react/stage.tsx', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    alias: { ...react('react'), ...react('react-dom') },
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  return outputFiles[0]!.text;
}

/** An app that offers everything. Its clock is the browser's. */
export async function stageApp(options: CodesOptions = {}): Promise<CodesApp & { clock: CodesApp['clock'] }> {
  const text = await (script ??= bundle());
  return codesApp({
    policy: 'no-prompt',
    allow: ['/stage', '/stage.js'],
    factors: ({ email, sms, totp, backupCodes }) => [totp, webauthn(), email, sms, backupCodes],
    ...options,
    host: {
      routes: (app) => {
        app.get('/stage.js', (_req, res) => void res.type('js').send(text));
        app.get(
          '/stage',
          (_req, res) =>
            void res.send(
              '<!doctype html><html lang="en"><title>Stage</title><script type="module" src="/stage.js"></script>',
            ),
        );
      },
      ...options.host,
    },
  });
}

export class StagePerson {
  /** The requests that change something, as `POST /mfa/…`. */
  readonly sent: string[] = [];

  private constructor(
    readonly tab: Tab,
    readonly url: string,
  ) {
    this.page.on('request', (request: Request) => {
      if (request.method() === 'POST') this.sent.push(new URL(request.url()).pathname);
    });
  }

  static async open(browser: Browser, app: CodesApp, uid = 'ada'): Promise<StagePerson> {
    const tab = await openTab(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    await addAuthenticator(tab.page);
    const person = new StagePerson(tab, app.url.replace('127.0.0.1', 'localhost'));
    await person.signIn(uid);
    return person;
  }

  get page(): Page {
    return this.tab.page;
  }

  /** A new sign-in, on a new page. */
  async signIn(uid = 'ada'): Promise<void> {
    await this.tab.context.clearCookies();
    await this.tab.context.request.post(`${this.url}/login`, { data: { uid } });
    await this.page.goto(`${this.url}/stage`);
  }

  show(name: string, look?: 'own'): Promise<void> {
    return this.page.evaluate(([part, own]) => (window as unknown as Shown).stage.show(part, own), [
      name,
      look,
    ] as const);
  }

  leave(): Promise<void> {
    return this.page.evaluate(() => (window as unknown as Shown).stage.leave());
  }

  told(): Promise<unknown[]> {
    return this.page.evaluate(() => (window as unknown as Shown).stage.told);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  alert(text: string): Locator {
    return this.page.getByRole('alert').filter({ hasText: text });
  }

  /**
   * @param what tells the focused element from others: the name of a field, the words of a button. React moves the focus a moment
   * after what it shows.
   */
  expectFocus(what: string): Promise<void> {
    return eventually(async () => {
      const focused = await this.page.evaluate(() => {
        const { activeElement } = document;
        return (activeElement instanceof HTMLInputElement && activeElement.name) || activeElement?.textContent || '';
      });
      expect(focused).to.equal(what);
    });
  }

  close(): Promise<void> {
    return this.tab.context.close();
  }
}
