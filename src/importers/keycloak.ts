// Keycloak: rows of its table `credential`, or a realm export with users. A secret is in Base32 where its data say so, else
// the letters themselves count.
import {
  bytesOf,
  listOf,
  need,
  numberOf,
  objectOf,
  passkey,
  secondsOf,
  textOf,
  Unreadable,
  type Importer,
  type Row,
} from './importer.js';

export const keycloak: Importer = {
  name: 'keycloak',
  list: 'users',
  read(row, said) {
    const { credentials } = row;
    if (Array.isArray(credentials)) {
      const userId = need(row, said.userField ?? 'id');
      // Passkeys of Keycloak bear its own id of the person, whatever this app calls them.
      const inner = { ...said, userField: 'user_id' };
      return (credentials as Row[]).flatMap((one) =>
        keycloak.read({ ...one, user_id: userId, handle: row['id'] }, inner),
      );
    }
    const type = textOf(row, 'type');
    if (type === 'recovery-authn-codes')
      return [{ userId: need(row, said.userField ?? 'user_id'), cannot: 'backup codes' }];
    if (type !== 'otp' && type !== 'webauthn' && type !== 'webauthn-passwordless') return [];
    const userId = need(row, said.userField ?? 'user_id');
    const about = objectOf(row, 'credential_data', 'credentialData');
    const at = secondsOf(row['created_date'] ?? row['createdDate']);
    const name = textOf(row, 'user_label', 'userLabel');
    const more = { ...(at && { lastUsedAt: at }), ...(name && { name }) };
    if (type === 'otp') {
      if (about['subType'] !== 'totp') throw new Unreadable('it counts by HOTP, not by time');
      const secret = need(objectOf(row, 'secret_data', 'secretData'), 'value');
      const encoding = about['secretEncoding'] === 'BASE32' ? 'base32' : 'ascii';
      const { digits = 6, period = 30 } = about as { digits?: number; period?: number };
      const input = { secret, encoding, digits, period, algorithm: textOf(about, 'algorithm') ?? 'SHA1' };
      return [{ userId, kind: 'totp', input, ...more }];
    }
    const fields = {
      credentialId: bytesOf(need(about, 'credentialId'), 'base64', 'credentialId'),
      publicKey: bytesOf(need(about, 'credentialPublicKey'), 'base64url', 'credentialPublicKey'),
      counter: numberOf(about['counter']),
      transports: listOf(about['transports']).map((one) => one.toLowerCase()),
      aaguid: textOf(about, 'aaguid'),
      userHandle: Buffer.from(need(row, 'handle', 'user_id')).toString('base64url'),
    };
    return [{ userId, kind: 'webauthn', input: passkey(fields, said), ...more }];
  },
};
