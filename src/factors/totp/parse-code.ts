// A typed code: what people and clipboards add is forgiven, then the form is checked. How many digits an app shows is
// known only later, from the record.
import type { ErrorDetails } from '../../core/words/errors.js';
import { digitsTyped, longestTyped } from '../../core/words/typed-text.js';
import type { Malformed } from '../../core/kernel/factor.js';
import type { Json } from '../../core/words/json.js';

/** Six to eight ASCII digits. */
export type TypedCode = { code: string };

/** Of any app: which one this person's shows, the record says. */
const lengths = [6, 7, 8];

/** Reads the field `code`. A malformed one says in `hint` what is wrong with it. */
export function parseCode(body: Json): TypedCode | Malformed {
  const typed = typeof body === 'object' && body !== null && !Array.isArray(body) ? body.code : undefined;
  if (typeof typed !== 'string') return malformed('totp.missing');
  if (typed.length > longestTyped) return malformed('totp.too_long');
  const code = digitsTyped(typed, lengths);
  if (code === '') return malformed('totp.missing');
  if (!/^[0-9]+$/.test(code)) return malformed('totp.not_digits');
  if (code.length < 6) return malformed('totp.too_short');
  if (code.length > 8) return malformed('totp.too_long');
  return { code };
}

/** What is wrong with the length of `code`, where no app of this person shows so many digits. */
export function misfit(code: string, shown: readonly number[]): ErrorDetails | undefined {
  const [digits = 6] = shown;
  if (shown.includes(code.length)) return undefined;
  const hint = code.length < Math.min(...shown) ? 'totp.too_short' : 'totp.too_long';
  return { field: 'code', hint, params: { digits, typed: code.length } };
}

function malformed(hint: string): Malformed {
  return { malformed: true, details: { field: 'code', hint } };
}
