// Whether an account is barred, by whoever suspended it: the one rule that everything asks which would let somebody in, or
// let them change what does. Pure.
import type { Happened } from '../words/events.js';
import { refused, type Refused } from '../words/outcome.js';
import { suspensionSources, type MfaRecord, type SuspensionSource } from '../kernel/record.js';

/** Who bars this account; any one source does, protected or not. Undefined: nobody. */
export function barredBy({ suspended }: MfaRecord): SuspensionSource | undefined {
  return suspended && suspensionSources.find((source) => suspended[source] !== undefined);
}

/** The refusal of whoever is barred. It names no source: what the directory said is not for the person's eyes. */
export function refusedAsBarred(record: MfaRecord | undefined): Refused | undefined {
  return record && barredBy(record) ? refused('session.mfa.suspended') : undefined;
}

/** What listeners are told of a request of somebody who is barred. */
export const stoppedAsBarred: Happened = {
  name: 'session-refused',
  outcome: 'refused',
  reason: 'session.mfa.suspended',
  detail: { why: 'suspended' },
};
