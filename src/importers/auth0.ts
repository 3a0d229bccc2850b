// Auth0: `mfa_factors` in the schema that it documents for users, which is what its support's export of secrets is brought
// into, and `authentication_methods` as its Management API answers: those have addresses and passkeys, and no secret.
import {
  bytesOf,
  isTrue,
  listOf,
  need,
  objectOf,
  passkey,
  personOf,
  rowsOf,
  secondsOf,
  textOf,
  unknownType,
  Unreadable,
  type Found,
  type Importer,
  type Row,
  type Said,
  type Untaken,
} from './importer.js';

type Of = { userId: string; said: Said };

const totp = (userId: string, secret: string): Found => ({
  userId,
  kind: 'totp',
  input: { secret, encoding: 'base32' },
});

function factorOf(one: Row, userId: string): Found {
  if (one['totp'] !== undefined) return totp(userId, need(objectOf(one, 'totp'), 'secret'));
  const [kind, name] = one['phone'] === undefined ? ['email', 'email'] : ['sms', 'phone'];
  if (one[name] === undefined) throw new Unreadable('a factor is neither totp nor phone nor email');
  return { userId, kind, input: { address: need(objectOf(one, name), 'value') } };
}

/** Its documents say Base64 and Base64url of the same bytes. */
const bytes = (one: Row, name: string) =>
  bytesOf(need(one, name).replaceAll('+', '-').replaceAll('/', '_'), 'base64url', name);

function methodOf(one: Row, { userId, said }: Of): Found | Untaken | undefined {
  const type = need(one, 'type');
  // What was only begun is listed as well. An address that is not said to be proved may be anybody’s; a passkey proves itself.
  const isProved = isTrue(one['confirmed'] ?? !['phone', 'email', 'totp'].includes(type));
  if (!isProved) return { userId, cannot: 'method that was never confirmed' };
  const at = secondsOf(one['last_auth_at'] ?? one['created_at']);
  const name = textOf(one, 'name');
  const more = { ...(at && { lastUsedAt: at }), ...(name && { name }) };
  switch (type) {
    case 'password':
    case 'email-verification':
      return undefined;
    case 'totp': {
      const secret = textOf(one, 'totp_secret');
      return secret === undefined ? { userId, cannot: 'authenticator app' } : { ...totp(userId, secret), ...more };
    }
    case 'phone':
      return { userId, kind: 'sms', input: { address: need(one, 'phone_number') }, ...more };
    case 'email':
      return { userId, kind: 'email', input: { address: need(one, 'email') }, ...more };
    case 'passkey':
    case 'webauthn-roaming':
    case 'webauthn-platform': {
      if (one['public_key'] === undefined) return { userId, cannot: 'passkey' };
      const device = textOf(one, 'credential_device_type');
      const fields = {
        credentialId: bytes(one, 'key_id'),
        publicKey: bytes(one, 'public_key'),
        transports: listOf(one['transports']),
        aaguid: textOf(one, 'aaguid'),
        backupEligible: device === undefined ? undefined : device === 'multi_device',
        rpId: textOf(one, 'relying_party_identifier') ?? said.rpId,
      };
      return { userId, kind: 'webauthn', input: passkey(fields, said), ...more };
    }
    case 'push':
    case 'guardian':
      return { userId, cannot: 'push' };
    case 'recovery-code':
      return { userId, cannot: 'backup codes' };
    default:
      return { userId, cannot: unknownType };
  }
}

export const auth0: Importer = {
  name: 'auth0',
  list: 'users',
  read(row, said) {
    const userId = personOf(row, said, 'user_id');
    const has = (name: string) => row[name] !== undefined && row[name] !== null;
    const factors = has('mfa_factors') ? rowsOf(row, 'mfa_factors') : [];
    const methods = has('authentication_methods') ? rowsOf(row, 'authentication_methods') : [];
    return [
      ...factors.map((one) => factorOf(one, userId)),
      ...methods.flatMap((one) => methodOf(one, { userId, said }) ?? []),
    ];
  },
};
