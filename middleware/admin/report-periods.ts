// Periods that auditors ask for, as days of UTC; and days as they are typed. Pure.

type Period = { from: string; to: string };

const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** The last whole month and quarter, and the last 90 whole days. `to` is not included. @param now Unix seconds */
export function periodsAt(now: number): { month: Period; quarter: Period; days: Period } {
  const today = new Date(now * 1000);
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  const of = (first: number, months: number): Period => ({
    from: isoDay(Date.UTC(year, first - months)),
    to: isoDay(Date.UTC(year, first)),
  });
  return {
    month: of(month, 1),
    quarter: of(month - (month % 3), 3),
    days: { from: isoDay((now - 90 * 86_400) * 1000), to: isoDay(now * 1000) },
  };
}

/** A day, `2026-07-01`, which is its begin in UTC, or a time of RFC 3339, as that time; undefined for anything else. */
export function dayOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z)?$/.test(text)) return undefined;
  const time = new Date(text);
  // 31 February is the 3rd of March to a `Date`.
  return Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== text.slice(0, 10)
    ? undefined
    : time.toISOString();
}
