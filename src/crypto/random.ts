// Chance, from the operating system's generator by way of OpenSSL (NIST SP 800-63B-4 §3.2.12). Knows nothing of what is
// drawn with it.
import { randomFillSync, randomInt } from 'node:crypto';
import type { Random } from '../core/words/random.js';

/** Filled at once, for each draw asks the system, which takes longer than what most draws are for. */
const ahead = new Uint8Array(4096);
let used = ahead.length;

/** Random bytes that nobody else gets: what was handed out stands here no more. */
function drawBytes(length: number): Uint8Array {
  const drawn = new Uint8Array(length);
  if (length > ahead.length) return randomFillSync(drawn);
  if (used + length > ahead.length) {
    randomFillSync(ahead);
    used = 0;
  }
  drawn.set(ahead.subarray(used, used + length));
  ahead.fill(0, used, used + length);
  used += length;
  return drawn;
}

/** The source of every secret, code, token and id that express-mfa makes. */
export const cryptoRandom: Random = {
  bytes: drawBytes,
  int: (limit) => randomInt(limit),
  token: (bytes = 16) => {
    for (;;) {
      const token = Buffer.from(drawBytes(bytes).buffer).toString('base64url');
      if (!token.startsWith('-')) return token;
    }
  },
};
