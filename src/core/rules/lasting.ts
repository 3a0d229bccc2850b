// What outlives the rest of a record: a reset and an import change what somebody has, never that they were barred, are held, that
// codes and passes are barred after an objection, how long they were exempt, from where they sign in, or whom identity providers
// vouch for. Of these only the bar of the account outlives its end. Pure.
import type { MfaRecord } from '../kernel/record.js';
import { higherLevel } from '../kernel/risk.js';

type Lasting = Pick<
  MfaRecord,
  'suspended' | 'hold' | 'codesBarredUntil' | 'exemptions' | 'history' | 'upstream' | 'raised' | 'releasedUntil'
>;

/** The fields that a record which takes the place of this one must have as well. */
export function lastingOf(record: MfaRecord): Lasting {
  const { suspended, hold, codesBarredUntil, exemptions, history, upstream } = record;
  return {
    ...levelsOf(record),
    ...(suspended === undefined ? {} : { suspended }),
    ...(hold === undefined ? {} : { hold }),
    ...(codesBarredUntil === undefined ? {} : { codesBarredUntil }),
    ...(exemptions === undefined ? {} : { exemptions }),
    ...(history === undefined ? {} : { history }),
    ...(upstream === undefined ? {} : { upstream }),
  };
}

/** `given` in the place of `stored`: barred by whoever bars either, held as the one that is here. */
export function withLasting(stored: MfaRecord, given: MfaRecord): MfaRecord {
  const suspended = { ...given.suspended, ...stored.suspended };
  const hold = stored.hold ?? given.hold;
  const codesBarredUntil = stored.codesBarredUntil ?? given.codesBarredUntil;
  const exemptions = stored.exemptions ?? given.exemptions;
  const history = stored.history ?? given.history;
  // What is claimed here is so for whoever stands here.
  const upstream = stored.upstream ?? given.upstream;
  return {
    ...given,
    ...levelsOf(stored),
    ...(Object.keys(suspended).length === 0 ? {} : { suspended }),
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
