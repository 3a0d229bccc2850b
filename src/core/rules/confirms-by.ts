// How somebody not yet protected confirms that a first enrolment is theirs: by a code to an address that the host
// verified before this sign-in, or by a code that an administrator granted. Pure.
import type { Factor } from '../kernel/factor.js';
import { contextOf, type Asker, type Kernel } from '../kernel/kernel.js';

export type ConfirmsBy = { by: 'address'; factor: Factor; address: string } | { by: 'grant' };

/** @returns undefined where nothing is to be confirmed */
export function confirmsBy(kernel: Kernel, asker: Asker): ConfirmsBy | undefined {
  const { confirmFirstEnrollment } = kernel.settings;
  if (confirmFirstEnrollment === 'open') return undefined;
  const required = confirmFirstEnrollment === 'required';
  // At sign-up nothing was verified before: whoever signs up may enrol.
  if (asker.signIn.moment === 'sign-up' && !required) return undefined;
  const context = contextOf(kernel, asker);
  for (const factor of kernel.factors) {
    const address = factor.vouchedAddress?.(context);
    if (address !== undefined) return { by: 'address', factor, address };
  }
  return required ? { by: 'grant' } : undefined;
}
