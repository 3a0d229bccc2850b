// How misuse is told at start-up: what was received, never a secret, and what was probably meant.
import { MfaError } from '../../core/errors.js';

/** What was received, as a message may repeat it. */
export function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : typeof value;
}

export function invalid(message: string): MfaError {
  return new MfaError('config.invalid_option', message);
}

/** The known name that is at most three edits away, for "Did you mean …?". */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, edits: edits(name.toLowerCase(), candidate.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.edits - b.edits)[0];
  return best && best.edits <= 3 ? best.candidate : undefined;
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const swap = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
