// The highest level of risk of pending sign-ins, in the record: no second session starts lower than one that is open, and cookies
// that are cleared lower nothing. By lane: what strangers do raises nothing in a browser that the owner has used before. Pure.
import type { Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import { higherLevel, type RiskLevel } from '../kernel/risk.js';
import type { AssessedRisk, Proof } from '../kernel/sign-in.js';
import type { Lane } from './attempts.js';

/** An unknown browser starts with the highest of all: it may be a known one whose cookie was cleared. */
export function keptLevel({ raised = {} }: MfaRecord, lane: Lane): RiskLevel {
  if (lane !== 'unknown') return raised[lane] ?? 'low';
  return Object.values(raised).reduce(higherLevel, 'low');
}

/** The record with this level kept in this lane; the same where it is no higher. That of browsers known no more is everybody's. */
export function withLevel(record: MfaRecord, lane: Lane, level: RiskLevel): MfaRecord {
  if (keptLevel(record, lane) === higherLevel(keptLevel(record, lane), level)) return record;
  const standing = new Set(record.known.map(({ id }) => `known:${id}`));
  const raised: { [lane: string]: RiskLevel } = {};
  for (const [each, own] of Object.entries({ ...record.raised, [lane]: level })) {
    const at = standing.has(each) ? each : 'unknown';
    raised[at] = higherLevel(raised[at] ?? 'low', own);
  }
  return { ...record, raised };
}

/** Once the strongest factor was proved: that of its own lane is over; of an unknown browser, that of all. */
export function withoutLevel(record: MfaRecord, lane: Lane): MfaRecord {
  const { raised, ...rest } = record;
  if (!raised) return record;
  const others = lane === 'unknown' ? [] : Object.entries(raised).filter(([each]) => each !== lane);
  return others.length === 0 ? rest : { ...rest, raised: Object.fromEntries(others) };
}

/** How long an administrator's release lets sign-ins go on, where nobody gets in before. */
export const releaseSeconds = 86_400;

/** Whether an administrator lets sign-ins that look risky now go on. */
export function isReleased({ now }: Pick<Kernel, 'now'>, { releasedUntil = 0 }: MfaRecord): boolean {
  return now() <= releasedUntil;
}

/** A release is for one way in: once somebody is in, what looks risky later is so again. */
export function withReleaseUsed(kernel: Pick<Kernel, 'now'>, record: MfaRecord): MfaRecord {
  return isReleased(kernel, record) ? { ...record, releasedUntil: kernel.now() } : record;
}

/**
 * How risky this sign-in counts as now. It never falls but by a release, or by a proof of the strongest class made since it rose.
 * @param strongest the proofs of this sign-in that are of that class
 */
export function levelNow(
  risk: AssessedRisk | undefined,
  { releasedUntil = 0 }: Pick<MfaRecord, 'releasedUntil'>,
  strongest?: readonly Proof[],
): RiskLevel {
  // What rose before a release, or while it lets go on, is released for as long as that sign-in lasts.
  if (!risk || risk.since <= releasedUntil) return 'low';
  return strongest?.some(({ at }) => at >= risk.since) ? 'low' : risk.level;
}
