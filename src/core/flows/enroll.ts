// Enrolment, its beginning: what is begun is sealed, bound to user and session, and pending until a right answer
// confirms it. Opening a page begins at most one ceremony; nothing here writes to the record.
import { barrier, countEnrollmentFailure, enrollScope, remainingAttempts, type Lane } from '../rules/attempts.js';
import { openCeremony, recallCeremony, type Open } from '../kernel/ceremonies.js';
import type { ErrorDetails } from '../words/errors.js';
import type { Happened } from '../words/events.js';
import { isMalformed, type Factor } from '../kernel/factor.js';
import { contextOf, factorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { laneOf } from '../rules/known-browsers.js';
import { accepted, refused, type Outcome, type Reason, type Refused } from '../words/outcome.js';
import { changeBy, forbids } from '../rules/permission.js';
import { stopOf } from '../rules/stops.js';
import type { Json } from '../words/json.js';
import { emptyRecord, type MfaRecord } from '../kernel/record.js';
import { hasUsable, ownOf, wouldServeTwice } from '../rules/situation.js';
import { loadRecord, type Decision } from '../kernel/transact.js';

/** `extendable`: its life can be made longer, once. */
export type EnrollmentBegun = { shown: Json; startedAt: number; expiresAt: number; extendable: boolean };

/**
 * Begins an enrolment, or shows the one that this session began.
 * @param body what the person typed to begin (an address); with `mode: 'page'` ignored
 * @param mode `page`: opening the page; begins only where the factor begins on its page, and never a second one.
 *   `anew`: a POST; what was begun before in this session is void. `beside`: a POST that leaves it and shows it.
 * @returns `begun` undefined where the page has nothing to show yet
 */
export async function beginEnrollment(
  kernel: Kernel,
  asker: Asker,
  kind: string,
  body: Json,
  mode: 'page' | 'anew' | 'beside',
): Promise<Outcome<{ begun?: EnrollmentBegun }>> {
  const factor = factorOf(kernel, kind);
  if (!factor) return refused('session.mfa.mfa_factor_not_enabled');
  const { enrollment } = factor;
  const input = mode !== 'page' && enrollment.parseBegin ? enrollment.parseBegin(body) : null;
  if (isMalformed(input))
    return refusedEnrollment(kernel, asker, kind, input.reason ?? 'request.invalid', input.details);
  const readable = mode !== 'anew' && enrollment.ceremony !== 'once';
  const [loaded, open] = await Promise.all([
    loadRecord(kernel, asker.user),
    readable ? recallCeremony(kernel, asker, 'enroll', kind, enrollment.ceremony) : undefined,
  ]);
  const record = loaded.record ?? emptyRecord('');
  const forbidden = forbidsEnrollment(kernel, asker, factor, record);
  if (forbidden) {
    kernel.tell(asker, stopOf(forbidden, 'set-up'));
    return forbidden;
  }
  if (open?.epoch === record.epoch) return accepted({ begun: begunOf(factor, open) });
  if (mode === 'page' && !enrollment.beginsOnPage) return accepted({});
  const lane = laneOf(kernel, asker, record);
  const wait = waitOf(kernel, record, factor.kind, lane);
  if (wait) return wait;
  const begin = () => enrollment.begin(contextOf(kernel, asker), ownOf(record, kind), input);
  // Two tabs that open the page at the same moment show one secret.
  const beside = readable ? 'yields' : 'replaces';
  const opened = await openCeremony(kernel, asker, 'enroll', factor, record.epoch, begin, beside);
  if (!opened.accepted) return opened;
  const name = factor.rank === 'backup' ? 'backup-codes-generated' : 'enrollment-begun';
  if (opened.begun) kernel.tell(asker, [{ name, kind }]);
  return accepted({ begun: begunOf(factor, opened.open) });
}

/** The pending enrolment of this session, both halves; for the parts of a flow that follow its beginning. */
export async function pendingEnrollment(
  kernel: Kernel,
  asker: Asker,
  kind: string,
  record: MfaRecord,
): Promise<Open | undefined> {
  const factor = factorOf(kernel, kind);
  if (!factor || factor.enrollment.ceremony === 'once') return undefined;
  const open = await recallCeremony(kernel, asker, 'enroll', kind, factor.enrollment.ceremony);
  return open?.epoch === record.epoch ? open : undefined;
}

export function begunOf({ enrollment }: Factor, { shown, startedAt, extendedSeconds }: Open): EnrollmentBegun {
  const expiresAt = startedAt + enrollment.ttlSeconds + (extendedSeconds ?? 0);
  return { shown, startedAt, expiresAt, extendable: extendedSeconds === undefined };
}

/** Why this person may not enrol this factor now, if so. */
export function forbidsEnrollment(
  kernel: Kernel,
  asker: Asker,
  factor: Factor,
  record: MfaRecord,
): Refused | undefined {
  const forbidden = forbids(kernel, asker, record, changeBy(factor, record));
  if (forbidden) return forbidden;
  if (factor.rank === 'pass' || wouldServeTwice(factor, asker.user, asker.signIn))
    return refused('session.mfa.mfa_factor_not_enabled');
  if (factor.rank === 'backup' && !hasUsable(kernel, record, 'primary')) {
    return refused('session.mfa.backup_code_can_not_be_alone');
  }
  const { limit, replaceable } = factor.enrollment;
  // Which one goes is said with the answer.
  if (replaceable) return undefined;
  const enrolled = record.authenticators.filter((own) => own.kind === factor.kind).length;
  return limit > 1 && enrolled >= limit ? refused('user.too_many_authenticators') : undefined;
}

/** The refusal while the enrolment budget of this kind is locked. */
export function waitOf(kernel: Kernel, record: MfaRecord, kind: string, lane: Lane): Refused | undefined {
  const wait = barrier(record, enrollScope(kind, lane), lane, kernel.settings.lockout, kernel.now());
  if (typeof wait !== 'number') return undefined;
  return refused('session.verification_blocked_too_many_attempts', { retryAfterSeconds: wait, remainingAttempts: 0 });
}

/** @param hint what was wrong in particular, where the factor tells */
export function enrollmentRefused(kind: string, reason: Reason, hint?: string): Happened {
  const detail = hint === undefined ? {} : { detail: { hint } };
  return { name: 'enrollment-refused', kind, outcome: 'refused', reason, ...detail };
}

/** A wrong answer to a set-up, or to what confirms a first one: it is counted, and the next one may have to wait. */
export function wrongEnrollment(
  kernel: Kernel,
  asker: Asker,
  record: MfaRecord,
  kind: string,
  { reason, details }: { reason: Reason; details?: ErrorDetails },
  told: Happened,
): Decision<Refused> {
  const { lockout } = kernel.settings;
  const lane = laneOf(kernel, asker, record);
  const failed = countEnrollmentFailure(record, kind, lane, lockout, kernel.now());
  const remaining = remainingAttempts(failed.record, enrollScope(kind, lane), lockout, kernel.now());
  const { retryAfterSeconds } = failed;
  return {
    save: failed.record,
    happened: [told, ...failed.happened],
    result: refused(reason, {
      ...details,
      remainingAttempts: Math.min(remaining, details?.remainingAttempts ?? remaining),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    }),
  };
}

/** Refused before anything was compared: told and audited, nothing written. */
export function refusedEnrollment(
  kernel: Kernel,
  asker: Asker,
  kind: string,
  reason: Reason,
  details: ErrorDetails = {},
): Refused {
  kernel.tell(asker, [enrollmentRefused(kind, reason)]);
  return refused(reason, details);
}
