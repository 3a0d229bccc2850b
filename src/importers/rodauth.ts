// Rodauth: rows of its tables. An app counts by the key in the row or, where the site has an `hmac_secret`, by that key's HMAC,
// written in letters; which of both it is, no row says.
import { createHmac } from 'node:crypto';
import {
  bytesOf,
  countingOf,
  need,
  numberOf,
  passkey,
  personOf,
  secondsOf,
  textOf,
  Unreadable,
  type Importer,
  type Row,
} from './importer.js';

const letters = 'abcdefghijklmnopqrstuvwxyz234567';

/** `otp_hmac_secret` of Rodauth: as many letters as the key has, five bits of each byte. */
function lettersOfHmac(key: string, hmacSecret: string): string {
  if (!/^(?:[a-z2-7]{16}){1,2}$/.test(key)) throw new Unreadable('the field key is no key of Rodauth');
  const bits = Array.from(key, (letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
  const digest = createHmac('sha256', hmacSecret).update(bytes).digest();
  return Array.from(digest.subarray(0, key.length), (byte) => letters[byte % 32]).join('');
}

/** A time without zone is UTC. @throws Unreadable for none: taken for never, the code of then could be used again */
function usedAt({ last_use: value = null }: Row): number | undefined {
  if (value === null || value === '') return undefined;
  const hasZone = typeof value !== 'string' || /(?:Z|UTC|[+-]\d\d(?::?\d\d)?)$/i.test(value);
  const at = secondsOf(hasZone ? value : `${value}Z`);
  if (at === undefined) throw new Unreadable('the field last_use is no time');
  return at;
}

export const rodauth: Importer = {
  name: 'rodauth',
  needs: [['key', 'encoding']],
  read(row, said) {
    const lastUsedAt = usedAt(row);
    const last = lastUsedAt === undefined ? {} : { lastUsedAt };
    if (textOf(row, 'public_key') !== undefined) {
      const handle = textOf(row, 'webauthn_user_id');
      const fields = {
        credentialId: bytesOf(need(row, 'webauthn_id'), 'base64url', 'webauthn_id'),
        publicKey: bytesOf(need(row, 'public_key'), 'base64url', 'public_key'),
        counter: numberOf(row['sign_count']),
        userHandle: handle && bytesOf(handle, 'base64url', 'webauthn_user_id'),
      };
      return [{ userId: personOf(row, said, 'account_id'), kind: 'webauthn', input: passkey(fields, said), ...last }];
    }
    // A number that nobody confirmed yet has no count of failures. Those that are there lack the code of their country.
    if ('phone_number' in row)
      return row['num_failures'] === null || row['num_failures'] === ''
        ? []
        : [{ userId: personOf(row, said, 'id'), cannot: 'phone number' }];
    if ('code' in row) return [{ userId: personOf(row, said, 'id'), cannot: 'backup codes' }];
    // Keys of other tables open an account by themselves, and count no failures.
    if (!('key' in row) || !('num_failures' in row)) return [];
    const userId = personOf(row, said, 'id');
    const key = need(row, 'key');
    const counting = countingOf(row);
    const step = lastUsedAt === undefined ? -1 : Math.floor(lastUsedAt / Number(counting['period'] ?? 30));
    const input = {
      secret: said.key === undefined ? key : lettersOfHmac(key, said.key),
      encoding: said.key === undefined ? (said.encoding ?? '') : 'base32',
      ...counting,
      // What was used then may have been the code of the next step.
      lastStep: step < 0 ? -1 : step + 1,
    };
    return [{ userId, kind: 'totp', input, ...last }];
  },
};
