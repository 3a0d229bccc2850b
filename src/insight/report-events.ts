// Adds entries of the log up, one after the other, into what a report says of a period; and draws a sample of sign-ins that
// anybody draws again who has seed and log. It keeps totals and lists that end, never the log.
import type { AuditEntry } from '../audit/entry.js';
import { maskLabel } from '../core/words/mask.js';
import {
  signInNames,
  type ReportEvents,
  type ReportException,
  type ReportPolicyChange,
  type ReportRecovery,
} from './report.js';

/** Rows of a list; what is beyond is left out, which the report says. */
const mostRows = 10_000;
const mostActions = 1_000;

const exceptionNames: readonly string[] = [
  ...['exempted', 'exemption-ended', 'pass-issued', 'pass-used', 'reset', 'released', 'suspended', 'resumed'],
  ...[
    'enrollment-granted',
    'recovery-held',
    'recovery-approved',
    'recovery-denied',
    'turned-off',
    'upstream-forgotten',
  ],
];
const lockOutNames: readonly string[] = ['locked', 'lane-closed', 'authenticator-disabled'];
const recoverySteps: readonly string[] = [
  ...['recovery-required', 'backup-code-used', 'pass-used', 'recovery-held', 'recovery-confirmed', 'recovery-approved'],
  ...['recovery-denied', 'recovery-completed'],
];

export type Drawn = { rank: string; entry: AuditEntry };

/** Where a tally stands, to be kept as JSON and gone on with. */
export type TallyState = ReturnType<typeof emptyState>;

const emptyState = () => ({
  counts: [] as [string, number][],
  actions: [] as [string, number][],
  recoveries: [] as [string, ReportRecovery][],
  approvals: [] as [string, string][],
  exceptions: [] as ReportException[],
  policy: [] as ReportPolicyChange[],
  erased: [] as ReportEvents['erased'],
  lost: [] as ReportEvents['lost'],
  drawn: [] as Drawn[],
  beyond: { exceptions: 0, recoveries: 0, actions: 0 },
  total: { entries: 0, signIns: 0, lockOuts: 0, objections: 0 },
});

export type Tally = {
  add(entry: AuditEntry): void;
  state(): TallyState;
  /** `leftOut`: sentences. */
  result(): ReportEvents & { leftOut: string[]; drawn: Drawn[] };
};

/** @param rank HMAC of an entry's id; the `sample` smallest are drawn */
export function createTally(sample: number, rank: (id: string) => string, before = emptyState()): Tally {
  const counts = new Map(before.counts);
  const actions = new Map(before.actions);
  const recoveries = new Map(before.recoveries);
  const approvals = new Map(before.approvals);
  const { exceptions, policy, erased, lost, beyond, total } = before;
  let { drawn } = before;

  function draw(entry: AuditEntry): void {
    const mine = rank(entry.id);
    const last = drawn.at(-1);
    if (sample === 0 || (drawn.length >= sample && last && mine >= last.rank)) return;
    drawn = [...drawn, { rank: mine, entry }].sort((a, b) => (a.rank < b.rank ? -1 : 1)).slice(0, sample);
  }

  function recover(entry: AuditEntry): void {
    const key = entry.flow ?? entry.id;
    const there = recoveries.get(key);
    if (!there && recoveries.size >= mostRows) beyond.recoveries += 1;
    if (!there && recoveries.size >= mostRows) return;
    const { time, name, subject } = entry;
    const one = there ?? {
      from: time,
      to: time,
      person: maskLabel(subject?.id ?? ''),
      outcome: 'not completed',
      steps: [],
    };
    const ended = name === 'recovery-denied' ? 'denied' : name === 'recovery-completed' ? 'completed' : one.outcome;
    recoveries.set(key, { ...one, to: time, outcome: ended, steps: [...one.steps, name].slice(0, 50) });
  }

  return {
    add(entry) {
      const { name, outcome, actor, detail = {}, time } = entry;
      // One entry may stand for several.
      const count = typeof detail['count'] === 'number' ? detail['count'] : 1;
      total.entries += 1;
      add(counts, `${name} ${outcome ?? ''}`, count);
      if (signInNames.includes(name)) {
        total.signIns += 1;
        draw(entry);
      }
      if (lockOutNames.includes(name)) total.lockOuts += 1;
      if (name === 'notice-objected') total.objections += 1;
      if (name === 'policy-changed') policy.push(changeOf(entry));
      if (name === 'audit-erased') erased.push({ time, entries: Number(detail['entries'] ?? 0) });
      if (name === 'audit-lost') lost.push({ time, why: String(detail['why'] ?? '') });
      if (actor.type === 'admin' || actor.type === 'cli') {
        const key = `${maskLabel(actor.id ?? actor.type)}\n${name}`;
        if (actions.has(key) || actions.size < mostActions) add(actions, key, count);
        else beyond.actions += count;
      }
      if (name === 'case-approved' && detail['case'] !== undefined)
        approvals.set(String(detail['case']), maskLabel(actor.id ?? ''));
      if (recoverySteps.includes(name)) recover(entry);
      if (!exceptionNames.includes(name)) return;
      if (exceptions.length < mostRows) exceptions.push(exceptionOf(entry));
      else beyond.exceptions += 1;
    },
    state: () => ({
      ...{ exceptions, policy, erased, lost, beyond, total, drawn },
      ...{ counts: [...counts], actions: [...actions], recoveries: [...recoveries], approvals: [...approvals] },
    }),
    result: () => ({
      ...total,
      counts: sorted(counts).map(([key, count]) => {
        const [name = '', outcome] = key.split(' ');
        return { name, ...(outcome === 'success' || outcome === 'failure' ? { outcome } : {}), count };
      }),
      actions: sorted(actions).map(([key, count]) => {
        const [by = '', name = ''] = key.split('\n');
        return { by, name, count };
      }),
      recoveries: [...recoveries.values()],
      exceptions: exceptions.map((one) => {
        const approvedBy = one.case === undefined ? undefined : approvals.get(one.case);
        return { ...one, ...(approvedBy === undefined ? {} : { approvedBy }) };
      }),
      policy,
      erased,
      lost,
      drawn,
      leftOut: Object.entries(beyond).flatMap(([what, number]) =>
        number > 0 ? [`${number} further ${what}: the list ends, the totals have them.`] : [],
      ),
    }),
  };
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

const sorted = (counts: Map<string, number>) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));

function exceptionOf({ time, name, subject, actor, detail = {}, personal }: AuditEntry): ReportException {
  const { ticket, until } = detail;
  const why = personal.reasonText;
  const byAdmin = actor.type === 'admin' || actor.type === 'cli';
  return {
    time,
    what: name,
    person: maskLabel(subject?.id ?? ''),
    ...(byAdmin ? { by: maskLabel(actor.id ?? actor.type) } : {}),
    ...(why === undefined ? {} : { why }),
    ...(ticket === undefined ? {} : { ticket: String(ticket) }),
    ...(detail['case'] === undefined ? {} : { case: String(detail['case']) }),
    ...(typeof until === 'number' ? { until: new Date(until * 1000).toISOString() } : {}),
  };
}

/** What an entry of a changed policy says. */
export function changeOf({ time, detail = {} }: AuditEntry): ReportPolicyChange {
  const { hash, before, version, versionBefore } = detail;
  const differs = Object.keys(detail).filter((fact) => /^differs\d*$/.test(fact));
  return {
    time,
    hash: String(hash),
    ...(before === undefined ? {} : { before: String(before) }),
    ...(version === undefined ? {} : { version: String(version) }),
    ...(versionBefore === undefined ? {} : { versionBefore: String(versionBefore) }),
    differs: differs.flatMap((fact) => String(detail[fact]).split(' ')),
  };
}
