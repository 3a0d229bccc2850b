// devise-two-factor: rows of its table of people. Up to version 4 attr_encrypted seals the secret, in three columns; from 5 on
// Active Record does, in one. What both write is known here, and no more of Rails.
import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import { isTrue, objectOf, personOf, textOf, Unreadable, type Importer, type Row, type Said } from './importer.js';

/** Seconds; nothing else can be set there. */
const period = 30;
/** Far more than any secret takes. */
const longest = 4096;

type Keys = { legacy?: string | undefined; rails: Buffer[] };
const derived = new WeakMap<Said, Keys>();

/** As text the key of attr_encrypted; else JSON with what Active Record is configured with, that key too where both are used. */
function keysOf(said: Said): Keys {
  const known = derived.get(said);
  if (known) return known;
  const { key = '' } = said;
  const keys = key.trimStart().startsWith('{') ? readKeys(objectOf({ key }, 'key')) : { legacy: key, rails: [] };
  derived.set(said, keys);
  return keys;
}

function readKeys(given: Row): Keys {
  const salt = textOf(given, 'key_derivation_salt');
  const primary = [given['primary_key']].flat().filter((one) => typeof one === 'string');
  // Rails 7.0 derives with SHA1, later ones with SHA256, or with either; the tag of each secret tells which it was.
  const rails = (salt === undefined ? [] : ['sha256', 'sha1']).flatMap((digest) =>
    primary.map((one) => pbkdf2Sync(one, salt ?? '', 2 ** 16, 32, digest)),
  );
  return { legacy: textOf(given, 'otp_secret_encryption_key'), rails };
}

/** Undefined where it does not open. */
function open(key: Buffer, iv: Buffer, sealed: Buffer, tag: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** A message of Active Record: the payload and headers; `k` is a key of its own, sealed in the same way. */
function openMessage(message: Row, keys: readonly Buffer[]): Buffer | undefined {
  const headers = objectOf(message, 'h');
  if (headers['c'] === true) throw new Unreadable('the field otp_secret is too long for a secret');
  const own = headers['k'] === undefined ? undefined : openMessage(objectOf(headers, 'k'), keys);
  const [payload, iv, tag] = [message['p'], headers['iv'], headers['at']].map((text) => bytes(text));
  if (!payload || !iv || !tag) return undefined;
  for (const key of own ? [own] : keys) {
    const opened = open(key, iv, payload, tag);
    if (opened) return opened;
  }
  return undefined;
}

const bytes = (text: unknown) => (typeof text === 'string' ? Buffer.from(text, 'base64') : undefined);

function secretOf(row: Row, said: Said): string | undefined {
  const sealed = textOf(row, 'otp_secret');
  const name = sealed === undefined ? 'encrypted_otp_secret' : 'otp_secret';
  const text = textOf(row, name);
  if (text === undefined) return undefined;
  if (text.length > longest) throw new Unreadable(`the field ${name} is too long for a secret`);
  const { legacy, rails } = keysOf(said);
  const opened = sealed === undefined ? openLegacy(row, text, legacy) : openMessage(objectOf(row, name), rails);
  if (opened) return opened.toString();
  const right = sealed === undefined ? 'otp_secret_encryption_key' : 'the JSON of active_record_encryption';
  throw new Unreadable(`the field ${name} does not open with this key: --key-env takes ${right}`);
}

/** encryptor 3: the key by PBKDF2 for each salt, the tag behind what is sealed. */
function openLegacy(row: Row, text: string, key = ''): Buffer | undefined {
  const salt = textOf(row, 'encrypted_otp_secret_salt') ?? '';
  const salted = salt.startsWith('_') ? Buffer.from(salt.slice(1), 'base64') : Buffer.from(salt);
  const sealed = Buffer.from(text, 'base64');
  const iv = Buffer.from(textOf(row, 'encrypted_otp_secret_iv') ?? '', 'base64');
  return open(pbkdf2Sync(key, salted, 2000, 32, 'sha1'), iv, sealed.subarray(0, -16), sealed.subarray(-16));
}

export const deviseTwoFactor: Importer = {
  name: 'devise-two-factor',
  needs: ['key'],
  read(row, said) {
    if (!('otp_required_for_login' in row)) throw new Unreadable('the field otp_required_for_login is missing');
    const isOn = isTrue(row['otp_required_for_login']);
    const hasSecret = [row['otp_secret'], row['encrypted_otp_secret']].some((one) => one !== null && one !== undefined);
    if (!isOn && !hasSecret) return [];
    const userId = personOf(row, said, 'id');
    if (!isOn) throw new Unreadable('otp_required_for_login is not true, so their app was never confirmed, or is off');
    const secret = secretOf(row, said);
    if (secret === undefined) throw new Unreadable('otp_required_for_login is true, and there is no secret');
    const used = textOf(row, 'consumed_timestep');
    // Up to version 6.1 it is the step of the clock: a code of the next step may have been the one that was used.
    const lastStep = used === undefined ? -1 : Number(used) + 1;
    const lastUsedAt = Number.isFinite(lastStep) && lastStep > 0 ? lastStep * period : undefined;
    const input = { secret, encoding: 'base32', lastStep };
    // Hashes of bcrypt, as the list, JSON or YAML of them.
    const hasCodes = [row['otp_backup_codes']].flat().some((one) => typeof one === 'string' && one.includes('$2'));
    return [
      { userId, kind: 'totp', input, ...(lastUsedAt && { lastUsedAt }) },
      ...(hasCodes ? [{ userId, cannot: 'backup codes' }] : []),
    ];
  },
};
