// What a backup code looks like: letters and digits that nobody mistakes for one another, in groups of four.
import type { Random } from '../../core/words/random.js';
import { drawReadable } from '../../core/words/readable-code.js';
import { offends } from './offensive-words.js';

export const groupLength = 4;

/** Groups in a code: two carry 39 bits (guessing is bounded by the lock), four carry 79. */
export const groupsOf = { normal: 2, high: 4 } as const;
export type Strength = keyof typeof groupsOf;

/** Draws before giving up: a source of chance that needs more is broken. */
const mostDraws = 1000;

/**
 * `count` distinct codes without hyphens; each character drawn on its own, so that there is no modulo bias. One in which
 * people read an offensive word is drawn again.
 */
export function drawCodes(random: Random, count: number, strength: Strength): string[] {
  const codes = new Set<string>();
  for (let draws = 0; codes.size < count; draws += 1) {
    if (draws === mostDraws) throw new Error('The random source repeats itself; no set of backup codes came about.');
    const code = drawReadable(random, groupsOf[strength]).replace(/-/g, '');
    if (!offends(code)) codes.add(code);
  }
  return [...codes];
}

/** As shown: `K7QF-3XTM`. */
export function grouped(code: string): string {
  return (code.match(/.{4}/g) ?? []).join('-');
}
