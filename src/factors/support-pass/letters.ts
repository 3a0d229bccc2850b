// The twelve letters of a pass: drawn, and read from what somebody typed who heard them on the telephone. Pure.
import type { Random } from '../../core/words/random.js';
import { longestTyped, plainTyped } from '../../core/words/typed-text.js';

/** No vowels, so that they spell no word, and no Y, which is one in places. 20^12 are 51 bits. */
const alphabet = 'BCDFGHJKLMNPQRSTVWXZ';
const length = 12;

export function drawLetters(random: Random): string {
  return Array.from({ length }, () => alphabet[random.int(alphabet.length)] ?? '').join('');
}

/** Forgives case, spaces, hyphens and points; undefined where it cannot be a pass. */
export function readLetters(typed: unknown): string | undefined {
  if (typeof typed !== 'string' || typed.length > longestTyped) return undefined;
  const plain = plainTyped(typed).toUpperCase().replace(/[ .-]/g, '');
  return plain.length === length && [...plain].every((letter) => alphabet.includes(letter)) ? plain : undefined;
}
