// A person at a real browser with a virtual authenticator, before an app with passkeys on localhost and a log-in page of
// its own. The authenticator can be told to misbehave as a device would.
import type { Express } from 'express';
import type { Browser, CDPSession, Locator, Page } from 'playwright-core';
import { testClock } from './app.js';
import type { TestApp } from './app.js';
import { patienceMs } from './browser.js';
import type { PasskeyAppOptions } from './passkeys.js';
import { hostSignIn, mountPasskeys, passkeyApp } from './passkeys.js';

/** A device of the person's own, which says yes to everything until it is told otherwise. */
export async function addAuthenticator(page: Page): Promise<{ devTools: CDPSession; authenticatorId: string }> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { devTools, authenticatorId };
}

/** The app's own log-in page: a form of its own, one element and one script tag of ours. */
function mountLogInPage(app: Express): void {
  app.get('/login', (req, res) => {
    const autocomplete = req.query['autofill'] === undefined ? 'username' : 'username webauthn';
    res.set('Content-Security-Policy', "default-src 'none'; script-src 'self'; connect-src 'self'").send(
      `<!doctype html><html lang="en"><title>Sign in</title>
      <form><label>E-mail <input name="email" autocomplete="${autocomplete}"></label></form>
      <div data-mfa-passkey-sign-in="/mfa/passkey-sign-in" data-label="Use a passkey"></div>
      <script type="module" src="/mfa/passkey-sign-in.js"></script></html>`,
    );
  });
}

export type PasskeySite = Awaited<ReturnType<typeof openPasskeySite>>;

export async function openPasskeySite(
  browser: Browser,
  options: Pick<PasskeyAppOptions, 'factors' | 'layout' | 'nonce' | 'viewsDir'> = {},
) {
  const app: TestApp = await passkeyApp({
    clock: testClock(Date.now()),
    origins: [],
    origin: undefined as never,
    ...options,
    host: {
      between: (host, mfa) => {
        mountPasskeys(host, mfa, hostSignIn());
        mountLogInPage(host);
      },
    },
  });
  const site = app.url.replace('127.0.0.1', 'localhost');
  const context = await browser.newContext({ baseURL: site, locale: 'en' });
  context.setDefaultTimeout(patienceMs);
  const page: Page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && message.text().includes('Content Security Policy')) problems.push(message.text());
  });
  const { devTools, authenticatorId } = await addAuthenticator(page);

  return {
    app,
    page,
    /** What the pages' own security policy stopped. */
    problems,
    message: (): Locator => page.locator('[role=alert]:visible'),
    /** The log-in with a password, as far as this app asks for one. */
    logIn: (uid: string) => context.request.post(`${site}/login`, { data: { uid } }),
    logOut: () => context.clearCookies(),
    /** Who is behind the guard now. */
    account: async () => (await context.request.get(`${site}/account`)).json() as Promise<{ account: string | null }>,
    async enroll(name = ''): Promise<void> {
      await page.goto('/mfa/setup/webauthn');
      await page.getByLabel('Name').fill(name);
      await page.getByRole('button', { name: 'Create passkey' }).click();
    },
    async saveCodes(): Promise<void> {
      await page.waitForURL('**/mfa/backup-codes');
      await page.getByRole('checkbox').check();
      await page.locator('form[action$="/confirm"] button').click();
      // A first set-up ends on a page of its own.
      await page.waitForURL(/\/mfa(\/setup\/done)?$/);
      await page.goto('/mfa');
    },
    async verify(): Promise<void> {
      await page.goto('/mfa/verify/webauthn');
      await page.getByRole('button', { name: 'Use passkey' }).click();
    },
    /** Removes the one that stands first on the account page. */
    async remove(): Promise<void> {
      await page.getByRole('button', { name: 'Remove' }).first().click();
      await page.locator('form[action$="/remove"] button').click();
      await page.waitForURL('**/mfa');
    },
    device: {
      verifies: (isUserVerified: boolean) =>
        devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
      /** The ids of the passkeys that it holds, base64url. */
      async passkeys(): Promise<string[]> {
        const { credentials } = await devTools.send('WebAuthn.getCredentials', { authenticatorId });
        return credentials.map(({ credentialId }) => Buffer.from(credentialId, 'base64').toString('base64url'));
      },
      /** Gives it a passkey that was made elsewhere; ids are base64url, the key is PKCS #8 in PEM. */
      hold: ({ id, rpId, userHandle, privateKey }: { [part in 'id' | 'rpId' | 'userHandle' | 'privateKey']: string }) =>
        devTools.send('WebAuthn.addCredential', {
          authenticatorId,
          credential: {
            credentialId: Buffer.from(id, 'base64url').toString('base64'),
            isResidentCredential: true,
            rpId,
            privateKey: privateKey.replace(/-----.*-----|\n/g, ''),
            userHandle: Buffer.from(userHandle, 'base64url').toString('base64'),
            signCount: 0,
          },
        }),
      forget: () => devTools.send('WebAuthn.clearCredentials', { authenticatorId }),
      /** Puts another authenticator with the same key in its place, one that has counted less. */
      async replaceByCopy(signCount: number): Promise<void> {
        const { credentials } = await devTools.send('WebAuthn.getCredentials', { authenticatorId });
        await devTools.send('WebAuthn.clearCredentials', { authenticatorId });
        for (const credential of credentials) {
          await devTools.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount } });
        }
      },
    },
    async close(): Promise<void> {
      await context.close();
      await app.close();
    },
  };
}
