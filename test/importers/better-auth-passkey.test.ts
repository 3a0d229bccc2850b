// A passkey that the plug-in of Better Auth registered, in the very row that it wrote: here it signs in.
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { softAuthenticator, type SoftCredential } from '../../src/testing/soft-authenticator.js';
import { Moving } from '../support/moving.js';

const made = JSON.parse(readFileSync(new URL('fixtures/better-auth-passkey.json', import.meta.url), 'utf8')) as {
  key: string;
  app: {
    twoFactor: [{ userId: string }];
    passkey: [{ credentialID: string }];
    secret: string;
    device: Pick<SoftCredential, 'id' | 'rpId' | 'userHandle'> & { privateKey: string };
  };
};
const { secret, device: held, ...tables } = made.app;
const [{ userId }] = tables.twoFactor;

/** The one that it was registered with. */
function deviceOfAnn() {
  const device = softAuthenticator();
  const keys = { algorithm: -7, privateKey: createPrivateKey(held.privateKey), cosePublicKey: new Uint8Array() };
  (device.credentials as SoftCredential[]).push({ ...held, keys, counter: 0 });
  return device;
}

describe('a passkey of Better Auth', () => {
  let moving: Moving;

  beforeEach(async () => {
    process.env['BETTER_AUTH_KEY'] = made.key;
    moving = await new Moving().open();
  });
  afterEach(async () => {
    delete process.env['BETTER_AUTH_KEY'];
    await moving.close();
  });

  it('comes with the app in one save, tells its handle by its first use, and nothing changes by a second run', async () => {
    const run = () => moving.move('better-auth', tables, '--key-env', 'BETTER_AUTH_KEY');
    expect(await run()).to.include({ code: 0, end: '1 person taken over, 0 there already, 0 left.' });
    await moving.prove(userId, deviceOfAnn());
    const data = (await moving.store.load(userId)).record?.authenticators.find(({ kind }) => kind === 'webauthn')?.data;
    const { userHandle } = held;
    expect(data).to.include({ credentialId: tables.passkey[0].credentialID, userHandle, backupEligible: true });
    expect(data).not.to.have.property('learns');
    await moving.signsIn(userId, secret);
    const before = await moving.everything();
    expect((await run()).end).to.equal('0 people taken over, 1 there already, 0 left.');
    expect(await moving.everything()).to.deep.equal(before);
  });
});
