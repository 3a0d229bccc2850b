// Names for saved states of a record. Both stores draw them here; nothing else is known of records.
import type { Revision } from '../core/kernel/ports.js';

/** A random token of 128 bits, 32 hexadecimal digits: after a fail-over a counter would come around again. */
export function newRevision(): Revision {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
