// How good a person's two-step verification is, as one word: what their page says first. Decides from what works now; the
// words are the page's. Pure.
import type { Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import { enrolledOf, hasUsable, worksNow } from './situation.js';

/**
 * `good`: something is left whatever one thing is lost. `phone`: all methods are lost with one phone; `single`: with the only
 * one. `codes`: backup codes are the only way in. `broken`: nothing works. `off`: the password alone.
 */
export type AccountState = 'good' | 'phone' | 'single' | 'codes' | 'broken' | 'off';

/** `methods`: how many work now, backup codes apart. */
export type Judged = { state: AccountState; methods: number };

export function judgeAccount(kernel: Kernel, record: MfaRecord): Judged {
  const methods = enrolledOf(kernel, record).filter((own) => own.factor.rank === 'primary' && worksNow(own));
  const hasCodes = hasUsable(kernel, record, 'backup');
  const judge = (): AccountState => {
    if (!record.protected) return 'off';
    if (methods.length === 0) return hasCodes ? 'codes' : 'broken';
    if (hasCodes) return 'good';
    if (methods.every(({ factor }) => factor.onPhone)) return 'phone';
    return methods.length === 1 ? 'single' : 'good';
  };
  return { state: judge(), methods: methods.length };
}
