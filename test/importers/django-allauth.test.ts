// What django-allauth alone has: dumps of Django, an app's own encryption, answers of browsers in place of keys.
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { openFernet } from '../../src/importers/fernet.js';
import { softAuthenticator } from '../../src/testing/soft-authenticator.js';
import { another, madeElsewhere, Moving, secret } from '../support/moving.js';
import { allauth } from './systems.js';

const key = Buffer.from('the key of a Django app, 32 byte').toString('base64url');
const older = Buffer.from('the key that was there before it').toString('base64url');

/** As `Fernet(key).encrypt(text)`. */
function sealed(text: string, by = key): string {
  const bytes = Buffer.from(by, 'base64url');
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', bytes.subarray(16), iv);
  const head = Buffer.from('800000000069a0f2c1', 'hex');
  const body = Buffer.concat([head, iv, cipher.update(text), cipher.final()]);
  const mac = createHmac('sha256', bytes.subarray(0, 16)).update(body).digest();
  return Buffer.concat([body, mac]).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

describe('moving from django-allauth', () => {
  let moving: Moving;

  beforeEach(async () => {
    moving = await new Moving().open();
  });
  afterEach(async () => {
    delete process.env['MOVE_FERNET'];
    await moving.close();
  });

  it('opens the example of the specification of Fernet, and nothing that was touched', () => {
    const known = 'cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=';
    const token =
      'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==';
    expect(openFernet(known, token)).to.equal('hello');
    expect(openFernet(`${key}, ${known}`, token)).to.equal('hello');
    expect(openFernet(key, token)).to.equal(undefined);
    for (const at of [0, 3, 20, 40, 60, 90]) {
      const touched = `${token.slice(0, at)}${token[at] === 'x' ? 'y' : 'x'}${token.slice(at + 1)}`;
      expect(openFernet(known, touched), `at ${at}`).to.equal(undefined);
    }
  });

  it('takes what an app encrypted with Fernet, by any of its keys, and tells a key that does not fit', async () => {
    const rows = [allauth.totp('7', sealed(secret)), allauth.totp('8', sealed(another, older))];
    const unsaid = await moving.move('django-allauth', rows);
    expect(unsaid.stderr).to.match(/"7": .*is not Base32/);
    process.env['MOVE_FERNET'] = older.slice(5);
    expect((await moving.move('django-allauth', rows, '--key-env', 'MOVE_FERNET')).stderr).to.match(
      /Row 1: the key is no Fernet key: 32 bytes in base64url\.\n[^]*check that it is .* names the key/,
    );
    process.env['MOVE_FERNET'] = key;
    const one = await moving.move('django-allauth', rows, '--key-env', 'MOVE_FERNET');
    expect(one).to.include({ code: 1, stderr: 'Row 2: the secret does not open with this key.\n' });
    process.env['MOVE_FERNET'] = `${key},${older}`;
    expect((await moving.move('django-allauth', rows, '--key-env', 'MOVE_FERNET')).code).to.equal(0);
    await moving.signsIn('7', secret);
    await moving.signsIn('8', another);
  });

  it('takes a dump of Django, and leaves its other models', async () => {
    const { user_id: user, id: pk, ...fields } = allauth.totp('7', secret);
    const dump = [
      { model: 'account.emailaddress', pk: 1, fields: { user: 7, email: 'ada@example.com' } },
      { model: 'mfa.authenticator', pk, fields: { user, ...fields, data: JSON.stringify(fields.data) } },
    ];
    expect(await moving.move('django-allauth', dump)).to.deep.include({ code: 0, stderr: '' });
    await moving.signsIn('7', secret);
  });

  it('counts with the digits and the period that a row says, and knows people by the field that was said', async () => {
    const rows = [
      allauth.totp('7', secret, { period: 60, username: 'ada' }),
      allauth.totp('8', another, { period: 60 }),
    ];
    const said = await moving.move('django-allauth', rows, '--user-field', 'username');
    expect(said.stderr).to.equal('Row 2: the field username is missing.\n');
    const [app] = (await moving.store.load('ada')).record?.authenticators ?? [];
    expect(app?.data).to.include({ period: 60 });
  });

  it('keeps what the answer of the browser said of a passkey: its model, its backup, and who was verified', async () => {
    const aaguid = 'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4';
    const plain = await madeElsewhere('p', softAuthenticator({ aaguid, userVerified: false, backupEligible: false }));
    const synced = await madeElsewhere('s', softAuthenticator({ userVerified: true }));
    await moving.move('django-allauth', [allauth.passkey('7', plain, 'Token'), allauth.passkey('8', synced)]);
    const dataOf = async (id: string) => (await moving.store.load(id)).record?.authenticators[0];
    expect(await dataOf('7')).to.deep.include({ name: 'Token' });
    expect((await dataOf('7'))?.data).to.include({ aaguid, backupEligible: false, uvInitialized: false });
    expect((await dataOf('8'))?.data).to.include({
      backupEligible: true,
      uvInitialized: true,
      credentialId: synced.id,
    });
    await moving.prove('8', synced.device);
  });

  it('takes a passkey that counted on while nobody kept its counter', async () => {
    const token = await madeElsewhere('t', softAuthenticator({ counter: 'growing' }));
    token.device.credentials[0]!.counter = 60;
    await moving.move('django-allauth', [allauth.passkey('7', token)]);
    await moving.prove('7', token.device);
    await moving.prove('7', token.device);
  });
});
