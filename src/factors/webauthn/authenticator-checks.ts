// What the authenticator says of itself in signed bytes: flags, and the kind of key. Knows no library and no CBOR; it
// gets both decoded.
import type { Mismatch } from './fault.js';

type Flags = { up: boolean; uv: boolean; be: boolean; bs: boolean };

/** WebAuthn L3 §7.1 step 25. */
export const maxCredentialIdBytes = 1023;

/** The curve of each elliptic algorithm, [COSE algorithm, COSE curve]: no other counts (WebAuthn L3 §5.8.5). */
const curves = new Map([
  [-7, 1],
  [-35, 2],
  [-36, 3],
  [-8, 6],
]);

/** User present, user verified, backup: steps 15–17 of §7.1, 16–18 of §7.2. */
export function checkFlags(flags: Flags, userVerification: 'required' | 'preferred'): Mismatch | undefined {
  if (!flags.up) return { fault: 'user_not_present' };
  if (userVerification === 'required' && !flags.uv) return { fault: 'user_not_verified' };
  if (flags.bs && !flags.be) return { fault: 'impossible_backup_state' };
  return undefined;
}

/** Whether a decoded COSE key (RFC 9052 §7: 3 = algorithm, -1 = curve) is of one of `algorithms`, on its curve. */
export function isOfferedKey(key: Map<number, unknown>, algorithms: readonly number[]): boolean {
  const algorithm = key.get(3);
  if (typeof algorithm !== 'number' || !algorithms.includes(algorithm)) return false;
  const curve = curves.get(algorithm);
  return curve === undefined || key.get(-1) === curve;
}
