// What a census makes of one person: the lists they stand in, and what of theirs is added up. Each list is a filter of the pages of
// people, and its length a number of the overview. Pure.
import type { CensusCounts } from '../kernel/stats.js';
import { factorOf, type Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import { barredBy } from './barred.js';
import { exemptionOf } from './exemption.js';
import { holdOf } from './hold.js';
import { enrolledOf, worksNow, type Enrolled } from './situation.js';

/** Lists of a census; beside them `kind/<kind>`, who has a method of that kind which works, and each with `/admins`. */
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
export function headcountOfNobody(isAdmin: boolean): Headcount {
  return inLists(['all', 'none'], { able: 1 }, isAdmin);
}

/** Somebody whose record cannot be believed, and who gets nowhere until it is reset. */
export function headcountOfUnread(isAdmin: boolean): Headcount {
  return inLists(['all', 'unread'], { able: 1 }, isAdmin);
}

/** `able`: can sign in, neither suspended nor exempt; shares are of them. */
export function headcount(kernel: Kernel, record: MfaRecord, isAdmin: boolean): Headcount {
  const enrolled = enrolledOf(kernel, record).filter(({ factor }) => factor.rank !== 'pass');
  const primary = enrolled.filter(({ factor }) => factor.rank === 'primary');
  const suspended = barredBy(record) !== undefined;
  const exempt = !suspended && !record.protected && exemptionOf(record, kernel.now()) !== undefined;
  const able = !suspended && !exempt;
  const working = primary.filter(worksNow);
  const kinds = able ? [...new Set(working.map(({ factor }) => factor.kind))] : [];
  const codes = enrolled.find(({ factor }) => factor.rank === 'backup');
  const lists: [CensusList, boolean][] = [
    ['all', true],
    ['protected', able && record.protected && enrolled.some(worksNow)],
    ['none', able && primary.length === 0],
    ['weak', able && kinds.length > 0 && kinds.every((kind) => factorOf(kernel, kind)?.channel !== undefined)],
    ['locked', isLocked(record, kernel.now())],
    ['disabled', enrolled.some(({ authenticator }) => authenticator.disabledAt !== undefined)],
    ['hold', holdOf(kernel, record) !== undefined],
    ['suspended', suspended],
    ['exempt', exempt],
    ['idle', able && isIdle(enrolled, kernel.now())],
  ];
  const ofCodes = codesOf(codes, kernel.now());
  return inLists(
    [...lists.flatMap(([list, is]) => (is ? [list] : [])), ...kinds.map((kind) => `kind/${kind}`), ...ofCodes.lists],
    {
      ...(able ? { able: 1 } : {}),
      ...(kinds.length === 1 ? { [`alone/${kinds[0] ?? ''}`]: 1 } : {}),
      ...ofCodes.counts,
    },
    isAdmin,
  );
}

function inLists(lists: string[], counts: CensusCounts, isAdmin: boolean): Headcount {
  return { lists: isAdmin ? [...lists, ...lists.map((list) => `${list}/admins`)] : lists, counts };
}

function isLocked({ attempts }: MfaRecord, now: number): boolean {
  return Object.values(attempts).some(({ lockedUntil = 0, closedAt }) => closedAt !== undefined || lockedUntil > now);
}

/** No method was used, or set up, for a long time. */
function isIdle(enrolled: readonly Enrolled[], now: number): boolean {
  if (enrolled.length === 0) return false;
  const last = enrolled.map(({ authenticator }) => authenticator.lastUsedAt ?? authenticator.createdAt);
  return Math.max(...last) < now - idleSeconds;
}

/** `left/<n>`: people who have that many that work. `low-left/<n>`: those of them for whom that is few, or an expired set. */
function codesOf(codes: Enrolled | undefined, now: number): Headcount {
  if (!codes) return { lists: [], counts: {} };
  const { state, left = 0, total = 0, expiresAt } = codes.standing;
  const expired = state === 'expired';
  const works = expired ? 0 : left;
  const column = Math.min(works, mostLeft);
  const low = state !== 'usable';
  const used = total - left;
  return {
    lists: [
      'codes',
      ...(used > 0 ? ['codes-used'] : []),
      ...(low ? ['low'] : []),
      ...(!expired && works > 0 && expiresAt !== undefined && expiresAt - now <= expiringSeconds ? ['expiring'] : []),
    ],
    counts: {
      'codes-total': total,
      'codes-spent': used,
      'codes-left': works,
      'codes-expired': expired ? left : 0,
      [`left/${column}`]: 1,
      ...(low ? { [`low-left/${column}`]: 1 } : {}),
    },
  };
}
