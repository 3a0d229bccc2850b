// Exempt from the policy for a while: somebody whose method is on its way need not set one up. At most thirty days at a time and
// ninety within a year, and over with the first method. Pure.
import type { Exemption, MfaRecord } from '../kernel/record.js';

export const daySeconds = 86_400;
export const exemptionLimits = { daysAtOnce: 30, daysInYear: 90 } as const;
const yearSeconds = 365 * daySeconds;

/** The exemption that is in force now. It says nothing of whoever is protected. */
export function exemptionOf({ exemptions }: MfaRecord, now: number): Exemption | undefined {
  const last = exemptions?.at(-1);
  return last && last.from <= now && now < last.until ? last : undefined;
}

/** What the last year has of exemptions. */
function withinYear(exemptions: readonly Exemption[], now: number): Exemption[] {
  return exemptions.filter(({ until }) => until > now - yearSeconds);
}

/** Days of the last year in which somebody was exempt, and is to be; begun ones count as whole. */
export function exemptDays(exemptions: readonly Exemption[], now: number): number {
  const seconds = withinYear(exemptions, now).map(({ from, until }) => until - Math.max(from, now - yearSeconds));
  return Math.ceil(seconds.reduce((sum, each) => sum + each, 0) / daySeconds);
}

/** The exemptions with one until then: one that is in force becomes longer, or shorter. */
export function withExemption({ exemptions = [] }: MfaRecord, until: number, now: number): Exemption[] {
  const last = exemptions.at(-1);
  const runs = last !== undefined && last.until > now;
  const before = runs ? exemptions.slice(0, -1) : exemptions;
  return [...withinYear(before, now), { from: runs ? last.from : now, until }];
}

/** The record with its exemption over; the same where none is in force. What was had stays counted. */
export function withoutExemption(record: MfaRecord, now: number): MfaRecord {
  const { exemptions = [] } = record;
  const last = exemptions.at(-1);
  if (!last || last.until <= now) return record;
  return { ...record, exemptions: [...exemptions.slice(0, -1), { ...last, until: now }] };
}
