// Names for saved states of a record. Both stores draw them here; nothing else is known of records.
import type { Revision } from '../core/kernel/ports.js';

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Drawn for many at once, for each draw asks the system; each byte is used once. */
const drawn = new Uint8Array(4096);
let used = drawn.length;

/** A random token of 128 bits, 32 hexadecimal digits: after a fail-over a counter would come around again. */
export function newRevision(): Revision {
  if (used === drawn.length) {
    globalThis.crypto.getRandomValues(drawn);
    used = 0;
  }
  let revision = '';
  for (const end = used + 16; used < end; used += 1) revision += digits[drawn[used] ?? 0] ?? '';
  return revision;
}
