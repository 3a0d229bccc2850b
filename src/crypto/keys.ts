// From the app's secrets to keys: one for each purpose (HKDF, RFC 5869), and a short id for each secret, so that old
// ones still open while the newest one seals. Knows nothing of what the keys are used for.
import { hkdfSync } from 'node:crypto';
import { MfaError } from '../core/words/errors.js';

/** 256 bits: as many as the keys that are derived from it. */
const secretBytes = 32;
/** What an absent secret nearly always is. */
const unset = 'so the environment variable behind it, such as MFA_SECRET, is not set';
const recipe = `node -e "console.log(require('node:crypto').randomBytes(32).toString('base64url'))"`;

/** One of the app's secrets, under an id that tells nothing about it. */
export type Key = {
  readonly id: string;
  /** A key of 32 bytes for one purpose; the parts of `purpose` cannot run into one another. */
  derive(...purpose: string[]): Uint8Array;
};

/**
 * Reads the app's secrets.
 * @param secrets newest first, each of 32 bytes (UTF-8) or more.
 * @throws MfaError `config.secret_too_short` where one is absent or shorter; the secret is not in the message.
 */
export function readSecrets(secrets: readonly (string | undefined)[]): {
  newest: Key;
  /** Of all, newest first. */
  ids: readonly string[];
  find(id: string): Key | undefined;
} {
  const keys = secrets.map(readSecret);
  const newest = keys[0] ?? refuseSecret(' is an empty list');
  return { newest, ids: keys.map(({ id }) => id), find: (id) => keys.find((key) => key.id === id) };
}

/** Purposes are few and fixed; a bound, in case that somebody puts a name of a person into one. */
const mostKept = 64;

function readSecret(secret: string | undefined, index: number): Key {
  if (secret === undefined || secret === '')
    return refuseSecret(`[${index}] is ${secret === '' ? 'empty' : 'undefined'}, ${unset}`);
  if (typeof secret !== 'string') return refuseSecret(`[${index}] is not a string`);
  const length = Buffer.byteLength(secret);
  if (length < secretBytes) return refuseSecret(`[${index}] has ${length} bytes`);
  // Deriving takes longer than sealing does.
  const kept = new Map<string, Uint8Array>();
  const derive = (...purpose: string[]): Uint8Array => {
    const name = JSON.stringify(purpose);
    const there = kept.get(name);
    if (there) return there;
    const key = expand(secret, 32, purpose);
    if (kept.size >= mostKept) kept.clear();
    kept.set(name, key);
    return key;
  };
  return { id: Buffer.from(expand(secret, 6, ['key id'])).toString('base64url'), derive };
}

function expand(secret: string, length: number, purpose: readonly string[]): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', JSON.stringify(['express-mfa', ...purpose]), length));
}

function refuseSecret(what: string): never {
  const message = `\`secrets\`${what}; it takes secrets of at least ${secretBytes} bytes, newest first. Make one with: ${recipe}`;
  throw new MfaError('config.secret_too_short', message);
}
