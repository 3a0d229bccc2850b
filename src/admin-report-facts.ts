// What a report asks once, beside people and log: the policy, the chain of proof of the sign-ins that were drawn, the nearest census.
import type { ReportOrder } from './admin-report-folder.js';
import type { AuditLog } from './audit/audit-log.js';
import { parseEntry } from './audit/verify.js';
import { policyIn } from './checks/in-force.js';
import type { MfaConfig } from './config.js';
import { dayOf, type StatsStore } from './core/kernel/stats.js';
import { maskLabel } from './core/words/mask.js';
import type { Tally } from './insight/report-events.js';
import { stepOf, type ReportDrawn, type ReportSummary } from './insight/report.js';

/** Entries of one sign-in. */
const mostSteps = 200;

/** The policy now, which is that of the end of the period where the hashes are the same. */
export function policyTold(config: MfaConfig): Omit<ReportSummary['policy'], 'changes'> {
  const { hash, version, presets, ...inForce } = policyIn({ config });
  const byCode = (['policy', 'graceUntil'] as const).filter((name) => inForce[name] === 'by-person');
  const states = presets.map(({ title, chosen, breaches }) => ({ title, chosen, breaches }));
  return { hash, ...(version === undefined ? {} : { version }), byCode, inForce, presets: states };
}

export async function withProof(
  { store }: AuditLog,
  drawn: ReturnType<Tally['result']>['drawn'],
): Promise<ReportDrawn[]> {
  const found: ReportDrawn[] = [];
  for (const { rank, entry } of drawn) {
    const { flow, writer, seq, hash, subject } = entry;
    const { items } = flow === undefined ? { items: [] } : await store.page({ flow, after: 0, limit: mostSteps });
    const proof = items.flatMap(({ text }) => parseEntry(text) ?? []).filter((each) => each.flow === flow);
    found.push({
      rank,
      ...stepOf(entry),
      person: maskLabel(subject?.id ?? ''),
      ...{ writer, seq, hash },
      proof: (proof.length > 0 ? proof : [entry]).map(stepOf),
    });
  }
  return found;
}

/** The count of people nearest to the end: kept for each day of 400, and for each month's end before that. */
export async function nearestCensus(
  stats: StatsStore | undefined,
  { to, tenant }: ReportOrder,
): Promise<ReportSummary['census']> {
  const end = Date.parse(to);
  const distance = (day: string) => Math.abs(Date.parse(`${day}T00:00:00Z`) - end);
  if (tenant !== undefined) {
    // Of a tenant there is the latest alone.
    const latest = await stats?.latest(tenant);
    return latest && { day: dayOf(latest.startedAt), counts: latest.counts };
  }
  const days = (await stats?.days()) ?? [];
  const [day] = [...days].sort((a, b) => distance(a) - distance(b));
  const counts = day === undefined ? undefined : await stats?.countsOf(day);
  return day === undefined || !counts ? undefined : { day, counts };
}
