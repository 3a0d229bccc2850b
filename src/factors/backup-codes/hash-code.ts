// The one-way form of a backup code: argon2id over a keyed digest, so that neither a stolen database alone nor the app's
// secret alone lets codes be tried (OWASP Password Storage; NIST SP 800-63B-4 §3.1.2.2).
import { hashRaw } from '@node-rs/argon2';
import type { Sealer } from '../../core/kernel/ports.js';
import { MfaError } from '../../core/words/errors.js';

export const saltBytes = 16;

/** OWASP's minimum for argon2id: m = 19456 KiB, t = 2, p = 1. The library's default algorithm is argon2id. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 16 };

/** As `saltBytes` of chance are written. A store holds anything. */
function isSalt(salt: unknown): boolean {
  return typeof salt === 'string' && /^[\w-]{22}$/.test(salt);
}

/** How the codes of one set are hashed. */
export type Hashing = { salt: string; keyId: string };

/**
 * 16 bytes, base64url: a code has 39 or 79 bits. Takes tens of milliseconds of a core: call it in the derivation queue.
 * @throws MfaError `store.unavailable` when the secret that the set was made with is gone, `store.record_altered` for a salt that
 * is none
 */
export async function hashCode(
  sealer: Sealer,
  userId: string,
  code: string,
  { salt, keyId }: Hashing,
): Promise<string> {
  // Of this person: a set that is moved to another record fits none of its codes. No code has a space in it.
  if (!isSalt(salt))
    throw new MfaError('store.record_altered', 'A set of backup codes has a salt that was never drawn.');
  const peppered = sealer.digest('backup-codes', `${userId} ${code}`, keyId);
  const hash = await hashRaw(peppered, { ...cost, salt: Buffer.from(salt, 'base64url') });
  return hash.toString('base64url');
}
