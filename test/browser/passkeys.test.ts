// A person with a passkey in a real browser, on the pages of the app: makes it, uses it, loses it, and signs in by it.
import { expect } from 'chai';
import { webauthn } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { launchBrowser } from '../support/browser.js';
import { during } from '../support/during.js';
import { openPasskeySite } from '../support/passkey-browser.js';
import type { PasskeySite } from '../support/passkey-browser.js';

describe('passkeys in a browser', () => {
  const browser = during(launchBrowser);
  let site: PasskeySite;

  beforeEach(async () => {
    site = await openPasskeySite(browser());
    await site.logIn('ada');
    await site.enroll('Laptop');
    await site.saveCodes();
  });
  afterEach(async () => {
    expect(site.problems, 'what the security policy stopped').to.deep.equal([]);
    await site.close();
  });

  it('are made with a name, and verify at the next sign-in', async () => {
    const { page } = site;
    await page.getByText('Laptop', { exact: false }).first().waitFor();
    await site.logIn('ada');
    await page.goto('/account?tab=money');
    await page.waitForURL('**/mfa/verify/webauthn');
    await page.getByRole('button', { name: 'Use passkey' }).click();
    await page.waitForURL('**/account?tab=money');
    expect(await site.account()).to.deep.include({ account: 'ada' });
  });

  it('are not made twice on one device, and the page says so', async () => {
    await site.enroll('Again');
    await site.message().getByText('This passkey is registered already.').waitFor();
    expect(await site.page.getByRole('button', { name: 'Create passkey' }).isEnabled()).to.equal(true);
  });

  it('can be cancelled, and tried again', async () => {
    await site.logIn('ada');
    await site.device.verifies(false);
    await site.verify();
    await site.message().getByText('This was cancelled or took too long.').waitFor();
    await site.device.verifies(true);
    await site.page.getByRole('button', { name: 'Use passkey' }).click();
    await site.page.waitForURL((url) => url.pathname === '/');
  });

  it('do not count without verifying the person, and the page says what to do', async () => {
    await site.logIn('ada');
    await site.device.verifies(false);
    // A browser that was told another wish than the server's.
    await site.page.route('**/verify/webauthn/begin', async (route) => {
      const answer = await route.fetch();
      const { options } = (await answer.json()) as { options: object };
      await route.fulfill({ response: answer, json: { options: { ...options, userVerification: 'discouraged' } } });
    });
    await site.verify();
    await site.page.getByText('Your device did not check that it is you.').first().waitFor();
    await site.page.getByRole('link', { name: 'Try another method' }).waitFor();
  });

  it('that were removed on the device lead to the other ways', async () => {
    await site.logIn('ada');
    await site.device.forget();
    await site.verify();
    await site.message().getByText('or use another method').waitFor();
    await site.page.getByRole('link', { name: 'Try another method' }).click();
    await site.page.getByRole('link', { name: 'backup code' }).click();
    await site.page.waitForURL('**/mfa/verify/backup-codes');
  });

  it('that count less than before are refused, and the page says why', async () => {
    await site.logIn('ada');
    await site.verify();
    await site.page.waitForURL((url) => url.pathname === '/');
    await site.device.replaceByCopy(0);
    await site.logIn('ada');
    await site.verify();
    await site.page.getByText('This passkey may have been copied').first().waitFor();
    await eventually(async () => expect(site.app.events.map(({ name }) => name)).to.include('authenticator-flagged'));
  });

  it('sign in by the button of the log-in page, which asks for no name', async () => {
    await site.logOut();
    await site.page.goto('/login');
    await site.page.getByRole('button', { name: 'Use a passkey' }).click();
    await site.page.waitForURL((url) => url.pathname === '/');
    expect(await site.account()).to.deep.include({ account: 'ada' });
  });

  it('sign in by the autofill of the log-in page, without a click', async () => {
    await site.logOut();
    await site.page.goto('/login?autofill', { waitUntil: 'commit' });
    await site.page.waitForURL((url) => url.pathname === '/');
    expect(await site.account()).to.deep.include({ account: 'ada' });
  });
});

describe('a passkey as the only factor, removed', () => {
  const browser = during(launchBrowser);
  let site: PasskeySite;

  beforeEach(async () => {
    site = await openPasskeySite(browser(), { factors: [webauthn()] });
    await site.logIn('ada');
    await site.enroll();
    await site.page.waitForURL('**/mfa/setup/done');
  });
  afterEach(() => site.close());

  it('is signalled to the browser, which takes it off the device', async () => {
    await site.page.goto('/mfa');
    expect(await site.device.passkeys()).to.have.length(1);
    await site.remove();
    await eventually(async () => expect(await site.device.passkeys()).to.deep.equal([]));
  });

  it('does not sign in any more from a device that kept it, and the log-in page says so', async () => {
    const { page } = site;
    await page.addInitScript(`
      for (const name of ['signalAllAcceptedCredentials', 'signalUnknownCredential']) delete PublicKeyCredential[name];`);
    await page.goto('/mfa');
    await site.remove();
    expect(await site.device.passkeys()).to.have.length(1);
    await site.logOut();
    await page.goto('/login');
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await site.message().getByText('The passkey could not be verified.').waitFor();
    expect((await site.account()).account).to.equal(null);
  });

  it('is refused in the autofill, which then waits for another one, and not for ever', async () => {
    const { page } = site;
    await page.addInitScript(`
      for (const name of ['signalAllAcceptedCredentials', 'signalUnknownCredential']) delete PublicKeyCredential[name];`);
    await page.goto('/mfa');
    await site.remove();
    await site.logOut();
    let answers = 0;
    page.on(
      'request',
      (request) => (answers += Number(request.method() === 'POST' && request.url().includes('passkey'))),
    );
    await page.goto('/login?autofill', { waitUntil: 'commit' });
    // This device answers by itself, again and again; a person chooses.
    await eventually(async () => expect(answers).to.equal(6));
    await site.message().getByText('The passkey could not be verified.').waitFor();
    expect((await site.account()).account).to.equal(null);
    expect(answers).to.equal(6);
  });
});
