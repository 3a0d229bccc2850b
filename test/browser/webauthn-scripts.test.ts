// The scripts of the passkey pages in a real browser with virtual authenticators: what they send, and what they say
// where the browser refuses.
import { expect } from 'chai';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { launchBrowser, patienceMs } from '../support/browser.js';
import { during } from '../support/during.js';
import { eventually } from '../support/eventually.js';
import { addAuthenticator } from '../support/passkey-browser.js';
import { ceremonyPage, openSite } from '../support/webauthn-site.js';
import type { Site } from '../support/webauthn-site.js';

/** Keeps what the page tells the browser; the authenticators hear nothing of it. */
const keepSignals = `
  window.signals = [];
  for (const name of ['signalAllAcceptedCredentials', 'signalUnknownCredential', 'signalCurrentUserDetails']) {
    PublicKeyCredential[name] = async ({ name: userName, displayName, ...options }) =>
      void window.signals.push({ name, ...options, ...(userName === undefined ? {} : { details: { name: userName, displayName } }) });
  }`;
const signals = 'window.signals';

describe('the scripts of the passkey pages', () => {
  const browser = during(launchBrowser);
  let context: BrowserContext;
  let page: Page;
  let devTools: CDPSession;
  let authenticatorId: string;
  let site: Site;

  beforeEach(async () => {
    site = await openSite();
    site.pages['/setup'] = ceremonyPage('setup', '<input name="name" aria-label="Name">');
    site.pages['/verify'] = ceremonyPage('verify');
    context = await browser().newContext();
    context.setDefaultTimeout(patienceMs);
    page = await context.newPage();
    ({ devTools, authenticatorId } = await addAuthenticator(page));
  });
  afterEach(async () => {
    await context.close();
    await site.close();
  });

  const go = () => page.getByRole('button', { name: 'Go' }).click();
  const message = () => page.getByRole('alert');
  /** Nothing waits for them, the end of loading no more than the rest. */
  const expectSignals = (wanted: object[]) =>
    eventually(async () => expect(await page.evaluate(signals)).to.deep.equal(wanted));
  async function setUp(): Promise<void> {
    await page.goto(`${site.origin}/setup`);
    await go();
    await page.waitForURL('**/blank');
  }

  it('enrol a passkey with its name, and verify with it', async () => {
    await page.goto(`${site.origin}/setup`);
    await page.getByLabel('Name').fill('Work');
    await go();
    await page.waitForURL('**/blank');
    await page.goto(`${site.origin}/verify`);
    await go();
    await page.waitForURL('**/blank');
    expect(site.results).to.deep.equal(['setup right Work', 'verify right']);
    expect(site.person.passkey()).to.include({ rpId: 'localhost', uvInitialized: true });
  });

  it('bring the button into focus, so that one press begins', async () => {
    for (const path of ['/setup', '/verify']) {
      await page.goto(site.origin + path);
      await page.locator('button:focus').getByText('Go').waitFor();
    }
  });

  it('begin on the Enter key too, rather than submit no answer', async () => {
    await page.goto(`${site.origin}/setup`);
    await page.getByLabel('Name').fill('Home');
    await page.getByLabel('Name').press('Enter');
    await page.waitForURL('**/blank');
    expect(site.results).to.deep.equal(['setup right Home']);
  });

  it('say that a passkey is registered already', async () => {
    await setUp();
    await page.goto(`${site.origin}/setup`);
    await go();
    await message().getByText('already-registered').waitFor();
    expect(site.results).to.have.length(1);
  });

  it('say that it was cancelled, and let the person try again', async () => {
    await setUp();
    await page.goto(`${site.origin}/verify`);
    await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await go();
    await message().getByText('cancelled').waitFor();
    await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
    await go();
    await page.waitForURL('**/blank');
    expect(site.results).to.deep.equal(['setup right', 'verify right']);
  });

  it('say that this is the wrong site', async () => {
    await setUp();
    // Made for a domain that this page is no part of, so asked for under it.
    site.person.passkey().rpId = 'example.org';
    await page.goto(`${site.origin}/verify`);
    await go();
    await message().getByText('wrong-site').waitFor();
  });

  it('say what the server refused in its words', async () => {
    await setUp();
    site.refuse({ status: 429, title: 'Wait 30 seconds.' });
    await page.goto(`${site.origin}/verify`);
    await go();
    await message().getByText('Wait 30 seconds.').waitFor();
  });

  it('say that the browser cannot, and show no button', async () => {
    await page.addInitScript('delete window.PublicKeyCredential');
    await page.goto(`${site.origin}/verify`);
    await message().getByText('not-supported').waitFor();
    expect(await page.getByRole('button', { name: 'Go' }).isVisible()).to.equal(false);
  });

  it('sign in by a button beside the login form, without asking who', async () => {
    await setUp();
    await site.save();
    site.pages['/login'] = `<div data-mfa-passkey-sign-in="/passkey-sign-in" data-label="With a passkey"></div>
      <script type="module" src="/assets/passkey-sign-in.js"></script>`;
    await page.goto(`${site.origin}/login`);
    await page.getByRole('button', { name: 'With a passkey' }).click();
    await page.waitForURL('**/blank');
    expect(site.results.at(-1)).to.equal('sign-in ada');
  });

  it('sign in by the autofill of the login form, without a button', async () => {
    await setUp();
    await site.save();
    site.pages['/login'] = `<input name="email" autocomplete="username webauthn">
      <div data-mfa-passkey-sign-in="/passkey-sign-in"></div>
      <script type="module" src="/assets/passkey-sign-in.js"></script>`;
    await page.goto(`${site.origin}/login`, { waitUntil: 'commit' });
    await page.waitForURL('**/blank');
    expect(site.results.at(-1)).to.equal('sign-in ada');
  });

  it('say at sign-in what the server refused', async () => {
    await setUp();
    site.pages['/login'] = `<div data-mfa-passkey-sign-in="/passkey-sign-in"><button>Passkey</button></div>
      <script type="module" src="/assets/passkey-sign-in.js"></script>`;
    await page.goto(`${site.origin}/login`);
    await page.getByRole('button', { name: 'Passkey' }).click();
    await message().getByText('The passkey could not be verified.').waitFor();
    expect(await page.getByRole('button').count()).to.equal(1);
  });

  it('signal the passkeys that are accepted, and the last one once it is really gone', async () => {
    await page.addInitScript(keepSignals);
    const listOf = (account: string, items: string) =>
      `<ul data-mfa-passkeys="${account}">${items}</ul><script type="module" src="/assets/passkey-signals.js"></script>`;
    const item = `<li data-rp-id="localhost" data-user-handle="AAAA" data-credential-id="BBBB">
      <form action="/blank"><button>Remove</button></form></li>`;
    const remove = async () => {
      await page.getByRole('button', { name: 'Remove' }).click();
      await page.waitForURL('**/blank*');
    };
    site.pages['/manage'] = listOf('ada', item);
    await page.goto(`${site.origin}/manage`);
    const accepted = {
      name: 'signalAllAcceptedCredentials',
      rpId: 'localhost',
      userId: 'AAAA',
      allAcceptedCredentialIds: ['BBBB'],
    };
    await expectSignals([accepted]);
    await remove();

    // The removal was given up: nothing is gone.
    await page.goto(`${site.origin}/manage`);
    await expectSignals([accepted]);

    await remove();
    site.pages['/manage'] = listOf('eve', '');
    await page.goto(`${site.origin}/manage`);
    expect(await page.evaluate(signals), 'on the page of somebody else').to.deep.equal([]);

    site.pages['/manage'] = listOf('ada', '');
    await page.goto(`${site.origin}/manage`);
    await expectSignals([{ name: 'signalUnknownCredential', rpId: 'localhost', credentialId: 'BBBB' }]);
    await page.reload();
    expect(await page.evaluate(signals), 'once').to.deep.equal([]);
  });

  it('signal how the account of each passkey is called now, where the browser has it and the page says it', async () => {
    await page.addInitScript(keepSignals);
    const passkey = (userHandle: string, credentialId: string) =>
      `<li data-rp-id="localhost" data-user-handle="${userHandle}" data-credential-id="${credentialId}"></li>`;
    const items = passkey('AAAA', 'BBBB') + passkey('AAAA', 'CCCC') + passkey('DDDD', 'EEEE');
    const listOf = (name: string) =>
      `<ul data-mfa-passkeys="ada"${name}>${items}</ul><script type="module" src="/assets/passkey-signals.js"></script>`;
    const named = async () =>
      (await page.evaluate<{ name: string }[]>(signals)).filter(({ name }) => name === 'signalCurrentUserDetails');
    site.pages['/manage'] = listOf(' data-mfa-passkey-name="ada &lt;new@good.example>"');
    await page.goto(`${site.origin}/manage`);
    const told = ['AAAA', 'DDDD'].map((userId) => ({
      name: 'signalCurrentUserDetails',
      rpId: 'localhost',
      userId,
      details: { name: 'ada <new@good.example>', displayName: '' },
    }));
    await eventually(async () => expect(await named()).to.deep.equal(told));
    site.pages['/manage'] = listOf('');
    await page.goto(`${site.origin}/manage`);
    expect(await named(), 'to nobody who has verified nothing').to.deep.equal([]);
  });
});
