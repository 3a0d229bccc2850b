// Chance for entries, drawn for many at once: asking the system's generator costs more than all else that an entry's id
// takes. For ids and salts alone; secrets are drawn one by one.
import type { Random } from '../core/words/random.js';

const drawn = 2048;

/** `length` random bytes, at most 2048; no byte is given twice. */
export function drawAhead(random: Random): Random['bytes'] {
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  return (length) => {
    if (used + length > pool.length) {
      pool = random.bytes(drawn);
      used = 0;
    }
    used += length;
    return pool.subarray(used - length, used);
  };
}
