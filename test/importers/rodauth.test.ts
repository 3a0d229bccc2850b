// People of Rodauth, by rows that it wrote itself: keys as they are and by their HMAC, a passkey, codes and a phone.
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { softAuthenticator, type SoftCredential } from '../../src/testing/soft-authenticator.js';
import { Browser, code } from '../support/agent.js';
import { Moving } from '../support/moving.js';

type Row = { [column: string]: unknown };
type Tables = {
  account_otp_keys: [Row];
  account_webauthn_keys: [Row];
  account_webauthn_user_ids: [{ webauthn_id: string }];
};
const made = JSON.parse(readFileSync(new URL('fixtures/rodauth.json', import.meta.url), 'utf8')) as {
  key: string;
  hmac: Tables;
  ann: { secret: string; privateKey: string; credentialId: string; counter: number };
  plain: Tables;
  bob: { secret: string };
};
const { hmac, plain, ann, bob } = made;
const [{ webauthn_id: userHandle }] = hmac.account_webauthn_user_ids;
/** As the guide exports it: with the person's handle. */
const passkeys = hmac.account_webauthn_keys.map((row) => ({ ...row, webauthn_user_id: userHandle }));
const longAgo = (rows: readonly Row[], lastUse = '2020-01-01 00:00:00') =>
  rows.map((row) => ({ ...row, last_use: lastUse }));

/** The one that made her passkey at Rodauth. */
function deviceOfAnn() {
  const device = softAuthenticator({ counter: 'growing', backupEligible: false });
  const keys = { algorithm: -7, privateKey: createPrivateKey(ann.privateKey), cosePublicKey: new Uint8Array() };
  const { credentialId: id, counter } = ann;
  (device.credentials as SoftCredential[]).push({ id, rpId: 'app.example', userHandle, keys, counter });
  return device;
}

describe('people of Rodauth', () => {
  let moving: Moving;

  beforeEach(async () => {
    process.env['RODAUTH_KEY'] = made.key;
    moving = await new Moving().open();
  });
  afterEach(async () => {
    delete process.env['RODAUTH_KEY'];
    await moving.close();
  });

  const hmacKey = ['--key-env', 'RODAUTH_KEY'];

  it('come with their app, by the HMAC of its key, and their passkey with its handle; codes and phones are counted', async () => {
    const rows = { ...hmac, account_otp_keys: longAgo(hmac.account_otp_keys), account_webauthn_keys: passkeys };
    const said = await moving.move('rodauth', rows, ...hmacKey);
    expect(said).to.include({ code: 0, end: '1 person taken over, 0 there already, 0 left.' });
    expect(said.stderr).to.match(/: 2 × backup codes, 1 × phone number\.\n$/);
    expect(await moving.kinds('11')).to.have.members(['totp', 'webauthn']);
    await moving.signsIn('11', ann.secret);
    const device = deviceOfAnn();
    await moving.prove('11', device);
    await moving.prove('11', device);
    const { record } = await moving.store.load('11');
    expect(record?.owed).to.deep.equal(['backup-codes']);
    expect(record?.authenticators.find(({ kind }) => kind === 'webauthn')?.data).to.include({ userHandle, counter: 3 });

    const before = await moving.everything();
    expect((await moving.move('rodauth', rows, ...hmacKey)).end).to.match(/^0 people taken over, 1 there already/);
    await moving.app.mfa.reset('11', { by: 'ops' });
    const since = await moving.everything();
    expect(since).not.to.deep.equal(before);
    expect((await moving.move('rodauth', rows, ...hmacKey)).end).to.match(/^0 people taken over, 0 there already/);
    expect(await moving.everything()).to.deep.equal(since);
  });

  it('come with the key itself where the site made no HMAC, and which of both it is has to be said', async () => {
    const rows = longAgo(plain.account_otp_keys);
    const error: unknown = await moving.move('rodauth', rows).catch((reason: unknown) => reason);
    expect((error as Error).message).to.contain('rodauth needs --key-env or --encoding');
    expect((await moving.move('rodauth', rows, '--encoding', 'base32')).end).to.match(/^1 person taken over/);
    await moving.signsIn('12', bob.secret);
  });

  it('cannot use a code again that they used there, whatever zone its time is in', async () => {
    const { clock } = moving.app;
    const now = new Date(clock.now());
    const inZone = now.toISOString().replace('Z', '+00:00');
    for (const [id, lastUse] of [
      ['zone', inZone],
      ['none', now.toISOString().slice(0, 19).replace('T', ' ')],
      ['ruby', now.toISOString().replace(/T(.*)\..*/, ' $1 UTC')],
      ['future', new Date(clock.now() + 50_000_000).toISOString()],
    ] as const) {
      const [row] = longAgo(hmac.account_otp_keys, lastUse);
      await moving.move('rodauth', [{ ...row, id }], ...hmacKey);
      const person = await new Browser(moving.app).signIn(id);
      for (const steps of [0, 1]) {
        const answer = await person.answer('totp', code(ann.secret, clock, steps));
        expect(answer.body, id).to.include({ code: 'session.mfa.invalid_totp_code' });
      }
    }
    clock.advance(30);
    for (const id of ['zone', 'none', 'ruby', 'future']) await moving.signsIn(id, ann.secret);
  });

  it('are not made up of keys of other tables, nor by halves', async () => {
    const [app] = hmac.account_otp_keys;
    const [passkey] = passkeys;
    const others = [
      { id: 11, key: app['key'], deadline: '2026-11-29 23:15:12' },
      { id: 11, key: app['key'], requested_at: '2026-11-29 23:15:12', email_last_sent: null },
      { id: 13, phone_number: '4155550199', num_failures: null, code: '947026313844' },
      { id: 11, webauthn_id: userHandle },
    ];
    const broken = [
      { ...app, key: 'short' },
      { ...app, key: 'a'.repeat(100_000) },
      { ...app, key: null },
      { ...app, key: { toString: 'x' } },
      { ...app, id: null },
      { ...app, digits: 5 },
      { ...app, period: 0 },
      { ...app, last_use: 'yesterday at noon' },
      { ...app, last_use: { at: '2026-11-29' } },
      { ...passkey, public_key: 'AAAA' },
      { ...passkey, webauthn_id: 'not/url+safe' },
      { ...passkey, webauthn_user_id: 'x\0' },
      { ...passkey, sign_count: 'many' },
      { ...passkey, account_id: 'x'.repeat(5000) },
    ];
    const said = await moving.move('rodauth', [...others, ...broken], ...hmacKey);
    expect(said.stdout).to.equal(`0 people taken over, 0 there already, ${broken.length} left.\n`);
    expect(said.stderr).not.to.contain('aaaa');
    expect(await moving.everything()).to.deep.equal([]);
  });
});
