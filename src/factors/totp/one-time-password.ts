// The algorithm, in the few lines of the RFCs, with the HMAC of Node.js; Base32 from otplib. Knows nothing of windows, users or
// what was used before.
import { createHmac } from 'node:crypto';
import { ScureBase32Plugin } from 'otplib';

export const algorithms = ['SHA1', 'SHA256', 'SHA512'] as const;
export type Algorithm = (typeof algorithms)[number];
/** RFC 4226 R4 forbids fewer than 6; 7 and 8 are allowed (§5.3). */
export type Digits = 6 | 7 | 8;

/** What one authenticator app counts with. */
export type Parameters = { algorithm: Algorithm; digits: Digits; periodSeconds: number };

/** 80 bits: what older systems made, and still have to be moved here. New ones are longer, see the options. */
export const minSecretBytes = 10;
export const maxSecretBytes = 128;
export const periodLimits = { min: 15, max: 300 } as const;

const base32 = new ScureBase32Plugin();

/** The number of the time step that `now` (Unix seconds) lies in: T of RFC 6238 §4.2, with T0 = 0. */
export function stepAt(now: number, periodSeconds: number): number {
  return Math.floor(now / periodSeconds);
}

/**
 * The code of one time step, `digits` characters with leading zeros (RFC 6238 §4, RFC 4226 §5.3). Every answer makes one for
 * each step of the window.
 * @throws RangeError for a secret that is shorter than any that is taken: of none at all there would be a code too
 */
export function codeOf(secret: Uint8Array, step: number, { algorithm, digits }: Parameters): string {
  if (secret.length < minSecretBytes) throw new RangeError(`A secret has at least ${minSecretBytes} bytes.`);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(algorithm, secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

/** RFC 4648 §6, upper case, without padding. */
export function toBase32(bytes: Uint8Array): string {
  return base32.encode(bytes, { padding: false });
}

/** @throws Error where `text` is not canonical Base32. */
export function fromBase32(text: string): Uint8Array {
  return base32.decode(text);
}
