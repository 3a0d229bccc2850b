// Figures of a span of days, from the counters that the audit log keeps: verifications, messages, lock-outs, backup codes, times.
// Days without an entry are days of nothing. Knows the names of counters, no page.
import { secondsBounds } from '../audit/day-counts.js';
import type { Day } from '../audit/audit-store.js';
import { medianOf, quantileOf } from './shares.js';

export type DayFigures = {
  day: string;
  accepted: number;
  refused: number;
  lockOuts: number;
  recoveries: number;
  codesUsed: number;
};

export type KindFigures = {
  kind: string;
  accepted: number;
  refused: number;
  /** Seconds from first to second factor: bounds within which half, and 95 of 100, were answered. */
  answers: number;
  median?: number;
  p95?: number;
};

export type MessageFigures = { what: 'codes' | 'notices'; kind: string; sent: number; failed: number; limited: number };

const dayMs = 86_400_000;

/** `2026-11-29` and so many days on. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The days from first to last, each with its counters, or none. */
export function everyDay(days: readonly Day[], first: string, last: string): Day[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const all: Day[] = [];
  for (let day = first; day <= last; day = dayAfter(day, 1)) all.push(known.get(day) ?? { day, counts: {}, people: 0 });
  return all;
}

type Counter = { parts: string[]; count: number };

const countersOf = ({ counts }: Day): Counter[] =>
  Object.entries(counts).map(([name, count]) => ({ parts: name.split('/'), count }));

const lockOutEvents = ['locked', 'lane-closed', 'authenticator-disabled'];
const recoveryEvents = ['recovery-completed', 'pass-used'];

export function dayFigures(days: readonly Day[]): DayFigures[] {
  return days.map((each) => {
    const found = { accepted: 0, refused: 0, lockOuts: 0, recoveries: 0, codesUsed: 0 };
    for (const { parts, count } of countersOf(each)) {
      const [what, name = ''] = parts;
      if (what === 'codes' && name === 'used') found.codesUsed += count;
      if (what !== 'event') continue;
      if (name === 'verification-accepted') found.accepted += count;
      if (name === 'verification-refused') found.refused += count;
      if (lockOutEvents.includes(name)) found.lockOuts += count;
      if (recoveryEvents.includes(name)) found.recoveries += count;
    }
    return { day: each.day, ...found };
  });
}

/** By kind, of all days together. */
export function kindFigures(days: readonly Day[]): KindFigures[] {
  const kinds = new Map<string, { accepted: number; refused: number; seconds: { [bound: string]: number } }>();
  const of = (kind: string) => {
    const there = kinds.get(kind) ?? { accepted: 0, refused: 0, seconds: {} };
    kinds.set(kind, there);
    return there;
  };
  for (const { parts, count } of days.flatMap(countersOf)) {
    const [what, name = '', third = '', kind = '-'] = parts;
    if (what === 'seconds') {
      const { seconds } = of(name);
      seconds[third] = (seconds[third] ?? 0) + count;
    }
    if (what !== 'event' || kind === '-') continue;
    if (name === 'verification-accepted') of(kind).accepted += count;
    if (name === 'verification-refused') of(kind).refused += count;
  }
  return [...kinds]
    .map(([kind, { accepted, refused, seconds }]) => {
      const median = quantileOf(seconds, secondsBounds, 0.5);
      const p95 = quantileOf(seconds, secondsBounds, 0.95);
      const answers = Object.values(seconds).reduce((sum, each) => sum + each, 0);
      const times = median === undefined || p95 === undefined ? {} : { median, p95 };
      return { kind, accepted, refused, answers, ...times };
    })
    .sort((a, b) => b.accepted + b.refused - a.accepted - a.refused || (a.kind < b.kind ? -1 : 1));
}

export function messageFigures(days: readonly Day[]): MessageFigures[] {
  const senders = new Map<string, MessageFigures>();
  for (const { parts, count } of days.flatMap(countersOf)) {
    const [what, of, kind = '-', became] = parts;
    if (what !== 'message' || (of !== 'codes' && of !== 'notices')) continue;
    const key = `${of}/${kind}`;
    const there = senders.get(key) ?? { what: of, kind, sent: 0, failed: 0, limited: 0 };
    senders.set(key, there);
    if (became === 'sent' || became === 'failed' || became === 'limited') there[became] += count;
  }
  return [...senders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, figures]) => figures);
}

/** Weeks from Monday, oldest first; `days`: how many of it the span has. */
export function weekFigures(days: readonly DayFigures[]): { week: string; days: number; codesUsed: number }[] {
  const weeks = new Map<string, { week: string; days: number; codesUsed: number }>();
  for (const { day, codesUsed } of days) {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    const week = dayAfter(day, -((weekday + 6) % 7));
    const there = weeks.get(week) ?? { week, days: 0, codesUsed: 0 };
    weeks.set(week, { week, days: there.days + 1, codesUsed: there.codesUsed + codesUsed });
  }
  return [...weeks.values()];
}

/** A day with many refusals: over three times the median of its weekday in the eight weeks before, and twenty or more. */
export type UnusualDay = { day: string; refused: number; usual: number };

/** @param days oldest first, without a gap; the latest seven are looked at */
export function unusualDay(days: readonly DayFigures[]): UnusualDay | undefined {
  const unusual = days.slice(-7).flatMap(({ day, refused }, index) => {
    const at = days.length - Math.min(7, days.length) + index;
    const before = Array.from({ length: 8 }, (_, weeks) => days[at - 7 * (weeks + 1)]?.refused ?? 0);
    const usual = medianOf(before) ?? 0;
    return refused >= 20 && refused > 3 * usual ? [{ day, refused, usual }] : [];
  });
  return unusual.sort((a, b) => b.refused - a.refused)[0];
}
