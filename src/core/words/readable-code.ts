// Codes that people read aloud and type: no 0, O, 1, I or L, groups of four. Pure.
import type { Random } from './random.js';

/** 31 characters that are not taken for one another. */
export const readableAlphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** `K7QF-3XTM`: as many groups of four as asked for, each character drawn without bias. */
export function drawReadable(random: Random, groups: number): string {
  const group = () =>
    Array.from({ length: 4 }, () => readableAlphabet[random.int(readableAlphabet.length)] ?? '').join('');
  return Array.from({ length: groups }, group).join('-');
}

/** What was typed, forgiving case, spaces and hyphens; undefined where it cannot be such a code of that length. */
export function readTyped(typed: unknown, groups: number): string | undefined {
  if (typeof typed !== 'string' || typed.length > 200) return undefined;
  const plain = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{Cf}]/gu, '');
  const fits = plain.length === groups * 4 && [...plain].every((character) => readableAlphabet.includes(character));
  return fits ? plain : undefined;
}
