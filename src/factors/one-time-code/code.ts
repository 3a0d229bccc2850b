// The code itself: drawn, parsed from what a person typed, and kept only as a keyed digest. Knows no channel, no
// message and no limit.
import type { FactorContext, Malformed } from '../../core/kernel/factor.js';
import type { Random } from '../../core/words/random.js';
import type { Json } from '../../core/words/json.js';
import { digitsTyped, longestTyped } from '../../core/words/typed-text.js';

export type CodeAnswer = { code: string };

/** What a code is for; one made for one purpose answers no other. */
export type CodePurpose = 'verify' | 'bind' | 'confirm';

/** What a code is bound to: a code entered by another user, in another session or for another address is wrong. */
export type CodeBinding = { kind: string; purpose: CodePurpose; codeId: string; address: string };

/** Every digit is drawn by itself, so leading zeros are as likely as any (NIST SP 800-63B-4 §3.2.12). */
export function drawCode(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => random.int(10)).join('');
}

/** HMAC of the code with the pepper: a stolen store tells no code, though there are only a million of them. */
export function digestCode(context: FactorContext, binding: CodeBinding, code: string, keyId?: string): string {
  const { kind, purpose, codeId, address } = binding;
  const bound = JSON.stringify([kind, purpose, context.user.id, context.flowId, codeId, address, code]);
  return Buffer.from(context.sealer.digest('one-time-code', bound, keyId)).toString('base64url');
}

/** Reads the field `code`: people copy `123 456`, `123-456`, or the whole line of the message. */
export function parseCode(body: Json, digits: number): CodeAnswer | Malformed {
  const typed = typeof body === 'object' && body !== null && !Array.isArray(body) ? body.code : undefined;
  if (typeof typed !== 'string') return malformed('code.missing');
  if (typed.length > longestTyped) return malformed('code.too_long');
  const code = digitsTyped(typed, [digits]);
  if (code === '') return malformed('code.missing');
  if (!/^[0-9]+$/.test(code)) return malformed('code.not_digits');
  const params = { digits, typed: code.length };
  if (code.length < digits) return malformed('code.too_short', params);
  if (code.length > digits) return malformed('code.too_long', params);
  return { code };
}

function malformed(hint: string, params?: { digits: number; typed: number }): Malformed {
  return { malformed: true, details: { field: 'code', hint, ...(params ? { params } : {}) } };
}
