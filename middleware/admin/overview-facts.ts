// What the overview is made from, asked for side by side: the latest census and that of a month ago, counters of the days, what waits,
// how the log stands. No record is read, no walk made.
import { dayAfter, everyDay } from '../../src/insight/day-figures.js';
import type { Census, CensusCounts, RunningCensus } from '../../src/core/kernel/stats.js';
import { MfaError } from '../../src/core/words/errors.js';
import type { AdminVisit } from './admin-visit.js';
import { casesFor, type WaitingCase } from './case-models.js';
import { hasRight } from './admin-visit.js';
import { scopeOf } from './people-lists.js';
import type { Audit, Entry } from './story.js';

type Day = Awaited<ReturnType<Audit['days']>>[number];
type Health = Awaited<ReturnType<Audit['health']>>;

export const ranges = [7, 30, 90] as const;
export type Range = (typeof ranges)[number];

/** Days that comparisons need: thirty against the thirty before, and weekdays of eight weeks. */
const mostDays = 90;

export type Facts = {
  now: number;
  range: Range;
  /** `2026-11-30` */
  today: string;
  census?: Census;
  running?: RunningCensus;
  /** Whether there is anywhere to keep figures. */
  keepsStats: boolean;
  before?: { day: string; counts: CensusCounts };
  /** Ninety days, oldest first; absent where no log is kept, and for an administrator of one tenant, whom it does not tell apart. */
  days?: Day[];
  watched: Entry[];
  /** What the latest verification of the log said. */
  verified?: Entry;
  health?: Health;
  cases: WaitingCase[];
};

/** @throws MfaError `request.invalid` */
export function rangeIn({ req }: Pick<AdminVisit, 'req'>): Range {
  const { range = '90' } = req.query;
  const found = ranges.find((days) => String(days) === range);
  if (found !== undefined) return found;
  throw new MfaError('request.invalid', '`range` is 7, 30 or 90.', { details: { field: 'range' } });
}

export async function factsFor(visit: AdminVisit): Promise<Facts> {
  const { mfa, admin } = visit;
  const now = mfa.kernel.now();
  const today = new Date(now * 1000).toISOString().slice(0, 10);
  const stats = await mfa.counting.stats();
  const isWhole = admin.tenant === undefined;
  const audit = isWhole ? mfa.audit : undefined;
  const first = dayAfter(today, 1 - mostDays);
  const [census, running, days, watched, verified, health, cases] = await Promise.all([
    stats?.latest(scopeOf(visit)),
    stats?.running(),
    audit?.days(first, today),
    audit?.watched(200) ?? [],
    audit?.lastVerified(),
    audit?.health(),
    hasRight(admin, ['decide']) ? casesFor(visit) : [],
  ]);
  const before = census && isWhole ? await aMonthBefore(visit, census.startedAt) : undefined;
  return {
    now,
    range: rangeIn(visit),
    today,
    keepsStats: stats !== undefined,
    ...(census && { census }),
    ...(running && { running }),
    ...(before && { before }),
    ...(days && { days: everyDay(days, first, today) }),
    watched,
    ...(verified && { verified }),
    ...(health && { health }),
    cases,
  };
}

/** The census nearest to thirty days before, of an earlier day than the latest. */
async function aMonthBefore({ mfa }: AdminVisit, startedAt: number): Promise<Facts['before']> {
  const stats = await mfa.counting.stats();
  const day = new Date(startedAt * 1000).toISOString().slice(0, 10);
  const wanted = Date.parse(dayAfter(day, -30));
  const [nearest] = ((await stats?.days()) ?? [])
    .filter((each) => each < day)
    .sort((a, b) => Math.abs(Date.parse(a) - wanted) - Math.abs(Date.parse(b) - wanted));
  const counts = nearest === undefined ? undefined : await stats?.countsOf(nearest);
  return nearest === undefined || !counts ? undefined : { day: nearest, counts };
}
