// What outlives the rest of a record: a reset, the end of an account and an import change what somebody has, never that they
// were barred. Pure.
import type { MfaRecord } from '../kernel/record.js';

type Lasting = Pick<MfaRecord, 'suspended'>;

/** The fields that a record which takes the place of this one must have as well. */
export function lastingOf({ suspended }: MfaRecord): Lasting {
  return suspended === undefined ? {} : { suspended };
}

/** `given` in the place of `stored`: barred by whoever bars either. */
export function withLasting(stored: MfaRecord, given: MfaRecord): MfaRecord {
  const suspended = { ...given.suspended, ...stored.suspended };
  return Object.keys(suspended).length === 0 ? given : { ...given, suspended };
}
