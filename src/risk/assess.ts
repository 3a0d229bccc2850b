// The assessment itself: from what is true of a sign-in and what is known of earlier ones to points and a level. Pure, and
// monotone: nothing adverse that is added ever lowers the score. Looks nothing up.
import type { Assessment, RiskContext, RiskHistory, RiskLevel, RiskSignal } from '../core/kernel/risk.js';
import type { DenyList } from './deny-list.js';
import { distanceKm } from './distance.js';
import type { RiskLimits, RiskPoints } from './weights.js';

/** How an app weighs. */
export type Weighing = {
  points: RiskPoints;
  limits: RiskLimits;
  fallbackLevel: RiskLevel;
  isDenied: DenyList;
  /** Whether anything looks places and reputations up at all. */
  looksUp: { place: boolean; reputation: boolean };
};

type Facts = { weighing: Weighing; context: RiskContext; history: RiskHistory; now: number };
/** A signal, or nothing to tell. */
type Found = RiskSignal | undefined;

const daySeconds = 86_400;
const none = 0;

const signals: readonly ((facts: Facts) => Found)[] = [
  device,
  network,
  country,
  travel,
  address,
  failures,
  dormant,
  change,
];

export function assessWith(weighing: Weighing, context: RiskContext, history: RiskHistory, now: number): Assessment {
  const facts = { weighing, context, history, now };
  const found = signals.map((signal) => signal(facts)).filter((signal) => signal !== undefined);
  const missing = (context.unavailable ?? []).map((name) => unknown('unavailable', name));
  const sum = found.reduce((total, { points }) => total + points, 0);
  const score = Math.min(100, Math.max(capped(facts, found, sum), floorOf(facts)));
  return { score, level: levelOf(weighing.limits, score), signals: [...found, ...missing] };
}

function levelOf({ medium, high }: RiskLimits, score: number): RiskLevel {
  return score >= high ? 'high' : score >= medium ? 'medium' : 'low';
}

/** Wrong answers alone never make it high: whoever mistypes all evening has not changed. */
function capped({ weighing: { limits } }: Facts, found: readonly RiskSignal[], sum: number): number {
  const isAlone = found.every(({ id, points }) => id === 'failures' || points === 0);
  return isAlone ? Math.min(sum, limits.high - 1) : sum;
}

/** What is at least true, whatever was found. */
function floorOf({ weighing: { limits, fallbackLevel }, context }: Facts): number {
  const level = { low: 0, medium: limits.medium, high: limits.high };
  return Math.max(
    context.afterReset ? level.medium : 0,
    (context.unavailable ?? []).length > 0 ? level[fallbackLevel] : 0,
  );
}

function device({ weighing: { points, limits }, context, history, now }: Facts): Found {
  if (context.knownBrowser) return undefined;
  if (history.empty) return unknown('device', 'first');
  const isNew = (at: number | undefined) => isPast(at, limits.deviceDays * daySeconds, now);
  const news = [history.familyAt, history.systemAt].filter(isNew).length;
  if (news === 2) return signal('device', 'no_match', points.device);
  return news === 1 ? signal('device', 'partial_match', points.devicePartly) : undefined;
}

function network({ weighing: { points, limits }, context, history, now }: Facts): Found {
  if (history.empty) return unknown('network', 'first');
  if (context.network === undefined) return unknown('network', 'unknown');
  if (!isPast(history.networkAt, limits.networkDays * daySeconds, now)) return undefined;
  return signal('network', 'unseen', points.network);
}

function country({ weighing: { points, limits, looksUp }, context, history, now }: Facts): Found {
  const here = context.place?.country;
  if (!looksUp.place) return undefined;
  if (here === undefined) return unknown('country', 'unknown');
  if (history.empty || !history.hasCountries) return unknown('country', 'first');
  if (!isPast(history.countryAt, limits.countryDays * daySeconds, now)) return undefined;
  return signal('country', 'unseen', points.country, here);
}

/** A person and a laptop cannot be that far apart that soon; two networks of one person can. */
function travel({ weighing: { points, limits, looksUp }, context, history, now }: Facts): Found {
  if (!looksUp.place || history.empty) return undefined;
  const { latitude, longitude, accuracyKm = 0 } = context.place ?? {};
  const last = history.lastPlace;
  if (latitude === undefined || longitude === undefined) return unknown('travel', 'unknown');
  if (!last) return unknown('travel', 'first');
  if (!isPast(history.networkAt, limits.networkDays * daySeconds, now)) return undefined;
  const km = distanceKm(last, { latitude, longitude }) - last.accuracyKm - accuracyKm;
  const seconds = Math.max(0, now - last.at);
  if (km <= limits.travelKm || km * 3600 <= limits.travelKmPerHour * seconds) return undefined;
  return signal('travel', 'too_fast', points.travel, `${Math.round(km)} km, ${Math.round(seconds / 60)} min`);
}

function address({ weighing: { points, isDenied, looksUp }, context }: Facts): Found {
  const listed = isDenied(context.address) ? points.denyList : none;
  const { anonymous = false, hosting = false } = context.reputation ?? {};
  const reputed = anonymous || hosting ? points.reputation : none;
  if (listed > none && listed >= reputed) return signal('address', 'deny_list', listed);
  if (reputed > none) return signal('address', anonymous ? 'anonymous' : 'hosting', reputed);
  return looksUp.reputation && context.reputation === undefined ? unknown('address', 'unknown') : undefined;
}

function failures({ weighing: { points, limits }, context, now }: Facts): Found {
  const count = context.failedAt.filter((at) => now - at <= limits.failuresMinutes * 60).length;
  if (count >= limits.manyFailures) return signal('failures', 'many', points.manyFailures, String(count));
  return count >= limits.failures ? signal('failures', 'some', points.failures, String(count)) : undefined;
}

function dormant({ weighing: { points, limits }, history, now }: Facts): Found {
  if (history.lastAt === undefined) return undefined;
  return isPast(history.lastAt, limits.dormantDays * daySeconds, now)
    ? signal('dormant', 'long_ago', points.dormant)
    : undefined;
}

function change({ weighing: { points, limits }, context, now }: Facts): Found {
  if (context.afterReset) return signal('change', 'after_reset', points.change);
  const { changedAt } = context;
  if (changedAt === undefined || now - changedAt > limits.changeHours * 3600) return undefined;
  return signal('change', 'recent', points.change);
}

/** Never, or longer ago than that. */
function isPast(at: number | undefined, seconds: number, now: number): boolean {
  return at === undefined || now - at > seconds;
}

function signal(id: string, code: string, points: number, detail?: string): RiskSignal {
  return { id, code, points, ...(detail === undefined ? {} : { detail }) };
}

function unknown(id: string, code: string): RiskSignal {
  return { id, code, points: none };
}
