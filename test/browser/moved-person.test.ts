// Somebody whose app and passkey Better Auth had made: after the move both sign in here, in a real browser.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { migrateFromCommand } from '../../src/cli/migrate-from.js';
import { backupCodes, totp, webauthn } from '../../src/index.js';
import { code } from '../support/agent.js';
import { launchBrowser } from '../support/browser.js';
import { runHere } from '../support/command-here.js';
import { during } from '../support/during.js';
import { openPasskeySite, type PasskeySite } from '../support/passkey-browser.js';
import { newFolder } from '../support/folder.js';

type Device = { id: string; rpId: string; userHandle: string; privateKey: string };

const fixture = new URL('../importers/fixtures/better-auth-passkey.json', import.meta.url);
/** Rows that the plug-ins of Better Auth wrote when a person registered with them at localhost. */
const made = JSON.parse(readFileSync(fixture, 'utf8')) as {
  key: string;
  localhost: { twoFactor: [{ userId: string }]; passkey: [object]; secret: string; device: Device };
};
const { secret, device, ...tables } = made.localhost;
const [{ userId: ann }] = tables.twoFactor;

describe('a person who was moved here', () => {
  const browser = during(launchBrowser);
  let site: PasskeySite;
  let folder: string;

  beforeEach(async () => {
    folder = newFolder('moved');
    site = await openPasskeySite(browser(), { factors: [webauthn(), totp(), backupCodes()] });
  });
  afterEach(async () => {
    delete process.env['MOVED_KEY'];
    expect(site.problems, 'what the security policy stopped').to.deep.equal([]);
    await site.close();
  });

  it('signs in with the passkey, makes backup codes, and signs in with the app', async () => {
    const file = join(folder, 'rows.json');
    writeFileSync(file, JSON.stringify(tables));
    await site.device.hold(device);
    process.env['MOVED_KEY'] = made.key;
    const args = ['better-auth', file, '--key-env', 'MOVED_KEY', '--by', 'ops'];
    expect((await runHere(migrateFromCommand, site.app.mfa, args)).stdout).to.match(/^1 person taken over, .* 0 left/);

    const { page } = site;
    await site.logIn(ann);
    await page.goto('/account');
    await page.waitForURL('**/mfa/verify/webauthn');
    await page.getByRole('button', { name: 'Use passkey' }).click();
    await page.waitForURL('**/mfa/backup-codes');
    await page.getByRole('checkbox').check();
    await page.locator('form[action$="/confirm"] button').click();
    await page.waitForURL('**/account');
    expect(await site.account()).to.deep.include({ account: ann });

    await site.logOut();
    await site.logIn(ann);
    await page.goto('/mfa/verify/totp');
    await page.getByLabel(/code/i).first().fill(code(secret, site.app.clock));
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/mfa/verify'));
    expect(await site.account()).to.deep.include({ account: ann });
  });
});
