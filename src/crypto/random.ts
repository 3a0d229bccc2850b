// Chance, from the operating system's generator by way of OpenSSL (NIST SP 800-63B-4 §3.2.12). Knows nothing of what is
// drawn with it.
import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '../core/words/random.js';

/** The source of every secret, code, token and id that express-mfa makes. */
export const cryptoRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  int: (limit) => randomInt(limit),
  token: (bytes = 16) => randomBytes(bytes).toString('base64url'),
};
