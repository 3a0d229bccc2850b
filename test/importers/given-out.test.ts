// Logto, Auth0 and Okta: what each gives out, what each keeps to itself, and that a row is taken whole.
import { expect } from 'chai';
import { emailCode, outboxSender, smsCode, totp } from '../../src/index.js';
import { elevated } from '../support/codes.js';
import { another, madeElsewhere, Moving, secret } from '../support/moving.js';
import { auth0Methods, logtoMethods, logtoUser, oktaFactor, oktaSecret } from './systems.js';

const phone = '+41791234567';
const email = 'ada@example.com';

describe('moving from what others give out', () => {
  let moving: Moving;

  beforeEach(async () => {
    moving = await new Moving().open();
  });
  afterEach(() => moving.close());

  it('keeps the domain and the handle of a passkey of Logto, whatever this app calls people', async () => {
    const made = await madeElsewhere('q6n1x4v2b8zw');
    const row = logtoUser('q6n1x4v2b8zw', [logtoMethods.passkey(made, { name: 'Laptop' })]);
    await moving.move('logto', { users: [row] }, '--user-field', 'primary_email');
    const id = 'q6n1x4v2b8zw@example.com';
    const [passkey] = (await moving.store.load(id)).record?.authenticators ?? [];
    expect(passkey).to.deep.include({ kind: 'webauthn', name: 'Laptop' });
    expect(passkey?.data).to.include({ userHandle: made.handle, rpId: 'app.example', uvInitialized: false });
    await moving.prove(id, made.device);
  });

  it('leaves a person whole whose row has one broken method', async () => {
    const made = await madeElsewhere('q6');
    const broken = [
      logtoUser('unread', [logtoMethods.totp(secret), logtoMethods.passkey(made, { publicKey: 'not/base64url' })]),
      logtoUser('weak', [logtoMethods.totp('JBSWY3DP'), logtoMethods.passkey(made)]),
      { user_id: 'auth0|x', mfa_factors: [{ totp: { secret } }, { phone: { value: '+0' } }] },
    ];
    for (const [system, rows] of [
      ['logto', broken.slice(0, 2)],
      ['auth0', broken.slice(2)],
    ] as const) {
      const said = await moving.move(system, rows);
      expect(said.code).to.equal(1);
      expect(said.end).to.match(/^0 people taken over/);
    }
    const said = await moving.move('logto', broken.slice(0, 2));
    expect(said.stderr).to.match(/^Row 1: the field publicKey is not base64url\.\n/);
    expect(said.stderr).to.match(/"weak": .*at least 80\.\n"weak": a webauthn of that row is left with it\.\n/);
    expect(await moving.everything()).to.deep.equal([]);
  });

  it('takes a row whole, whatever a broken one has of the same', async () => {
    const methods = [
      { type: 'phone', confirmed: true, phone_number: phone, last_auth_at: '2026-10-30' },
      { type: 'phone', confirmed: true, phone_number: '+0' },
    ];
    const said = await moving.move('auth0', [
      { user_id: 'ada', authentication_methods: methods },
      { user_id: 'ada', mfa_factors: [{ totp: { secret } }, { phone: { value: phone } }] },
    ]);
    expect(said.end).to.equal('1 person taken over, 0 there already, 2 left.');
    expect(said.stderr).to.match(/"ada": a sms of that row is left with it\.\n$/);
    expect(await moving.kinds('ada')).to.have.members(['totp', 'sms']);
  });

  for (const [system, rows] of [
    ['auth0', [{ user_id: 'ada', mfa_factors: [{ phone: { value: phone } }, { email: { value: email } }] }]],
    [
      'auth0',
      [
        {
          user_id: 'ada',
          authentication_methods: [
            { id: 'phone|dev_a', type: 'phone', confirmed: true, phone_number: phone, created_at: '2026-02-03' },
            { id: 'email|dev_b', type: 'email', confirmed: true, email, created_at: '2026-02-03' },
            { id: 'phone|dev_c', type: 'phone', confirmed: false, phone_number: '+41791234599' },
            { id: 'phone|dev_d', type: 'phone', phone_number: '+41791234599', last_auth_at: '2026-10-30' },
            { id: 'pwd', type: 'password', created_at: '2026-02-03' },
          ],
        },
      ],
    ],
    [
      'okta',
      [
        oktaFactor('ada', 'sms', { profile: { phoneNumber: '+41-79-123-4567' } }),
        oktaFactor('ada', 'email', { profile: { email } }),
      ],
    ],
  ] as const)
    it(`sends codes to the addresses that ${system} knew (${Object.keys(rows[0]).at(-1)}), and twice changes nothing`, async () => {
      expect((await moving.move(system, rows)).end).to.equal('1 person taken over, 0 there already, 0 left.');
      expect(await moving.kinds('ada')).to.have.members(['sms', 'email']);
      await elevated(moving.app, 'sms');
      expect(moving.app.codes('sms').at(-1)?.to).to.equal(phone);
      moving.app.clock.advance(60);
      await elevated(moving.app, 'email');
      expect(moving.app.codes('email').at(-1)?.to).to.equal(email);
      const before = await moving.everything();
      expect(JSON.stringify(before)).not.to.contain(phone).and.not.to.contain(email);
      expect((await moving.move(system, rows)).end).to.equal('0 people taken over, 1 there already, 0 left.');
      expect(await moving.everything()).to.deep.equal(before);
    });

  it('sends to no number that this app sends to nobody at, and to none where it sends no codes', async () => {
    const row = oktaFactor('ada', 'sms', { profile: { phoneNumber: phone } });
    const sms = smsCode({ sender: outboxSender('sms'), allowedCountries: ['DE'] });
    await moving.open({ factors: () => [totp(), sms, emailCode({ sender: outboxSender('email') })] });
    expect((await moving.move('okta', [row])).stderr).to.contain(
      '"ada": The imported address cannot be used for sms here (phone.country_not_allowed).',
    );
    await moving.open({ factors: () => [totp()] });
    expect((await moving.move('okta', [row])).stderr).to.contain('"ada": sms is no method of this app.');
    expect(await moving.everything()).to.deep.equal([]);
  });

  it('counts what no export gives out, and tells who has nothing else', async () => {
    const rows = [
      oktaFactor('ada', 'token:software:totp', { profile: { credentialId: email } }),
      oktaFactor('ada', 'push'),
      oktaFactor('bob', 'push'),
      oktaFactor('bob', 'question'),
      oktaFactor('cy', 'sms', { profile: { phoneNumber: phone } }),
      oktaFactor('cy', 'push'),
    ];
    const said = await moving.move('okta', rows);
    expect(said).to.include({ code: 1, end: '1 person taken over, 0 there already, 2 left.' });
    expect(said.stderr.split('\n')).to.deep.equal([
      '"ada": nothing that can be taken, only authenticator app, push.',
      '"bob": nothing that can be taken, only push, security question.',
      'Nothing to take over, so people make it anew here: 1 × authenticator app, 3 × push, 1 × security question.',
      '',
    ]);
    const { stdout } = await moving.move('okta', rows, '--dry-run', '--json');
    expect(JSON.parse(stdout)).to.deep.include({
      rows: 6,
      there: 1,
      left: 2,
      untaken: { 'authenticator app': 1, push: 3, 'security question': 1 },
    });
  });

  it('takes secrets of Okta only of apps that were confirmed, and in the encoding that is said', async () => {
    const hex = Buffer.from('12345678901234567890').toString('hex');
    const rows = [
      oktaFactor('ada', 'token:software:totp', { ...oktaSecret(secret), status: 'PENDING_ACTIVATION' }),
      oktaFactor('bob', 'token:hotp', { profile: { sharedSecret: hex }, period: 30 }),
      oktaFactor('cy', 'token:software:totp', { ...oktaSecret(another), _links: { user: { href: 'https://x/cy' } } }),
      { ...oktaFactor('dee', 'token:software:totp', oktaSecret(another)), login: 'dee@example.com' },
    ];
    expect((await moving.move('okta', rows, '--dry-run')).stderr).to.equal(
      'Row 1: it is not active.\nRow 2: its secret is in the encoding of its profile: say --encoding.\n' +
        'Row 3: the link to its user is none.\n',
    );
    await moving.move('okta', rows.slice(1, 2), '--encoding', 'hex');
    await moving.signsIn('bob', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    await moving.move('okta', rows.slice(3), '--user-field', 'login');
    await moving.signsIn('dee@example.com', another);
  });

  it('takes from Auth0 the secret that support gave and the passkey that its API lists, together', async () => {
    const made = await madeElsewhere('auth0|62');
    const methods = [auth0Methods.passkey(made), { id: 'x', type: 'iris-scan' }, { id: 'y', type: 'push' }];
    const rows = [
      { user_id: 'auth0|62', mfa_factors: [{ totp: { secret } }] },
      { user_id: 'auth0|62', authentication_methods: methods },
      { user_id: 'auth0|63', mfa_factors: [{ fax: { value: '1' } }] },
    ];
    const said = await moving.move('auth0', rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(said.end).to.equal('1 person taken over, 0 there already, 1 left.');
    expect(said.stderr).to.contain('Row 3: a factor is neither totp nor phone nor email.\n');
    expect(said.stderr).to.contain('1 × method of a type that is not known, 1 × push.\n');
    await moving.signsIn('auth0|62', secret);
    await moving.prove('auth0|62', made.device);
  });

  it('keeps of a passkey only what a passkey has, however much is told', async () => {
    const made = await madeElsewhere('ann');
    const letters = (at: number) => [...at.toString(2)].map((digit) => 'ab'[Number(digit)]).join('');
    const much = {
      transports: ['internal', ...Array.from({ length: 5000 }, (_, at) => letters(at))],
      aaguid: '0'.repeat(50_000),
      name: `Key\0${'x'.repeat(50_000)}`,
    };
    await moving.move('auth0', [
      { user_id: 'ann', authentication_methods: [{ ...auth0Methods.passkey(made), ...much }] },
    ]);
    const { record } = await moving.store.load('ann');
    expect(JSON.stringify(record).length).to.be.below(2000);
    await moving.prove('ann', made.device);
    const second = await madeElsewhere('bob');
    const domain = { ...auth0Methods.passkey(second), relying_party_identifier: 'a.example/'.repeat(30) };
    const long = 'u'.repeat(80);
    expect((await moving.move('auth0', [{ user_id: 'bob', authentication_methods: [domain] }])).stderr).to.contain(
      '"bob": The imported passkey has no domain that could be used.',
    );
    expect((await moving.move('logto', [logtoUser(long, [logtoMethods.passkey(second)])])).stderr).to.contain(
      'The imported passkey has no user handle that could be used.',
    );
  });

  it('leaves a passkey of a domain at which no browser would use it, and takes what else its person has', async () => {
    const domain = { relying_party_identifier: 'acme.eu.auth0.example' };
    const foreign = async (handle: string) => ({ ...auth0Methods.passkey(await madeElsewhere(handle)), ...domain });
    const said = await moving.move('auth0', [
      { user_id: 'ann', mfa_factors: [{ totp: { secret } }], authentication_methods: [await foreign('ann')] },
      { user_id: 'bob', authentication_methods: [await foreign('bob')] },
    ]);
    expect(said).to.include({ code: 1, end: '1 person taken over, 0 there already, 2 left.' });
    for (const who of ['ann', 'bob'])
      expect(said.stderr).to.contain(`"${who}": no browser uses a passkey of acme.eu.auth0.example here.\n`);
    expect(await moving.kinds('ann')).to.deep.equal(['totp']);
    expect((await moving.store.load('bob')).record).to.equal(undefined);
    const below = { ...(await foreign('cy')), relying_party_identifier: 'app.example' };
    await moving.open({ origin: 'https://www.app.example' });
    await moving.move('auth0', [{ user_id: 'cy', authentication_methods: [below] }]);
    expect(await moving.kinds('cy')).to.deep.equal(['webauthn']);
  });

  it('takes no number for an id that JSON has rounded: it would be somebody else’s', async () => {
    const rows = '[{"user_id":9007199254740993,"mfa_factors":[{"totp":{"secret":"' + secret + '"}}]}]';
    expect((await moving.move('auth0', rows)).stderr).to.contain(
      'Row 1: the field user_id is a number that JSON does not keep; export it as text.\n',
    );
    expect(await moving.everything()).to.deep.equal([]);
  });
});
