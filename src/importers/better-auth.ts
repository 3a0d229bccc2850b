// Better Auth: the tables `twoFactor` and `passkey` of its plug-ins. Secrets are encrypted with XChaCha20-Poly1305, by the SHA-256
// of its secret; what it counts with are the letters of the secret themselves.
import {
  bytesOf,
  countingOf,
  isTrue,
  listOf,
  need,
  numberOf,
  passkey,
  personOf,
  secondsOf,
  textOf,
  Unreadable,
  type Importer,
} from './importer.js';
import { openXChaCha } from './xchacha.js';

/** `$ba$2$…` names the version of the secret; without, it is of the one secret. */
function open(sealed: string, key = ''): string {
  const [, version, hex = sealed] = /^\$ba\$(\d+)\$([0-9a-f]+)$/.exec(sealed) ?? [];
  const known = key.split(/,(?=\s*\d+:)/).map((one) => /^(\d+):(.+)$/.exec(one.trim()));
  const secret = version === undefined ? key : known.find((one) => one?.[1] === version)?.[2];
  const opened = secret === undefined ? undefined : openXChaCha(secret, hex);
  if (opened === undefined) throw new Unreadable('the secret does not open with this key');
  return opened;
}

export const betterAuth: Importer = {
  name: 'better-auth',
  needs: ['key'],
  read(row, said) {
    const userId = personOf(row, said, 'userId', 'user_id');
    const credentialId = textOf(row, 'credentialID', 'credential_id');
    if (credentialId !== undefined) {
      const deviceType = textOf(row, 'deviceType', 'device_type');
      const fields = {
        credentialId,
        publicKey: bytesOf(need(row, 'publicKey', 'public_key'), 'base64', 'publicKey'),
        counter: numberOf(row['counter']),
        transports: listOf(row['transports']),
        aaguid: textOf(row, 'aaguid'),
        backupEligible: deviceType === undefined ? undefined : deviceType === 'multiDevice',
      };
      const name = textOf(row, 'name');
      return [{ userId, kind: 'webauthn', input: passkey(fields, said), ...(name && { name }) }];
    }
    const { verified = true } = row;
    if (verified !== null && !isTrue(verified)) throw new Unreadable('the app was never confirmed');
    const secret = open(need(row, 'secret'), said.key);
    const lastUsedAt = secondsOf(row['updatedAt']);
    return [
      {
        userId,
        kind: 'totp',
        input: { secret, encoding: 'ascii', ...countingOf(row) },
        ...(lastUsedAt && { lastUsedAt }),
      },
    ];
  },
};
