// What outlives the rest of a record: a reset changes what somebody has, never that they were barred, are held, that
// codes and passes are barred after an objection, how long they were exempt, from where they sign in, or whom identity providers
// vouch for. Of these only the bar of the account outlives its end, and what is said of who has its id next. Pure.
import type { MfaRecord } from '../kernel/record.js';
import { higherLevel } from '../kernel/risk.js';

type Lasting = Pick<
  MfaRecord,
  | 'suspended'
  | 'account'
  | 'hold'
  | 'codesBarredUntil'
  | 'exemptions'
  | 'history'
  | 'upstream'
  | 'raised'
  | 'releasedUntil'
>;

/** The fields that a record which takes the place of this one must have as well. */
export function lastingOf(record: MfaRecord): Lasting {
  const { suspended, account, hold, codesBarredUntil, exemptions, history, upstream } = record;
  return {
    ...levelsOf(record),
    ...(suspended === undefined ? {} : { suspended }),
    ...(account === undefined ? {} : { account }),
    ...(hold === undefined ? {} : { hold }),
    ...(codesBarredUntil === undefined ? {} : { codesBarredUntil }),
    ...(exemptions === undefined ? {} : { exemptions }),
    ...(history === undefined ? {} : { history }),
    ...(upstream === undefined ? {} : { upstream }),
  };
}

/** Browsers that were known are so no more: what was pending in any is pending in all. */
function levelsOf({ raised, releasedUntil }: MfaRecord): Pick<Lasting, 'raised' | 'releasedUntil'> {
  const level = Object.values(raised ?? {}).reduce(higherLevel, 'low');
  return {
    ...(level === 'low' ? {} : { raised: { unknown: level } }),
    ...(releasedUntil === undefined ? {} : { releasedUntil }),
  };
}
