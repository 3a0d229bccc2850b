// What a census makes of one person: the lists they stand in, and what of theirs is added up. Each list is a filter of the pages of
// people, and its length a number of the overview. Pure.
import type { CensusCounts } from '../kernel/stats.js';
import type { Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import { barredBy } from './barred.js';
import { exemptionOf } from './exemption.js';
import { holdOf } from './hold.js';
import { isReleased, keptLevel } from './kept-level.js';
import { actionAt } from './risk-actions.js';
import { enrolledOf, worksNow, type Enrolled } from './situation.js';

/** Lists of a census; beside them `kind/<kind>`, who has a method of that kind which works, `left/<n>`, and each with `/admins` for theirs. */
export const censusLists = [
  'all',
  'protected',
  'none',
  'weak',
  'codes',
  'codes-used',
  'low',
  'expiring',
  'locked',
  'disabled',
  'hold',
  'blocked',
  'suspended',
  'exempt',
  'idle',
  'unread',
] as const;
export type CensusList = (typeof censusLists)[number];

/** These say how things stand; the others, who is locked out or let in too easily, or soon will be. */
const standing: readonly CensusList[] = ['all', 'protected', 'codes', 'codes-used'];
export const listsAtRisk = censusLists.filter((list) => !standing.includes(list));

export type Headcount = { lists: string[]; counts: CensusCounts };

const idleSeconds = 90 * 86_400;
const expiringSeconds = 30 * 86_400;
/** The histogram of codes left ends here; who has more counts as this many. */
export const mostLeft = 10;

/** Somebody of whom there is no record. */
export function headcountOfNobody(): Headcount {
  return { lists: ['all', 'none'], counts: { able: 1 } };
}

/** Somebody whose record cannot be believed, and who gets nowhere until it is reset. */
export function headcountOfUnread(): Headcount {
  return { lists: ['all', 'unread'], counts: { able: 1 } };
}

/** `able`: can sign in, neither suspended nor exempt; shares are of them. A million are counted in a row: one look at each method. */
export function headcount(kernel: Kernel, record: MfaRecord): Headcount {
  const now = kernel.now();
  const suspended = barredBy(record) !== undefined;
  const exempt = !suspended && !record.protected && exemptionOf(record, now) !== undefined;
  const able = !suspended && !exempt;
  const kinds = new Set<string>();
  let [methods, primary, works, disabled, weak, last] = [0, 0, false, false, true, 0];
  let codes: Enrolled | undefined;
  for (const enrolled of enrolledOf(kernel, record)) {
    const { factor, authenticator } = enrolled;
    if (factor.rank === 'pass') continue;
    methods += 1;
    last = Math.max(last, authenticator.lastUsedAt ?? authenticator.createdAt);
    disabled ||= authenticator.disabledAt !== undefined;
    const isWorking = worksNow(enrolled);
    works ||= isWorking;
    if (factor.rank === 'backup') codes ??= enrolled;
    if (factor.rank !== 'primary') continue;
    primary += 1;
    if (!isWorking) continue;
    kinds.add(factor.kind);
    weak &&= factor.channel !== undefined;
  }
  const lists: string[] = [];
  const put = (list: string, is: boolean): void => {
    if (is) lists.push(list);
  };
  put('all', true);
  put('protected', able && record.protected && works);
  put('none', able && primary === 0);
  put('weak', able && kinds.size > 0 && weak);
  put('locked', isLocked(record, now));
  put('disabled', disabled);
  put('hold', holdOf(kernel, record) !== undefined);
  put('blocked', able && isBlocked(kernel, record));
  put('suspended', suspended);
  put('exempt', exempt);
  put('idle', able && methods > 0 && last < now - idleSeconds);
  const counts: CensusCounts = {};
  if (able) {
    counts['able'] = 1;
    for (const kind of kinds) lists.push(`kind/${kind}`);
    for (const kind of kinds.size === 1 ? kinds : []) counts[`alone/${kind}`] = 1;
  }
  if (codes) countCodes(codes, now, put, counts);
  return { lists, counts };
}

/** What looked risky is refused, whatever is proved, until an administrator releases it: a sign-in, or setting a method up. */
export function isBlocked(kernel: Kernel, record: MfaRecord): boolean {
  if (!record.raised || isReleased(kernel, record)) return false;
  const place = record.protected ? 'signIn' : 'enrollment';
  return actionAt(kernel.settings.riskActions, place, keptLevel(record, 'unknown')) === 'block';
}

function isLocked({ attempts }: MfaRecord, now: number): boolean {
  return Object.values(attempts).some(({ lockedUntil = 0, closedAt }) => closedAt !== undefined || lockedUntil > now);
}

/** Lists `left/<n>`: who has that many that work. `low-left/<n>`: those of them for whom that is few, or an expired set. */
function countCodes(
  { standing }: Enrolled,
  now: number,
  put: (list: string, is: boolean) => void,
  counts: CensusCounts,
): void {
  const { state, left = 0, total = 0, expiresAt } = standing;
  const expired = state === 'expired';
  const works = expired ? 0 : left;
  const column = Math.min(works, mostLeft);
  const low = state !== 'usable';
  const used = total - left;
  put('codes', true);
  put(`left/${column}`, true);
  put('codes-used', used > 0);
  put('low', low);
  put('expiring', !expired && works > 0 && expiresAt !== undefined && expiresAt - now <= expiringSeconds);
  counts['codes-total'] = total;
  counts['codes-spent'] = used;
  counts['codes-left'] = works;
  counts['codes-expired'] = expired ? left : 0;
  if (low) counts[`low-left/${column}`] = 1;
}
