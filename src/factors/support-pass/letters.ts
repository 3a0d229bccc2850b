// The twelve letters of a pass: drawn, and read from what somebody typed who heard them on the telephone. Pure.
import type { Random } from '../../core/words/random.js';

/** No vowels, so that they spell no word, and no Y, which is one in places. 20^12 are 51 bits. */
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';
const length = 12;

export function drawLetters(random: Random): string {
  return Array.from({ length }, () => alphabet[random.int(alphabet.length)] ?? '').join('');
}

/** Forgives case, spaces and hyphens; undefined where it cannot be a pass. */
export function readLetters(typed: unknown): string | undefined {
  if (typeof typed !== 'string' || typed.length > 200) return undefined;
  const plain = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{Cf}\u2212\u2043.]/gu, '');
  return plain.length === length && [...plain].every((letter) => alphabet.includes(letter)) ? plain : undefined;
}
