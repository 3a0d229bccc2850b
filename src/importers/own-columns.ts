// Columns of one's own, by speakeasy or otplib, and the tables of the examples of SimpleWebAuthn: what they are written in is
// said by whoever made them.
import {
  bytesOf,
  countingOf,
  listOf,
  need,
  numberOf,
  passkey,
  personOf,
  secondsOf,
  textOf,
  type Importer,
} from './importer.js';

export const ownColumns: Importer = {
  name: 'columns',
  needs: ['encoding'],
  read(row, { userField = 'user_id', secretField = 'secret', encoding = '' }) {
    const secret = textOf(row, secretField);
    if (secret === undefined) return [];
    return [{ userId: need(row, userField), kind: 'totp', input: { secret, encoding, ...countingOf(row) } }];
  },
};

export const simpleWebAuthn: Importer = {
  name: 'simplewebauthn',
  needs: ['encoding'],
  read(row, said) {
    const deviceType = textOf(row, 'deviceType', 'device_type', 'credentialDeviceType');
    const userHandle = textOf(row, 'webauthnUserID', 'webauthn_user_id');
    const fields = {
      credentialId: bytesOf(need(row, 'id', 'cred_id', 'credentialID'), 'base64url', 'id'),
      publicKey: bytesOf(
        need(row, 'publicKey', 'cred_public_key', 'credentialPublicKey'),
        said.encoding ?? '',
        'publicKey',
      ),
      counter: numberOf(row['counter']),
      transports: listOf(row['transports']),
      backupEligible: deviceType === undefined ? undefined : deviceType === 'multiDevice',
      userHandle: userHandle && bytesOf(userHandle, 'base64url', 'webauthnUserID'),
    };
    const lastUsedAt = secondsOf(row['last_used'] ?? row['lastUsed']);
    const userId = personOf(row, said, 'user_id', 'internal_user_id', 'userId');
    return [{ userId, kind: 'webauthn', input: passkey(fields, said), ...(lastUsedAt && { lastUsedAt }) }];
  },
};
