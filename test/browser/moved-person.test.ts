// Somebody whose app and passkey another system had made: after the move both sign in here, in a real browser.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyRegistrationResponse, type RegistrationResponseJSON } from '@simplewebauthn/server';
import { expect } from 'chai';
import { migrateFromCommand } from '../../src/cli/migrate-from.js';
import { backupCodes, totp, webauthn } from '../../src/index.js';
import { code } from '../support/agent.js';
import { launchBrowser } from '../support/browser.js';
import { runHere } from '../support/command-here.js';
import { during } from '../support/during.js';
import { openPasskeySite, type PasskeySite } from '../support/passkey-browser.js';

const fixture = new URL('../importers/fixtures/better-auth.json', import.meta.url);
const made = JSON.parse(readFileSync(fixture, 'utf8')) as {
  key: string;
  one: { twoFactor: [{ secret: string }]; secrets: [string] };
};

describe('a person who was moved here', () => {
  const browser = during(launchBrowser);
  let site: PasskeySite;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'express-mfa-moved-'));
    site = await openPasskeySite(browser(), { factors: [webauthn(), totp(), backupCodes()] });
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    delete process.env['MOVED_KEY'];
    expect(site.problems, 'what the security policy stopped').to.deep.equal([]);
    await site.close();
  });

  /** As the other system made it on this device, and what is in its table. */
  async function rowOfOtherSystem() {
    await site.page.goto('/login');
    const response = await site.page.evaluate(async () => {
      const credential = (await navigator.credentials.create({
        publicKey: {
          challenge: new TextEncoder().encode('a challenge of the other system'),
          rp: { id: 'localhost', name: 'Other' },
          user: { id: new TextEncoder().encode('a handle of the other system'), name: 'ann', displayName: 'ann' },
          pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        },
      })) as PublicKeyCredential;
      return JSON.stringify(credential);
    });
    const { registrationInfo } = await verifyRegistrationResponse({
      response: JSON.parse(response) as RegistrationResponseJSON,
      expectedChallenge: Buffer.from('a challenge of the other system').toString('base64url'),
      expectedOrigin: new URL(site.page.url()).origin,
      expectedRPID: 'localhost',
    });
    const { credential, credentialDeviceType: deviceType } = registrationInfo!;
    const publicKey = Buffer.from(credential.publicKey).toString('base64');
    return { userId: 'ann', credentialID: credential.id, publicKey, counter: credential.counter, deviceType };
  }

  it('signs in with the passkey, makes backup codes, and signs in with the app', async () => {
    const rows = [{ ...made.one.twoFactor[0], userId: 'ann' }, await rowOfOtherSystem()];
    const file = join(folder, 'rows.json');
    writeFileSync(file, JSON.stringify(rows));
    process.env['MOVED_KEY'] = made.key;
    const args = ['better-auth', file, '--key-env', 'MOVED_KEY', '--by', 'ops'];
    expect((await runHere(migrateFromCommand, site.app.mfa, args)).stdout).to.match(/^1 person taken over, .* 0 left/);

    const { page } = site;
    await site.logIn('ann');
    await page.goto('/account');
    await page.waitForURL('**/mfa/verify/webauthn');
    await page.getByRole('button', { name: 'Use passkey' }).click();
    await page.waitForURL('**/mfa/backup-codes');
    await page.getByRole('checkbox').check();
    await page.locator('form[action$="/confirm"] button').click();
    await page.waitForURL('**/account');
    expect(await site.account()).to.deep.include({ account: 'ann' });

    await site.logOut();
    await site.logIn('ann');
    await page.goto('/mfa/verify/totp');
    await page.getByLabel(/code/i).first().fill(code(made.one.secrets[0], site.app.clock));
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/mfa/verify'));
    expect(await site.account()).to.deep.include({ account: 'ann' });
  });
});
