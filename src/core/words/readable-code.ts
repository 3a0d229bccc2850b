// Codes that people read aloud and type: no 0, O, 1, I or L, groups of four. Pure.
import type { Random } from './random.js';
import { longestTyped, plainTyped } from './typed-text.js';

/** 31 characters that are not taken for one another. */
export const readableAlphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** `K7QF-3XTM`: as many groups of four as asked for, each character drawn without bias. */
export function drawReadable(random: Random, groups: number): string {
  const group = () =>
    Array.from({ length: 4 }, () => readableAlphabet[random.int(readableAlphabet.length)] ?? '').join('');
  return Array.from({ length: groups }, group).join('-');
}

/**
 * The characters of a code in groups of four: alone, with or without hyphens, or as a line of a list of them (`3. K7QF-3XTM`), or
 * of a message, where it is the only one so long. Undefined where there is none of such a length; the alphabet is for the
 * caller to look at.
 */
export function groupsTyped(typed: string, lengths: readonly number[]): string | undefined {
  if (typed.length > longestTyped) return undefined;
  const plain = plainTyped(typed).toUpperCase();
  const whole = plain.replace(/^\(?[0-9]{1,2}[.):] ?/, '').replace(/[ -]/g, '');
  const fits = /^[A-Z0-9]*$/.test(whole) && lengths.includes(whole.length);
  if (fits && isReadable(whole)) return whole;
  const codes = [...plain.matchAll(/(?<![A-Z0-9-])[A-Z0-9]{4}(?:-[A-Z0-9]{4})+(?![A-Z0-9-])/g)]
    .map(([code]) => code.replace(/-/g, ''))
    .filter((code) => lengths.includes(code.length));
  if (codes.length === 1) return codes[0];
  return fits ? whole : undefined;
}

function isReadable(text: string): boolean {
  return [...text].every((one) => readableAlphabet.includes(one));
}

/** What was typed; undefined where it cannot be such a code of that length. */
export function readTyped(typed: unknown, groups: number): string | undefined {
  const plain = typeof typed === 'string' ? groupsTyped(typed, [groups * 4]) : undefined;
  return plain !== undefined && isReadable(plain) ? plain : undefined;
}
