// Logto: rows of its table `users`, with all that a person has in one column. Backup codes stand there in clear; they are
// made anew here.
import {
  bytesOf,
  listOf,
  need,
  numberOf,
  passkey,
  personOf,
  rowsOf,
  secondsOf,
  textOf,
  unknownType,
  type Found,
  type Importer,
  type Row,
  type Said,
  type Untaken,
} from './importer.js';

function methodOf(one: Row, userId: string, handle: string, said: Said): Found | Untaken {
  const at = secondsOf(one['lastUsedAt'] ?? one['createdAt']);
  const name = textOf(one, 'name');
  const more = { ...(at && { lastUsedAt: at }), ...(name && { name }) };
  if (one['type'] === 'Totp')
    return { userId, kind: 'totp', input: { secret: need(one, 'key'), encoding: 'base32' }, ...more };
  if (one['type'] !== 'WebAuthn')
    return { userId, cannot: one['type'] === 'BackupCode' ? 'backup codes' : unknownType };
  const fields = {
    credentialId: bytesOf(need(one, 'credentialId'), 'base64url', 'credentialId'),
    publicKey: bytesOf(need(one, 'publicKey'), 'base64url', 'publicKey'),
    counter: numberOf(one['counter']),
    transports: listOf(one['transports']),
    rpId: textOf(one, 'rpId') ?? said.rpId,
    // Passkeys bear Logto's own id of the person, whatever this app calls them.
    userHandle: Buffer.from(handle).toString('base64url'),
  };
  return { userId, kind: 'webauthn', input: passkey(fields, said), ...more };
}

export const logto: Importer = {
  name: 'logto',
  list: 'users',
  read(row, said) {
    const methods = rowsOf(row, 'mfa_verifications', 'mfaVerifications');
    if (methods.length === 0) return [];
    const userId = personOf(row, said, 'id');
    const handle = need(row, 'id');
    return methods.map((one) => methodOf(one, userId, handle, said));
  },
};
