// Secrets that another system made, so that people who move here keep the app on their phone. For operators only; no
// request reaches this.
import { MfaError } from '../../core/words/errors.js';
import type { AdoptedSecret, FactorContext } from '../../core/kernel/factor.js';
import type { Json } from '../../core/words/json.js';
import type { Authenticator } from '../../core/kernel/record.js';
import { dataOf, fingerprintOf, lastStepOf, openSecret, parametersOf, sealSecret, type TotpData } from './data.js';
import {
  algorithms,
  maxSecretBytes,
  minSecretBytes,
  periodLimits,
  stepAt,
  type Parameters,
} from './one-time-password.js';

export type ImportedSecret = {
  secret: string;
  /** How `secret` is written. Base32 in any case, with or without padding and gaps; hex with or without gaps. */
  encoding: 'base32' | 'hex' | 'ascii';
  /** Default `SHA1`. */
  algorithm?: string;
  /** 6 (default), 7 or 8. */
  digits?: number;
  /** Seconds, default 30. */
  period?: number;
  /** The last time step of which a code was accepted there: no code of it, or of an earlier one, is accepted here. */
  lastStep?: number;
};

const encodings = ['base32', 'hex', 'ascii'];
const strongBytes = 16;

/**
 * The bytes of a foreign secret and what its app counts with. `weak`: fewer than the 128 bits of RFC 4226 R6; such a
 * secret works, and its owner should enrol again.
 * @throws MfaError `config.invalid_option` where it cannot be read or has fewer than 80 bits; the secret is not in the message.
 */
export function readImportedSecret(input: Json): {
  bytes: Uint8Array;
  parameters: Parameters;
  weak: boolean;
  lastStep: number;
} {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return refuse('', 'takes an object');
  const { secret, encoding, algorithm = 'SHA1', digits = 6, period = 30, lastStep = -1, ...unknown } = input;
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined) refuse(stranger, 'is not known');
  if (typeof secret !== 'string') return refuse('secret', 'is not a text');
  const known = typeof algorithm === 'string' && algorithms.find((name) => name === readAlgorithm(algorithm));
  if (!known) return refuse('algorithm', `takes ${algorithms.join(', ')}`);
  if (digits !== 6 && digits !== 7 && digits !== 8) return refuse('digits', 'takes 6, 7 or 8');
  if (!isPeriod(period)) return refuse('period', `takes whole seconds from ${periodLimits.min} to ${periodLimits.max}`);
  if (!isStep(lastStep)) return refuse('lastStep', 'takes the whole number of a time step');
  const bytes = decode(secret, encoding);
  if (bytes.length < minSecretBytes) refuse('secret', `has ${bytes.length * 8} bits; it takes at least 80`);
  if (bytes.length > maxSecretBytes) refuse('secret', `has ${bytes.length} bytes; it takes at most ${maxSecretBytes}`);
  const parameters: Parameters = { algorithm: known, digits, periodSeconds: period };
  return { bytes, parameters, weak: bytes.length < strongBytes, lastStep };
}

/** The authenticator for a foreign secret. The one that is in force already changes nothing, its last step included. */
export function adoptSecret(context: FactorContext, own: readonly Authenticator[], input: Json): AdoptedSecret {
  const { bytes, parameters, weak, lastStep: before } = readImportedSecret(input);
  const fingerprint = fingerprintOf(context.sealer, bytes);
  for (const one of own) {
    const data = dataOf(one);
    const sameSecret = context.sealer.equal(openSecret(context, { id: one.id, data }), bytes);
    const counting = parametersOf(data);
    const sameCounting =
      counting.algorithm === parameters.algorithm &&
      counting.digits === parameters.digits &&
      counting.periodSeconds === parameters.periodSeconds;
    if (sameSecret && sameCounting) return { id: one.id, data, weak, same: true, replaces: [], fingerprint };
  }
  const id = context.random.token();
  const { algorithm, digits, periodSeconds: period } = parameters;
  const secret = sealSecret(context, id, bytes);
  // A clock that went wrong there, or a broken row, must lock nobody out for longer than a code lives.
  const lastStep = Math.max(lastStepOf(own, period), Math.min(before, stepAt(context.now, period) + 1));
  const data: TotpData = { secret, algorithm, digits, period, lastStep, ...(weak ? { weak } : {}) };
  return { id, data, weak, same: false, replaces: own.map((one) => one.id), fingerprint };
}

/** `sha-256`, `HmacSHA256` and `SHA256` are one. */
function readAlgorithm(name: string): string {
  return name
    .toUpperCase()
    .replace(/^HMAC/, '')
    .replace(/[-_\s]/g, '');
}

function isPeriod(period: Json): period is number {
  return Number.isSafeInteger(period) && Number(period) >= periodLimits.min && Number(period) <= periodLimits.max;
}

function isStep(step: Json): step is number {
  return Number.isSafeInteger(step) && Number(step) >= -1;
}

function decode(secret: string, encoding: Json | undefined): Uint8Array {
  if (encoding === 'base32') return decodeBase32(secret.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase());
  if (encoding === 'hex') return decodeHex(secret.replace(/[\s:-]/g, '').replace(/^0x/i, ''));
  if (encoding === 'ascii') {
    if (!/^[\x20-\x7e]*$/.test(secret)) return refuse('secret', 'is not ASCII');
    return Uint8Array.from(secret, (character) => character.charCodeAt(0));
  }
  return refuse('encoding', `takes ${encodings.join(', ')}`);
}

function decodeHex(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/i.test(text)) return refuse('secret', 'is not hexadecimal');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/**
 * Older systems drew Base32 letters instead of bytes, so that the last ones may not fill a byte. Authenticator apps drop
 * those bits; a strict decoder would refuse the secret.
 */
function decodeBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const letter of text) {
    const value = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter);
    if (value < 0) return refuse('secret', 'is not Base32');
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >> held) & 0xff);
  }
  return Uint8Array.from(bytes);
}

function refuse(field: string, what: string): never {
  const subject = field === '' ? 'The imported secret' : `The imported secret: \`${field}\``;
  throw new MfaError('config.invalid_option', `${subject} ${what}.`, field === '' ? {} : { details: { field } });
}
