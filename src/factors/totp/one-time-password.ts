// The algorithm: time step, truncation and Base32, from otplib; HMAC from Node.js, where it takes half the time. Knows nothing
// of windows, users or what was used before.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { ScureBase32Plugin, createGuardrails, generateSync, type CryptoPlugin } from 'otplib';

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

const guardrails = createGuardrails({
  MIN_SECRET_BYTES: minSecretBytes,
  MAX_SECRET_BYTES: maxSecretBytes,
  MIN_PERIOD: periodLimits.min,
  MAX_PERIOD: periodLimits.max,
});
const base32 = new ScureBase32Plugin();
const crypto: CryptoPlugin = {
  name: 'node',
  hmac: (algorithm, key, data) => createHmac(algorithm, key).update(data).digest(),
  randomBytes,
  constantTimeEqual: (a, b) => timingSafeEqual(Buffer.from(a), Buffer.from(b)),
};

/** The number of the time step that `now` (Unix seconds) lies in: T of RFC 6238 §4.2, with T0 = 0. */
export function stepAt(now: number, periodSeconds: number): number {
  return Math.floor(now / periodSeconds);
}

/** The code of one time step, `digits` characters with leading zeros (RFC 6238 §4, RFC 4226 §5.3). */
export function codeOf(secret: Uint8Array, step: number, { algorithm, digits, periodSeconds }: Parameters): string {
  return generateSync({
    strategy: 'totp',
    secret,
    epoch: step * periodSeconds,
    period: periodSeconds,
    digits,
    algorithm: algorithm.toLowerCase() as Lowercase<Algorithm>,
    guardrails,
    crypto,
  });
}

/** RFC 4648 §6, upper case, without padding. */
export function toBase32(bytes: Uint8Array): string {
  return base32.encode(bytes, { padding: false });
}

/** @throws Error where `text` is not canonical Base32. */
export function fromBase32(text: string): Uint8Array {
  return base32.decode(text);
}
