// The options of `totp()`: read once, at start-up.
import { MfaError } from '../../core/words/errors.js';
import { checkOptionNames } from '../../core/words/unknown-option.js';
import { algorithms, periodLimits, type Algorithm, type Digits, type Parameters } from './one-time-password.js';

/**
 * How old, or how early, a code may be. In seconds, at a period of 30:
 * - `strict`: only the code of this step; it is taken for up to 29 s after the app first shows it (ASVS 5.0 6.5.5);
 * - `standard`: and the ones before and after it, from 30 s before to 59 s after: phones run seconds ahead as often as behind
 *   (RFC 6238 §5.2, §6).
 */
export type Window = 'strict' | 'standard';

/** Steps before and after this one. */
export const windows: { readonly [name in Window]: { before: number; after: number } } = {
  strict: { before: 0, after: 0 },
  standard: { before: 1, after: 1 },
};

/** Secrets as long as the hash, RFC 6238 §5.1; 160 bits for SHA1, RFC 4226 R6. */
const secretBytesOf: { readonly [name in Algorithm]: number } = { SHA1: 20, SHA256: 32, SHA512: 64 };

/** Options of authenticator apps. */
export type TotpOptions = {
  /**
   * HMAC of new secrets. Default `SHA1`: several authenticator apps ignore the parameter and count with SHA1 whatever
   * the QR code says; HMAC does not need the collision resistance that SHA1 lacks.
   */
  algorithm?: Algorithm;
  /** Length of a code, 6 to 8. Default 6, for the same reason. */
  digits?: Digits;
  /** Seconds that a code is shown for, 15 to 300. Default 30, for the same reason. */
  period?: number;
  /** Length of new secrets, 16 (RFC 4226 R6) to 64. Default 20, 32 or 64, the length of the hash. */
  secretBytes?: number;
  /** How old or early a code may be. Default `standard`. */
  window?: Window;
  /**
   * How many apps one person may have, 1 to 5. Default 1: a new one takes the place of the old. With more each has a name, and
   * the form's field `replaces` says which one goes.
   */
  maxPerPerson?: number;
};

export type TotpConfig = Parameters & { secretBytes: number; before: number; after: number; maxPerPerson: number };

/** @throws MfaError `config.unknown_option`, `config.invalid_option` */
export function readTotpOptions(options: TotpOptions): TotpConfig {
  checkOptionNames('totp()', options, ['algorithm', 'digits', 'period', 'secretBytes', 'window', 'maxPerPerson']);
  const { algorithm = 'SHA1', digits = 6, period = 30, window = 'standard', maxPerPerson = 1 } = options;
  const { secretBytes = secretBytesOf[algorithm] } = options;
  if (!algorithms.includes(algorithm)) refuse('algorithm', algorithm, algorithms.join(', '));
  if (![6, 7, 8].includes(digits)) refuse('digits', digits, '6, 7 or 8');
  if (!within(period, periodLimits.min, periodLimits.max)) refuse('period', period, 'whole seconds from 15 to 300');
  if (!within(secretBytes, 16, 64)) refuse('secretBytes', secretBytes, 'a whole number from 16 to 64');
  if (!Object.hasOwn(windows, window)) refuse('window', window, Object.keys(windows).join(', '));
  if (!within(maxPerPerson, 1, 5)) refuse('maxPerPerson', maxPerPerson, 'a whole number from 1 to 5');
  return { algorithm, digits, periodSeconds: period, secretBytes, maxPerPerson, ...windows[window] };
}

function within(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function refuse(option: string, got: unknown, wanted: string): never {
  const message = `totp(): \`${option}\` is ${JSON.stringify(got)}; it takes ${wanted}.`;
  throw new MfaError('config.invalid_option', message);
}
