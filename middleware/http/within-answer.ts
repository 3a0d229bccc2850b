// Gives the work of one answer the app whose store has one deadline for all that this answer asks of it.
import { withinAnswer as kernelWithin } from '../../src/core/kernel/kernel.js';
import type { MfaCore } from '../../src/mfa.js';

/** Runs `work` with the same app; what it asks the store for through it shares one deadline, where the store has such. */
export function withinAnswer<T>(mfa: MfaCore, work: (mfa: MfaCore) => Promise<T>): Promise<T> {
  return kernelWithin(mfa.kernel, (kernel) => work({ ...mfa, kernel }));
}
