// A typed backup code: what paper, phones and clipboards add or change is forgiven, then the form is checked. A malformed
// one costs no key derivation and no attempt.
import type { Malformed } from '../../core/kernel/factor.js';
import type { Json } from '../../core/words/json.js';
import { groupsTyped, readableAlphabet as alphabet } from '../../core/words/readable-code.js';
import { groupLength, groupsOf } from './alphabet.js';

/** Characters of the alphabet, without hyphens. */
export type TypedCode = { code: string };

/** Of either strength: the option may have changed since a set was made. */
const lengths: readonly number[] = Object.values(groupsOf).map((groups) => groups * groupLength);
const drawn = new RegExp(`^[${alphabet}]+$`);
const lookalike = new RegExp(`^[${alphabet}0O1IL]+$`);

/** Reads the field `code`. A malformed one says in `hint` what the person can mend. */
export function parseCode(body: Json): TypedCode | Malformed {
  const typed = fieldOf(body, 'code');
  const code = typeof typed === 'string' ? groupsTyped(typed, lengths) : undefined;
  if (code === undefined) return malformed('backup.format');
  if (drawn.test(code)) return { code };
  return malformed(lookalike.test(code) ? 'backup.never_contains' : 'backup.format');
}

export function fieldOf(body: Json, name: string): Json | undefined {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body[name] : undefined;
}

function malformed(hint: string): Malformed {
  return { malformed: true, details: { field: 'code', hint } };
}
