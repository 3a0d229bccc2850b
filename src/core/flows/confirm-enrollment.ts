// Enrolment, its end: a right answer confirms what this session began, and it stands in the record by the same
// compare-and-set that makes single use single. The confirming answer is spent by being part of that write.
import { added, type EnrolledNow } from './add-authenticator.js';
import { claimAll, keepingLoose } from './claiming.js';
import { dropCeremony, type Open } from '../kernel/ceremonies.js';
import { enrollmentRefused, forbidsEnrollment, refusedEnrollment, waitOf, wrongEnrollment } from './enroll.js';
import { isMfaError } from '../words/errors.js';
import { isMalformed, type EnrollmentVerdict, type Factor } from '../kernel/factor.js';
import { contextOf, factorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { isLoggedLater } from '../kernel/logbook.js';
import { laneOf, newKnownBrowser } from '../rules/known-browsers.js';
import { refused, type Outcome, type Reason, type Refused } from '../words/outcome.js';
import type { Json } from '../words/json.js';
import { emptyRecord, type MfaRecord } from '../kernel/record.js';
import { ownOf } from '../rules/situation.js';
import { chosenToGo } from '../rules/succession.js';
import { transact, type Decision } from '../kernel/transact.js';
import { recalling, takeTurn, type LoadedOpen } from './take-turn.js';

/**
 * Confirms what this session began, with a right answer.
 * @param body the fields of the confirming form, untrusted
 * @param name the person's own name for it, already validated
 */
export async function confirmEnrollment(
  kernel: Kernel,
  asker: Asker,
  kind: string,
  body: Json,
  name?: string,
): Promise<Outcome<EnrolledNow>> {
  const factor = factorOf(kernel, kind);
  if (!factor) return refusedEnrollment(kernel, asker, kind, 'session.mfa.mfa_factor_not_enabled');
  const answer = factor.enrollment.parse(body);
  if (isMalformed(answer))
    return refusedEnrollment(kernel, asker, kind, answer.reason ?? 'request.invalid', answer.details);
  try {
    return await takeTurn<Outcome<EnrolledNow>>(kernel, asker, {
      line: `enroll ${kind}`,
      recall: recalling(kernel, asker, 'enroll', kind, factor.enrollment.ceremony),
      early({ record = emptyRecord(''), open }) {
        const early = refusalBefore(kernel, asker, factor, record, open);
        return early && refusedEnrollment(kernel, asker, kind, early.reason, early.details);
      },
      work: (begun) => confirm(kernel, asker, factor, answer, { name, replaces: replacesOf(body) }, begun),
    });
  } catch (error) {
    if (!isLoggedLater(error))
      refusedEnrollment(kernel, asker, kind, isMfaError(error) ? (error.code as Reason) : 'store.unavailable');
    throw error;
  }
}

async function confirm(
  kernel: Kernel,
  asker: Asker,
  factor: Factor,
  answer: unknown,
  { name, replaces }: { name: string | undefined; replaces: Json | undefined },
  { open, ...loaded }: LoadedOpen,
) {
  const { kind, enrollment } = factor;
  const record = loaded.record ?? emptyRecord('');
  const begun = open as Open;
  const context = contextOf(kernel, asker);
  let evidence = await enrollment.weigh(context, ownOf(record, kind), answer, begun);
  const newBrowser = newKnownBrowser(kernel);
  const authenticatorId = kernel.random.token(12);
  const epoch = kernel.random.token();

  const claimed = new Set<string>();

  const decide = async (current: MfaRecord): Promise<Decision<Outcome<EnrolledNow>>> => {
    const isOver = (refusal: Refused) => ({ result: refusal, happened: [enrollmentRefused(kind, refusal.reason)] });
    const barred = refusalBefore(kernel, asker, factor, current, begun);
    if (barred) return isOver(barred);
    const own = ownOf(current, kind);
    let verdict = enrollment.judge(context, own, evidence);
    if (verdict.is === 'stale') {
      evidence = await enrollment.weigh(context, own, answer, begun);
      verdict = enrollment.judge(context, own, evidence);
    }
    if (verdict.is !== 'right') return wrongConfirmation(kernel, asker, factor, current, verdict);
    if (enrollment.replaceable) {
      const gone = chosenToGo(kernel, asker, current, factor, replaces);
      if (!Array.isArray(gone)) return isOver(gone);
      verdict = { ...verdict, replaces: gone };
    }
    if (!(await claimAll(kernel, asker.user.id, verdict.claims ?? [], claimed)))
      return isOver(refused(verdict.claimed ?? 'request.invalid'));
    return added(kernel, asker, factor, current, verdict, { authenticatorId, epoch, name, newBrowser });
  };
  const outcome = await transact<Outcome<EnrolledNow>>(
    kernel,
    asker,
    async (current) => {
      const decision = await decide(current);
      return decision.result.accepted ? decision : keepingLoose(kernel, asker.user.id, current, decision, claimed);
    },
    loaded,
  );
  if (outcome.accepted) dropCeremony(kernel, asker, 'enroll', kind);
  return outcome;
}

/** Which one the person wants to go, as the form says it. */
function replacesOf(body: Json): Json | undefined {
  const fields = Object(body) as { replaces?: Json };
  return Object.hasOwn(fields, 'replaces') ? fields.replaces : undefined;
}

/** Everything that refuses without comparing: permission, lock, and a ceremony that is gone, lapsed or void. */
function refusalBefore(
  kernel: Kernel,
  asker: Asker,
  factor: Factor,
  record: MfaRecord,
  open: Open | undefined,
): Refused | undefined {
  if (open && open.epoch !== record.epoch && factor.enrollment.limit === 1 && factor.enrollment.inUse) {
    // Another one was confirmed while this ceremony was open: say so, rather than "nothing was begun".
    if (record.authenticators.some((own) => own.kind === factor.kind && own.createdAt >= open.startedAt)) {
      return refused(factor.enrollment.inUse);
    }
  }
  const forbidden = forbidsEnrollment(kernel, asker, factor, record);
  if (forbidden) return forbidden;
  const wait = waitOf(kernel, record, factor.kind, laneOf(kernel, asker, record));
  if (wait) return wait;
  if (open?.epoch === record.epoch) return undefined;
  return refused(
    typeof factor.enrollment.ceremony === 'object'
      ? 'verification_code.not_found'
      : 'session.mfa.pending_info_not_found',
  );
}

function wrongConfirmation(
  kernel: Kernel,
  asker: Asker,
  factor: Factor,
  record: MfaRecord,
  verdict: Exclude<EnrollmentVerdict, { is: 'right' }>,
): Decision<Outcome<EnrolledNow>> {
  const { kind } = factor;
  if (verdict.is === 'stale')
    return {
      result: refused('store.conflict', { retryAfterSeconds: 1 }),
      happened: [enrollmentRefused(kind, 'store.conflict')],
    };
  const { reason, details } = verdict;
  const told = enrollmentRefused(kind, reason, details?.hint);
  if (factor.guessable && verdict.attempt !== false) return wrongEnrollment(kernel, asker, record, kind, verdict, told);
  return { result: refused(reason, details), happened: [told] };
}
