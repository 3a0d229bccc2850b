// How somebody not yet protected confirms that a first enrolment is theirs: by a code to an address that the host
// verified before this sign-in, or by a code that an administrator granted. So does whoever objected to
// their first enrolment. Pure.
import { isAddressOf } from '../kernel/address-digest.js';
import type { Factor } from '../kernel/factor.js';
import { contextOf, type Asker, type Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import { enrollmentAction } from './risk-in-force.js';

export type ConfirmsBy = { by: 'address'; factor: Factor; address: string } | { by: 'grant' };

/** Whether this protected person has nothing, because they objected to their first enrolment. */
export function startsAgain({ protected: isProtected, owed, authenticators }: MfaRecord): boolean {
  return isProtected && owed.includes('primary') && authenticators.length === 0;
}

/** @returns undefined where nothing is to be confirmed */
export function confirmsBy(kernel: Kernel, asker: Asker, record: MfaRecord): ConfirmsBy | undefined {
  if (startsAgain(record)) return byReclaim(kernel, asker, record);
  const { confirmFirstEnrollment } = kernel.settings;
  // Whoever comes back under an id is not believed to be who had it before.
  const isRequired = confirmFirstEnrollment === 'required' || record.account !== undefined;
  const required = isRequired || enrollmentAction(kernel, asker.signIn, record) !== 'allow';
  if (confirmFirstEnrollment === 'open' && !required) return undefined;
  // At sign-up nothing was verified before: whoever signs up may enrol.
  if (asker.signIn.moment === 'sign-up' && !required) return undefined;
  return vouchedAddresses(kernel, asker)[0] ?? (required ? { by: 'grant' } : undefined);
}

/** The addresses that the host says are this person's, in the order of the factors that would bind them. */
function vouchedAddresses(kernel: Kernel, asker: Asker): Extract<ConfirmsBy, { by: 'address' }>[] {
  const context = contextOf(kernel, asker);
  return kernel.factors.flatMap((factor) => {
    const address = factor.vouchedAddress?.(context);
    return address === undefined ? [] : [{ by: 'address', factor, address }];
  });
}

/**
 * Only the address that the objection came from, as long as the host still says that it is this person's: one that was
 * changed since may be the thief's.
 */
function byReclaim(kernel: Kernel, asker: Asker, { reclaim }: MfaRecord): ConfirmsBy {
  const from = reclaim?.address;
  const same = vouchedAddresses(kernel, asker).find(
    ({ address }) => from !== undefined && isAddressOf(kernel.sealer, asker.user.id, address, from),
  );
  return same ?? { by: 'grant' };
}
