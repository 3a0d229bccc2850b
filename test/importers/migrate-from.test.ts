// People who move here from other systems: their apps and passkeys work, a second run changes nothing, and a broken row is told.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { backupCodes, totp, webauthn, type MfaStore } from '../../src/index.js';
import type { TestApp } from '../support/app.js';
import { everythingIn } from '../support/everything-in.js';
import { another, madeElsewhere, Moving, secret } from '../support/moving.js';

type Fixture = { twoFactor: { userId: string; secret: string }[]; secrets: string[] };
const made = JSON.parse(readFileSync(new URL('fixtures/better-auth.json', import.meta.url), 'utf8')) as {
  key: string;
  one: Fixture;
  keys: string;
  versioned: Fixture;
};
describe('express-mfa migrate-from', () => {
  let moving: Moving;
  let store: MfaStore;
  let app: TestApp;

  beforeEach(async () => {
    moving = new Moving();
    ({ store } = moving);
    await open();
  });
  afterEach(async () => {
    for (const name of ['MOVE_KEY', 'MOVE_KEYS']) delete process.env[name];
    await moving.close();
  });

  const move = (...args: Parameters<Moving['move']>) => moving.move(...args);
  const signsIn = (...args: Parameters<Moving['signsIn']>) => moving.signsIn(...args);
  const prove = (...args: Parameters<Moving['prove']>) => moving.prove(...args);
  async function open(apps = 1) {
    ({ app } = await moving.open({
      factors: () => [totp({ maxPerPerson: apps }), webauthn(), backupCodes()],
    }));
  }

  it('tells in a dry run what it would take, and takes nothing', async () => {
    const rows = [{ user_id: 'ada', secret }];
    const said = await move('columns', rows, '--encoding', 'base32', '--dry-run');
    expect(said).to.include({ code: 0, end: '1 person would be taken over, 0 there already, 0 left.' });
    expect(await everythingIn(store)).to.deep.equal([]);
  });

  it('takes columns from CSV, once, and nothing back that went since', async () => {
    const csv = `user_id,mail,otp\r\nada,"a ""b"", c@example.com",${secret}\r\nbob,,\r\ncy,,${another}\r\n`;
    const columns = ['--encoding', 'base32', '--secret-field', 'otp'];
    expect((await move('columns', csv, ...columns)).end).to.equal('2 people taken over, 0 there already, 0 left.');
    await signsIn('ada', secret);
    const before = await everythingIn(store);
    expect((await move('columns', csv, ...columns)).end).to.equal('0 people taken over, 2 there already, 0 left.');
    expect(await everythingIn(store)).to.deep.equal(before);

    await app.mfa.reset('ada', { by: 'ops' });
    await app.mfa.deprovision('cy');
    const since = await everythingIn(store);
    const again = await move('columns', csv, ...columns);
    expect(again).to.include({ code: 1, end: '0 people taken over, 0 there already, 2 left.' });
    expect(again.stderr).to.contain('"ada": this person has a second factor here, or had one.');
    expect(again.stderr).to.contain('"cy": this person was removed here.');
    expect(await everythingIn(store)).to.deep.equal(since);
  });

  it('opens what Better Auth sealed, with the one secret or the version that it names', async () => {
    process.env['MOVE_KEY'] = made.key;
    process.env['MOVE_KEYS'] = made.keys;
    for (const [variable, { twoFactor, secrets }] of [
      ['MOVE_KEY', made.one],
      ['MOVE_KEYS', made.versioned],
    ] as const) {
      const said = await move('better-auth', { twoFactor }, '--key-env', variable);
      // The second never confirmed their app.
      expect(said).to.include({ code: 1, end: '1 person taken over, 0 there already, 1 left.' });
      expect(said.stderr).to.equal('Row 2: the app was never confirmed.\n');
      await signsIn(twoFactor[0]!.userId, secrets[0]!);
    }
    const other = await move('better-auth', { twoFactor: made.versioned.twoFactor }, '--key-env', 'MOVE_KEY');
    expect(other.stderr).to.contain('Row 1: the secret does not open with this key.');
  });

  it('takes app and passkey of a person together, keeps the passkey’s handle, and asks for backup codes', async () => {
    process.env['MOVE_KEY'] = made.key;
    const { device, id, key, handle, deviceType } = await madeElsewhere('ann of Better Auth');
    const { userId, ...rest } = made.one.twoFactor[0]!;
    const row = { userId, credentialID: id, publicKey: key.toString('base64'), counter: 0, deviceType, name: 'Laptop' };
    const rows = [
      { userId, ...rest },
      { ...row, transports: 'internal,hybrid' },
    ].map((one) => JSON.stringify(one));
    expect((await move('better-auth', rows.join('\n'), '--key-env', 'MOVE_KEY')).end).to.match(
      /^1 person taken over, 0 .*0 left/,
    );
    const { record } = await store.load(userId);
    expect(record?.owed).to.deep.equal(['backup-codes']);
    expect(record?.authenticators.map(({ kind, name }) => name ?? kind)).to.deep.equal(['totp', 'Laptop']);
    expect(await store.claim(`webauthn:credential:${id}`)).to.equal(userId);
    await prove(userId, device);
    const passkey = (await store.load(userId)).record?.authenticators[1]?.data;
    expect(passkey).to.include({ userHandle: handle, backupEligible: true });
    expect(passkey).not.to.have.property('learns');
    // What was learnt holds.
    await prove(userId, device);
  });

  it('takes a realm of Keycloak: letters or Base32 as it says, passkeys by its ids, and leaves HOTP', async () => {
    const { device, id, key } = await madeElsewhere('5c1e-kc');
    const credentialData = JSON.stringify({
      aaguid: '00000000-0000-0000-0000-000000000000',
      credentialId: Buffer.from(id, 'base64url').toString('base64'),
      counter: 0,
      credentialPublicKey: key.toString('base64url'),
      attestationStatementFormat: 'none',
    });
    const otp = (value: string, more: object = {}) => ({
      type: 'otp',
      secretData: JSON.stringify({ value }),
      credentialData: JSON.stringify({
        subType: 'totp',
        digits: 6,
        counter: 0,
        period: 30,
        algorithm: 'HmacSHA1',
        ...more,
      }),
    });
    const users = [
      {
        id: '5c1e-kc',
        username: 'ada',
        credentials: [{ type: 'password' }, otp('letters of Keycloak'), { type: 'webauthn', credentialData }],
      },
      { id: 'two', username: 'bob', credentials: [otp(secret, { secretEncoding: 'BASE32' })] },
      { id: 'three', username: 'cy', credentials: [otp(secret, { subType: 'hotp' })] },
      { id: 'four', username: 'dee' },
    ];
    const said = await move('keycloak', { realm: 'acme', roles: [{}], users }, '--user-field', 'username');
    expect(said).to.include({ end: '2 people taken over, 0 there already, 1 left.' });
    expect(said.stderr).to.equal('Row 3: it counts by HOTP, not by time.\n');
    await signsIn('bob', secret);
    await prove('ada', device);
  });

  it('takes the tables of SimpleWebAuthn as the database wrote the bytes', async () => {
    const { device, id, key, handle, deviceType } = await madeElsewhere('of the example');
    const row = {
      cred_id: id,
      cred_public_key: `\\x${key.toString('hex')}`,
      internal_user_id: 'ada',
      webauthn_user_id: handle,
    };
    await move(
      'simplewebauthn',
      [{ ...row, counter: '0', transports: '["internal"]', device_type: deviceType }],
      '--encoding',
      'hex',
    );
    await prove('ada', device);
    // Somebody else's row with the same passkey takes nothing away.
    const theft = await move('simplewebauthn', [{ ...row, internal_user_id: 'eve' }], '--encoding', 'hex');
    expect(theft.stderr).to.contain('"eve": a webauthn is somebody else\'s here, or was.');
    expect((await store.load('eve')).record).to.equal(undefined);
  });

  it('tells a broken row, and takes the next; never half a row, and no secret is told', async () => {
    const rows = [
      { user_id: 'short', secret: 'JBSWY3DP' },
      { user_id: 'odd', secret: 'not Base32 at all!' },
      { secret },
      [],
      { user_id: 'ada', secret },
    ];
    const said = await move('columns', rows, '--encoding', 'base32');
    expect(said).to.include({ code: 1, end: '1 person taken over, 0 there already, 4 left.' });
    expect(said.stderr).to.match(/Row 3: the field user_id is missing[^]*Row 4: it cannot be read/);
    expect(said.stderr).to.match(/"short": .*at least 80[^]*"odd": .*is not Base32/);
    expect(said.stderr).not.to.match(/JBSWY3DP|Base32 at all/);
    const known = await everythingIn(store);
    expect(JSON.stringify(known)).not.to.match(/(?<![\w-])(short|odd)(?![\w-])/);
    const { id, handle } = await madeElsewhere('weak');
    const weak = {
      cred_id: id,
      webauthn_user_id: handle,
      user_id: 'eve',
      cred_public_key: createHash('sha256').digest('hex'),
    };
    expect((await move('simplewebauthn', [weak], '--encoding', 'hex')).stderr).to.match(/"eve": .* no public key/);
  });

  it('tells a line of CSV that is none, and reads the next', async () => {
    const csv = `user_id,secret\nada,${secret}\nb"ad,${another}\n"bad" x,${another}\ncy,${another}\nopen,"${another}\n`;
    const said = await move('columns', csv, '--encoding', 'base32');
    expect(said.end).to.equal('2 people taken over, 0 there already, 3 left.');
    expect(said.stderr).to.equal([2, 3, 5].map((row) => `Row ${row}: it cannot be read.\n`).join(''));
    const long = `user_id,secret\n"open,${'x'.repeat(25_000_000)}\ndee,${secret}\n`;
    expect((await move('columns', long, '--encoding', 'base32')).end).to.match(/^1 person taken over, .* 1 left/);
  });

  it('keeps the last used of more apps than a person may have, and tells of the rest', async () => {
    await open(2);
    const otp = (value: string, createdDate: number) => ({
      ...{ user_id: 'ada', type: 'otp', created_date: createdDate, secret_data: { value } },
      credential_data: { subType: 'totp', digits: 6, period: 30, secretEncoding: 'BASE32' },
    });
    const oldest = 'MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK';
    const said = await move('keycloak', [otp(secret, 3e12), otp(oldest, 1e12), otp(another, 2e12)]);
    expect(said.stderr).to.equal('"ada": a totp more than the 2 that this app allows; the last used stay.\n');
    expect((await store.load('ada')).record?.authenticators).to.have.lengthOf(2);
    await signsIn('ada', another);
    await signsIn('ada', secret);
  });

  it('guesses no encoding, and knows the systems that it knows', async () => {
    const refused = async (...args: [string, ...string[]]) =>
      move(args[0], [], ...args.slice(1)).then(
        () => 'nothing',
        (error: unknown) => (error as Error).message,
      );
    expect(await refused('columns')).to.contain('columns needs --encoding');
    expect(await refused('better-auth')).to.contain('better-auth needs --key-env');
    expect(await refused('better-auth', '--key-env', 'NOT_THERE')).to.contain('NOT_THERE is empty');
    expect(await refused('auth1')).to.contain('There is no system "auth1"');
  });
});
