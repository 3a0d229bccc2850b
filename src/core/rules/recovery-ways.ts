// By what a spent backup code may be confirmed: any primary factor; a code to an address that was the person's before; the
// password, unless this sign-in began with it. Pure.
import type { Factor } from '../kernel/factor.js';
import { contextOf, type Asker, type Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import { ownRecovery } from '../kernel/recovering.js';
import { asKnownBefore } from '../kernel/vouched-addresses.js';
import { isHeldNow } from './recovery.js';
import { isFirstFactor, situationOf } from './situation.js';

/** One way. `address`: as the factor writes it, never to be shown. */
export type ConfirmWay =
  | { by: 'factor'; kind: string }
  | { by: 'address'; kind: string; factor: Factor; address: string }
  | { by: 'password'; kind: 'password' };

/** @param takesPassword whether the host checks passwords at all */
export function confirmWays(kernel: Kernel, asker: Asker, record: MfaRecord, takesPassword: boolean): ConfirmWay[] {
  const own = ownRecovery(kernel, asker, record);
  if (own?.owes !== 'proof') return [];
  // At high risk only the strongest class of them.
  const factors = situationOf(kernel, asker.user, asker.signIn, record)
    .ways.filter(({ rank }) => rank === 'primary')
    .map(({ kind }): ConfirmWay => ({ by: 'factor', kind }));
  const before = { ...asker, user: asKnownBefore(kernel, asker.user, record, own.at) };
  const addresses = kernel.factors.flatMap((factor): ConfirmWay[] => {
    const { kind } = factor;
    if (isFirstFactor(factor, asker.user) || factors.some((each) => each.kind === kind)) return [];
    const addressOf = (each: Asker) => factor.vouchedAddress?.(contextOf(kernel, each));
    const address = addressOf(asker);
    // As long as the host still says that it is this person's: one that was changed since may be the thief's.
    if (address === undefined || address !== addressOf(before)) return [];
    return [{ by: 'address', kind, factor, address }];
  });
  return [...factors, ...addresses, ...passwordWay(asker, isHeldNow(kernel, asker.signIn, record, own), takesPassword)];
}

/** Whoever came by a password has shown that they know it; an app that does not say is taken to ask for one. */
function passwordWay({ user: { signedInBy } }: Asker, held: boolean, takesPassword: boolean): ConfirmWay[] {
  const cameByPassword = signedInBy === undefined || signedInBy === 'password';
  return takesPassword && !held && !cameByPassword ? [{ by: 'password', kind: 'password' }] : [];
}
