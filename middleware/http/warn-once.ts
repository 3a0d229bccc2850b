// What whoever wrote the app must hear of, once for each app and not at every request; and no client fills the log by it.
import type { MfaCore } from '../../src/mfa.js';

const told = new WeakMap<MfaCore['config'], Set<string>>();
/** Some subjects are named by what was asked for. */
const most = 50;

/**
 * @param about what this is of: told once under that word
 * @param code `express-mfa.<code>`, for hosts that sort warnings
 */
export function warnOnce(mfa: MfaCore, about: string, message: string, code?: string): void {
  const known = told.get(mfa.config) ?? new Set();
  told.set(mfa.config, known);
  if (known.has(about) || known.size >= most) return;
  known.add(about);
  process.emitWarning(message, {
    type: 'ExpressMfaWarning',
    ...(code === undefined ? {} : { code: `express-mfa.${code}` }),
  });
}
