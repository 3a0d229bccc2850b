// People of devise-two-factor, by rows that it wrote itself: version 4 over attr_encrypted, version 6 over Active Record 7.1.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Browser, code } from '../support/agent.js';
import { Moving } from '../support/moving.js';

type Row = { id: number; consumed_timestep: number | null; [column: string]: unknown };
type Made<Key> = { key: Key; users: [Row, Row, ...Row[]]; secrets: { [id: string]: string } };
type RailsKey = { primary_key: string | string[]; key_derivation_salt: string };

const made = JSON.parse(readFileSync(new URL('fixtures/devise-two-factor.json', import.meta.url), 'utf8')) as {
  four: Made<string>;
  six: { [how in 'sha256' | 'sha1' | 'envelope']: Made<RailsKey> };
};
const { four, six } = made;

describe('people of devise-two-factor', () => {
  let moving: Moving;

  beforeEach(async () => {
    moving = await new Moving().open();
  });
  afterEach(async () => {
    delete process.env['DEVISE_KEY'];
    await moving.close();
  });

  async function move(users: unknown, key: unknown, ...args: string[]) {
    process.env['DEVISE_KEY'] = typeof key === 'string' ? key : JSON.stringify(key);
    return moving.move('devise-two-factor', users, '--key-env', 'DEVISE_KEY', ...args);
  }
  /** That nobody used a code just before. */
  const longAgo = (users: readonly Row[]) => users.map((row) => ({ ...row, consumed_timestep: 1000 }));

  it('come from the three columns of version 4, and who never confirmed their app is told', async () => {
    const said = await move(longAgo(four.users), four.key);
    expect(said).to.include({ code: 1, end: '2 people taken over, 0 there already, 1 left.' });
    expect(said.stderr).to.match(/^Row 3: otp_required_for_login is not true.*\n.*: 1 × backup codes\.\n$/);
    await moving.signsIn('1', four.secrets['1']!);
    await moving.signsIn('2', four.secrets['2']!);
    expect((await moving.store.load('1')).record?.owed).to.deep.equal(['backup-codes']);
    const before = await moving.everything();
    expect((await move(four.users, four.key)).end).to.equal('0 people taken over, 2 there already, 1 left.');
    expect(await moving.everything()).to.deep.equal(before);
  });

  for (const how of ['sha256', 'sha1', 'envelope'] as const)
    it(`come from the encrypted attribute of later versions: ${how}`, async () => {
      const { users, key, secrets } = six[how];
      const said = await move({ users: longAgo(users) }, key, '--user-field', 'email');
      expect(said).to.include({ code: 1, end: '1 person taken over, 0 there already, 1 left.' });
      await moving.signsIn('ann@example.com', secrets['1']!);
    });

  it('come in one file while both generations are there; the newer column counts, as it does there', async () => {
    const [old] = longAgo(four.users);
    const [own] = longAgo(six.sha256.users);
    const both = { ...old, ...own, id: 7 };
    const key = { ...six.sha256.key, otp_secret_encryption_key: four.key };
    expect((await move([both, { ...old, otp_secret: null }], key)).end).to.match(/^2 people taken over/);
    await moving.signsIn('7', six.sha256.secrets['1']!);
    await moving.signsIn('1', four.secrets['1']!);
  });

  it('cannot use a code again that they used there', async () => {
    const { clock } = moving.app;
    const step = Math.floor(clock.now() / 1000 / 30);
    for (const [{ users, key, secrets }, userId] of [
      [six.sha256, 'six'],
      [four, 'four'],
    ] as const) {
      await move([{ ...users[0], name: userId, consumed_timestep: step - 1 }], key, '--user-field', 'name');
      const person = await new Browser(moving.app).signIn(userId);
      const answer = await person.answer('totp', code(secrets['1']!, clock));
      expect(answer.body, userId).to.include({ code: 'session.mfa.invalid_totp_code' });
    }
    await moving.signsIn('six', six.sha256.secrets['1']!);
    await moving.signsIn('four', four.secrets['1']!);
  });

  it('are left where the key is not the one, and it is said which it is', async () => {
    const [old] = four.users;
    const [own] = six.sha256.users;
    for (const key of ['not the key of this app, and 32 bytes long', six.sha1.key, '{"primary_key": "x"}', '{']) {
      const said = await move([old, own], key);
      expect(said.code).to.equal(1);
      expect(await moving.everything()).to.deep.equal([]);
      if (key !== '{') {
        expect(said.stderr).to.contain('Row 1: the field encrypted_otp_secret does not open with this key: --key-env');
        expect(said.stderr).to.contain('takes otp_secret_encryption_key');
        expect(said.stderr).to.match(
          /Row 2: the field otp_secret does not open .* the JSON of active_record_encryption/,
        );
      } else expect(said.stderr).to.contain('Row 1: the field key is no JSON');
    }
  });

  it('are not taken by halves from what somebody spoilt', async () => {
    const [own] = six.envelope.users;
    const { p, h } = JSON.parse(own['otp_secret'] as string) as { p: string; h: { [header: string]: unknown } };
    const deep = '{"k":'.repeat(700) + '1' + '}'.repeat(700);
    const rows = [
      { p, h: { ...h, at: (h['at'] as string).slice(0, 8) } },
      { p, h: { ...h, iv: '' } },
      { p, h: { ...h, c: true } },
      { p, h: null },
      { p: 'x'.repeat(100_000), h },
      { p: 7, h },
      { h },
      { p, h: { ...h, k: { p, h: { ...h, k: 'again' } } } },
      [],
      null,
      7,
      'plain JBSWY3DPEHPK3PXP',
    ].map((one) => ({ ...own, otp_secret: typeof one === 'string' ? one : JSON.stringify(one) }));
    const others = [
      { ...own, otp_secret: deep },
      { ...own, otp_secret: { p, h } },
      { ...own, consumed_timestep: 'never' },
      { ...own, consumed_timestep: 1e300 },
      { ...own, otp_required_for_login: 'perhaps' },
      { ...own, id: null },
      { id: 1, otp_secret: own['otp_secret'] },
      { ...four.users[0], encrypted_otp_secret: 'AAAA' },
      { ...four.users[0], encrypted_otp_secret_iv: null, encrypted_otp_secret_salt: 'x\0' },
    ];
    const key = { ...six.envelope.key, otp_secret_encryption_key: four.key };
    const said = await move([...rows, ...others], key);
    expect(said.stdout).to.equal(`0 people taken over, 0 there already, ${rows.length + others.length} left.\n`);
    expect(said.stderr).not.to.match(/JBSWY3DP|xxxx/);
    expect(await moving.everything()).to.deep.equal([]);
  });
});
