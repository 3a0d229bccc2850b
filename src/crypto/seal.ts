// Keeps stored secrets unreadable (AES-256-GCM) and bound to their place, and makes keyed digests of what need not be
// read again. Knows nothing of factors or stores.
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hash } from 'node:crypto';
import { timingSafeEqual, type KeyObject } from 'node:crypto';
import { MfaError } from '../core/words/errors.js';
import type { SealedFor, Sealer } from '../core/kernel/ports.js';
import { readSecrets } from './keys.js';
import type { Key } from './keys.js';
import { cryptoRandom } from './random.js';

const version = 'v1';
const cipher = 'aes-256-gcm';
/** 96 bits, drawn anew each time: good for 2³² values under one key (NIST SP 800-38D §8.3). */
const nonceBytes = 12;
const tagBytes = 16;

export type SealerOptions = {
  /** Newest first, each of 32 bytes or more. The first one seals; every one opens. */
  secrets: readonly (string | undefined)[];
  /** The app's name in a shared store: what one app sealed, another with the same secret does not open. */
  namespace: string;
};

/**
 * A sealer of texts `v1.<key id>.<nonce>.<ciphertext and tag>`, the last two in base64url.
 * @throws MfaError `config.secret_too_short`
 */
export function createSealer({ secrets, namespace }: SealerOptions): Sealer {
  const keys = readSecrets(secrets);
  const { newest } = keys;

  const bindings = (keyId: string, { userId, authenticatorId, purpose }: SealedFor): Buffer =>
    Buffer.from(JSON.stringify([version, keyId, namespace, userId, authenticatorId, purpose]));

  // Made ready once: that takes as long as the digest of a short text. Purposes are few and fixed.
  const peppers = new Map<string, KeyObject>();
  function pepperOf(key: Key, purpose: string): KeyObject {
    const name = `${key.id} ${purpose}`;
    const there = peppers.get(name);
    if (there) return there;
    const pepper = createSecretKey(key.derive('digest', namespace, purpose));
    peppers.set(name, pepper);
    return pepper;
  }

  const keyOf = (keyId: string): Key => keys.find(keyId) ?? refuseUnknown(keyId);

  function sealWith(nonce: Uint8Array, plain: string, belongsTo: SealedFor): string {
    const seal = createCipheriv(cipher, newest.derive('seal', belongsTo.purpose), nonce, { authTagLength: tagBytes });
    seal.setAAD(bindings(newest.id, belongsTo));
    const sealed = Buffer.concat([seal.update(plain, 'utf8'), seal.final(), seal.getAuthTag()]);
    return `${version}.${newest.id}.${Buffer.from(nonce).toString('base64url')}.${sealed.toString('base64url')}`;
  }

  return {
    keyId: newest.id,
    keyIds: keys.ids,

    seal: (plain, belongsTo) => sealWith(cryptoRandom.bytes(nonceBytes), plain, belongsTo),

    sealAlike(plain, belongsTo) {
      // A nonce of the text itself: it comes again only with the very same text, and then the whole is the same.
      const made = createHmac('sha256', pepperOf(newest, 'nonce')).update(bindings(newest.id, belongsTo)).update(plain);
      return sealWith(made.digest().subarray(0, nonceBytes), plain, belongsTo);
    },

    open(sealed, belongsTo) {
      const { keyId, nonce, content, tag } = readSealed(sealed);
      const open = createDecipheriv(cipher, keyOf(keyId).derive('seal', belongsTo.purpose), nonce, {
        authTagLength: tagBytes,
      });
      open.setAAD(bindings(keyId, belongsTo)).setAuthTag(tag);
      try {
        return Buffer.concat([open.update(content), open.final()]).toString('utf8');
      } catch (cause) {
        return refuseAltered(cause);
      }
    },

    isCurrent: (sealed) => sealed.startsWith(`${version}.${newest.id}.`),

    digest(purpose, value, keyId) {
      const key = keyId === undefined ? newest : keyOf(keyId);
      return new Uint8Array(createHmac('sha256', pepperOf(key, purpose)).update(value).digest());
    },

    hashToken: (value) => hash('sha256', value, 'base64url'),

    equal(a, b) {
      const [one, other] = [Buffer.from(a), Buffer.from(b)];
      // timingSafeEqual refuses different lengths, and a shortcut on length would tell the length: all of `one` is compared.
      const alike = Buffer.alloc(one.length);
      other.copy(alike);
      const isPrefix = timingSafeEqual(one, alike);
      return isPrefix && one.length === other.length;
    },
  };
}

function readSealed(sealed: string): { keyId: string; nonce: Buffer; content: Buffer; tag: Buffer } {
  const [mark, keyId = '', nonceText = '', text = '', ...rest] = sealed.split('.');
  const nonce = Buffer.from(nonceText, 'base64url');
  const bytes = Buffer.from(text, 'base64url');
  // Node reads base64url leniently: without this, several texts would open to the same value.
  const exact = nonce.toString('base64url') === nonceText && bytes.toString('base64url') === text;
  if (mark !== version || rest.length > 0 || !exact || nonce.length !== nonceBytes || bytes.length < tagBytes) {
    return refuseAltered();
  }
  return { keyId, nonce, content: bytes.subarray(0, -tagBytes), tag: bytes.subarray(-tagBytes) };
}

function refuseUnknown(keyId: string): never {
  const message = `A stored value was sealed with a secret (key id ${JSON.stringify(keyId.slice(0, 16))}) which is not in \`secrets\`. Add that secret at the end of the list.`;
  throw new MfaError('store.unavailable', message);
}

function refuseAltered(cause?: unknown): never {
  const message =
    'A stored value does not open: it was altered, or moved here from another user, purpose or namespace.';
  throw new MfaError('store.unavailable', message, { cause });
}
