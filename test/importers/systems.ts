// How other systems write down a person with an app, a passkey and codes on paper: by their schemas, as their exports have it.
import { createCipheriv, pbkdf2Sync } from 'node:crypto';
import type { MadeElsewhere } from '../support/moving.js';

type Moved = { id: string; secret: string; passkey: MadeElsewhere };

export type System = {
  name: string;
  args?: readonly string[];
  /** What comes with its people; the rest is counted. */
  kinds: readonly string[];
  counted: string;
  rowsOf(person: Moved): object[];
};

const idOf = (id: string) => (/^\d+$/.test(id) ? Number(id) : id);

/** `SELECT row_to_json(t) FROM mfa_authenticator t`. */
export const allauth = {
  totp: (id: string, secret: string, more: object = {}) => ({
    id: 41,
    type: 'totp',
    data: { secret },
    created_at: '2026-02-03T09:12:44.318021+00:00',
    last_used_at: '2026-10-30T07:01:09.002113+00:00',
    user_id: idOf(id),
    ...more,
  }),
  passkey: (id: string, { response }: MadeElsewhere, name = 'Master key') => ({
    id: 42,
    type: 'webauthn',
    data: {
      name,
      credential: {
        type: 'public-key',
        id: response.id,
        rawId: response.rawId,
        authenticatorAttachment: 'platform',
        response: response.response,
        clientExtensionResults: { credProps: { rk: true } },
      },
    },
    created_at: '2026-02-03T09:14:01.118021+00:00',
    last_used_at: null,
    user_id: idOf(id),
  }),
  codes: (id: string) => ({
    id: 43,
    type: 'recovery_codes',
    data: { seed: 'a1'.repeat(40), used_mask: 5, viewed_at: 1770109964.118 },
    created_at: '2026-02-03T09:12:44.418021+00:00',
    last_used_at: null,
    user_id: idOf(id),
  }),
};

/** `SELECT row_to_json(t) FROM users t`, and what of it Logto's own library wrote. */
export const logtoUser = (id: string, mfaVerifications: object[]) => ({
  tenant_id: 'default',
  id,
  username: null,
  primary_email: `${id}@example.com`,
  primary_phone: null,
  name: 'Ada',
  profile: {},
  custom_data: {},
  identities: {},
  logto_config: { mfa: { enabled: true } },
  mfa_verifications: mfaVerifications,
  is_suspended: false,
  created_at: '2026-02-03T09:12:44.318+00:00',
});

export const logtoMethods = {
  totp: (key: string) => ({ id: 'v1-totp', type: 'Totp', key, createdAt: '2026-02-03T09:12:44.318Z' }),
  passkey: ({ id, key }: MadeElsewhere, more: object = {}) => ({
    id: 'v2-webauthn',
    type: 'WebAuthn',
    rpId: 'app.example',
    credentialId: id,
    publicKey: key.toString('base64url'),
    transports: ['internal', 'hybrid'],
    counter: 0,
    agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
    createdAt: '2026-02-03T09:14:01.118Z',
    ...more,
  }),
  codes: () => ({
    id: 'v3-codes',
    type: 'BackupCode',
    codes: [{ code: '7d1f0a52c3' }, { code: '0c9be17a44', usedAt: '2026-05-01T08:00:00.000Z' }],
    createdAt: '2026-02-03T09:12:45.318Z',
  }),
};

/** `GET /api/v2/users/{id}/authentication-methods`. */
export const auth0Methods = {
  app: () => ({ id: 'totp|dev_x', type: 'totp', confirmed: true, created_at: '2026-02-03T09:12:44.318Z' }),
  passkey: ({ id, key, deviceType }: MadeElsewhere) => ({
    id: 'passkey|dev_y',
    type: 'passkey',
    key_id: id,
    public_key: key.toString('base64'),
    credential_device_type: deviceType === 'multiDevice' ? 'multi_device' : 'single_device',
    credential_backed_up: true,
    identity_user_id: 'whoever',
    user_agent: 'Chrome 138.0 / Linux',
    transports: ['internal'],
    aaguid: '00000000-0000-0000-0000-000000000000',
    relying_party_identifier: 'app.example',
    created_at: '2026-02-03T09:14:01.118Z',
  }),
  codes: () => ({
    id: 'recovery-code|dev_z',
    type: 'recovery-code',
    confirmed: true,
    created_at: '2026-02-03T09:12:44.318Z',
  }),
};

/** `GET /api/v1/users/{id}/factors`, one of its list. */
export const oktaFactor = (id: string, factorType: string, more: object = {}) => ({
  id: 'ostf2gsyictRQDSGTDZE',
  factorType,
  provider: 'OKTA',
  vendorName: 'OKTA',
  status: 'ACTIVE',
  created: '2026-02-03T09:12:44.000Z',
  lastUpdated: '2026-02-03T09:14:01.000Z',
  _links: {
    self: { href: `https://acme.okta.com/api/v1/users/${id}/factors/ostf2gsyictRQDSGTDZE`, hints: { allow: ['GET'] } },
    user: { href: `https://acme.okta.com/api/v1/users/${id}`, hints: { allow: ['GET'] } },
  },
  ...more,
});

/** As Okta answers the enrolment of an app. */
export const oktaSecret = (sharedSecret: string) => ({
  profile: { credentialId: 'ada@example.com' },
  _embedded: { activation: { timeStep: 30, sharedSecret, encoding: 'base32', keyLength: 32 } },
});

/** One user of a realm export. */
const keycloakUser = ({ id, secret, passkey }: Moved) => ({
  id,
  username: 'ada',
  credentials: [
    {
      id: 'c1',
      type: 'password',
      createdDate: 1770109964118,
      secretData: '{}',
      credentialData: '{"hashIterations":5}',
    },
    {
      id: 'c2',
      type: 'otp',
      userLabel: 'Phone',
      createdDate: 1770109964118,
      secretData: JSON.stringify({ value: secret }),
      credentialData: JSON.stringify({
        subType: 'totp',
        digits: 6,
        counter: 0,
        period: 30,
        algorithm: 'HmacSHA1',
        secretEncoding: 'BASE32',
      }),
    },
    {
      id: 'c3',
      type: 'webauthn',
      userLabel: 'Laptop',
      createdDate: 1770109964118,
      secretData: '{}',
      credentialData: JSON.stringify({
        aaguid: '00000000-0000-0000-0000-000000000000',
        credentialId: Buffer.from(passkey.id, 'base64url').toString('base64'),
        counter: 0,
        credentialPublicKey: passkey.key.toString('base64url'),
        attestationStatementFormat: 'none',
        transports: ['INTERNAL'],
      }),
    },
    { id: 'c4', type: 'recovery-authn-codes', createdDate: 1770109964118, secretData: '{}', credentialData: '{}' },
  ],
});

/** As attr_encrypted seals it for devise-two-factor 4, with what this variable says. */
const deviseKey = 'NODE_ENV';
function attrEncrypted(secret: string): object {
  const [iv, salt] = [Buffer.alloc(12, 7), Buffer.alloc(16, 8)];
  const key = pbkdf2Sync(process.env[deviseKey] ?? '', salt, 2000, 32, 'sha1');
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  return {
    encrypted_otp_secret: `${sealed.toString('base64')}\n`,
    encrypted_otp_secret_iv: `${iv.toString('base64')}\n`,
    encrypted_otp_secret_salt: `_${salt.toString('base64')}\n`,
  };
}

export const systems: readonly System[] = [
  {
    name: 'keycloak',
    kinds: ['totp', 'webauthn'],
    counted: '1 × backup codes',
    rowsOf: (person) => [keycloakUser(person)],
  },
  {
    name: 'django-allauth',
    kinds: ['totp', 'webauthn'],
    counted: '1 × backup codes',
    rowsOf: ({ id, secret, passkey }) => [allauth.totp(id, secret), allauth.codes(id), allauth.passkey(id, passkey)],
  },
  {
    name: 'logto',
    kinds: ['totp', 'webauthn'],
    counted: '1 × backup codes',
    rowsOf: ({ id, secret, passkey }) => [
      logtoUser(id, [logtoMethods.totp(secret), logtoMethods.passkey(passkey), logtoMethods.codes()]),
    ],
  },
  {
    name: 'auth0',
    kinds: ['totp', 'webauthn'],
    counted: '1 × authenticator app, 1 × backup codes',
    rowsOf: ({ id, secret, passkey }) => [
      {
        user_id: id,
        email: 'ada@example.com',
        mfa_factors: [{ totp: { secret } }],
        authentication_methods: [auth0Methods.app(), auth0Methods.passkey(passkey), auth0Methods.codes()],
      },
    ],
  },
  {
    name: 'okta',
    kinds: ['totp'],
    counted: '1 × passkey, 1 × push',
    rowsOf: ({ id, secret, passkey }) => [
      oktaFactor(id, 'token:software:totp', oktaSecret(secret)),
      oktaFactor(id, 'webauthn', { profile: { credentialId: passkey.id, authenticatorName: 'MacBook' } }),
      oktaFactor(id, 'push', { profile: { credentialId: 'ada@example.com', deviceType: 'SmartPhone_IPhone' } }),
    ],
  },
  {
    name: 'devise-two-factor',
    args: ['--key-env', deviseKey],
    kinds: ['totp'],
    counted: '1 × backup codes',
    rowsOf: ({ id, secret }) => [
      {
        id: idOf(id),
        email: 'ada@example.com',
        ...attrEncrypted(secret),
        consumed_timestep: 58_000_000,
        otp_required_for_login: true,
        otp_backup_codes: ['$2a$04$xqOcQeqzDPYUSgHxH5eHK.B.524/ClaOvsZlFHfPXOvJNrMswbrza'],
      },
    ],
  },
  {
    name: 'rodauth',
    args: ['--encoding', 'base32'],
    kinds: ['totp', 'webauthn'],
    counted: '1 × phone number, 1 × backup codes',
    rowsOf: ({ id, secret, passkey }) => [
      { id: idOf(id), key: secret.toLowerCase(), num_failures: 0, last_use: '2026-02-03T09:12:44.318+00:00' },
      {
        account_id: idOf(id),
        webauthn_id: passkey.id,
        public_key: passkey.key.toString('base64url'),
        sign_count: 0,
        last_use: '2026-02-03T09:12:44.318+00:00',
        webauthn_user_id: passkey.handle,
      },
      { id: idOf(id), phone_number: '4155550123', num_failures: 0, code: null, code_issued_at: '2026-02-03T09:12:44' },
      { id: idOf(id), code: '_LjJ2K6ugxCr1UAuOUQHWESGPJNQChZMGQyn_M6qOR8' },
    ],
  },
];
