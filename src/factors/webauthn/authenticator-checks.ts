// What the authenticator says of itself in signed bytes: its flags. Knows no library and no CBOR; it gets them decoded.
import type { Mismatch } from './fault.js';

type Flags = { up: boolean; uv: boolean; be: boolean; bs: boolean };

/** WebAuthn L3 §7.1 step 25. */
export const maxCredentialIdBytes = 1023;

/** User present, user verified, backup: steps 15–17 of §7.1, 16–18 of §7.2. */
export function checkFlags(flags: Flags, userVerification: 'required' | 'preferred'): Mismatch | undefined {
  if (!flags.up) return { fault: 'user_not_present' };
  if (userVerification === 'required' && !flags.uv) return { fault: 'user_not_verified' };
  if (flags.bs && !flags.be) return { fault: 'impossible_backup_state' };
  return undefined;
}
