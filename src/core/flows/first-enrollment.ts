// Confirming a first enrolment, so that a stolen password does not enrol the thief's phone: with a code to an address
// that the host knows, or with one that an administrator granted. What it gives is a mark in this sign-in, no proof.
import { confirmation as scope, enrollScope } from '../rules/attempts.js';
import { refusedAsBarred } from '../rules/barred.js';
import { dropCeremony, openCeremony, recallCeremony } from '../kernel/ceremonies.js';
import { confirmsBy, startsAgain } from '../rules/confirms-by.js';
import { isMfaError, type ErrorDetails } from '../words/errors.js';
import type { Happened } from '../words/events.js';
import { isMalformed, type Factor } from '../kernel/factor.js';
import { contextOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { isLoggedLater, reachLog, tellFirst } from '../kernel/logbook.js';
import { contextInLane, laneOf } from '../rules/known-browsers.js';
import { accepted, refused, type Outcome, type Reason, type Refused } from '../words/outcome.js';
import { riskyEnrollment, staleSignIn } from '../rules/permission.js';
import type { Loaded } from '../kernel/ports.js';
import type { Json } from '../words/json.js';
import { emptyRecord, type MfaRecord } from '../kernel/record.js';
import { loadRecord, transact, type Decision } from '../kernel/transact.js';
import { waitOf, wrongEnrollment } from './enroll.js';
import { grantOf, readGrantTyped } from './enrollment-grant.js';
import { takeTurn } from './take-turn.js';

/** `masked`: where the code goes, or went. */
export type Confirmation = { via: string; masked?: string; shown?: Json };

function refusalOf(kernel: Kernel, asker: Asker, record: MfaRecord): Refused | undefined {
  const barred = refusedAsBarred(record);
  if (barred) return barred;
  if (record.protected && !startsAgain(record)) return refused('session.mfa.pending_info_not_found');
  const shut = riskyEnrollment(kernel, asker, record) ?? staleSignIn(kernel, asker);
  if (shut) return shut;
  return waitOf(kernel, record, scope, laneOf(kernel, asker, record));
}

/** How this person confirms, and what was sent in this session; undefined where nothing is to be confirmed. */
export async function openConfirmation(
  kernel: Kernel,
  asker: Asker,
  record: MfaRecord,
): Promise<Confirmation | undefined> {
  const by = confirmsBy(kernel, asker, record);
  if (!by || by.by === 'grant') return by && { via: 'granted' };
  const open = await recallCeremony(kernel, asker, 'confirm', by.factor.kind, 'kept');
  const masked = by.factor.maskOf?.(by.address);
  return { via: by.factor.kind, ...(masked === undefined ? {} : { masked }), ...(open ? { shown: open.shown } : {}) };
}

/** Sends the code to the known address; the one sent before in this session no longer counts. */
export async function beginConfirmation(kernel: Kernel, asker: Asker): Promise<Outcome<{ shown: Json }>> {
  const { record = emptyRecord('') } = await loadRecord(kernel, asker.user);
  const by = confirmsBy(kernel, asker, record);
  if (by?.by !== 'address') return refused('session.mfa.mfa_factor_not_enabled');
  const refusal = refusalOf(kernel, asker, record);
  if (refusal) return refusal;
  const { factor, address } = by;
  const input = { address, purpose: 'confirm' };
  const opened = await openCeremony(kernel, asker, 'confirm', factor, record.epoch, () =>
    factor.enrollment.begin(contextInLane(kernel, asker, laneOf(kernel, asker, record)), [], input),
  );
  return opened.accepted ? accepted({ shown: opened.open.shown }) : opened;
}

/** @returns `at`: what the session may say, Unix seconds */
export async function confirmFirstEnrollment(
  kernel: Kernel,
  asker: Asker,
  body: Json,
): Promise<Outcome<{ at: number }>> {
  try {
    return await takeTurn<Outcome<{ at: number }>>(kernel, asker, {
      line: scope,
      early({ record }) {
        const current = record ?? emptyRecord('');
        if (!confirmsBy(kernel, asker, current)) return audited(kernel, asker, 'session.mfa.pending_info_not_found');
        const refusal = refusalOf(kernel, asker, current);
        return refusal && audited(kernel, asker, refusal.reason, refusal.details);
      },
      work(loaded) {
        const by = confirmsBy(kernel, asker, loaded.record ?? emptyRecord(''));
        return by?.by === 'address'
          ? answerCode(kernel, asker, by.factor, loaded, body)
          : takeGrant(kernel, asker, loaded, body);
      },
    });
  } catch (error) {
    if (!isLoggedLater(error)) audited(kernel, asker, isMfaError(error) ? (error.code as Reason) : 'store.unavailable');
    throw error;
  }
}

/** Judged and counted in one write, a right answer too: rivals on many servers share one budget. */
async function answerCode(kernel: Kernel, asker: Asker, factor: Factor, loaded: Loaded, body: Json) {
  const { enrollment, kind } = factor;
  const answer = enrollment.parse(body);
  if (isMalformed(answer)) return audited(kernel, asker, answer.reason ?? 'request.invalid', answer.details);
  const open = await recallCeremony(kernel, asker, 'confirm', kind, 'kept');
  if (!open) return audited(kernel, asker, 'verification_code.not_found');
  const context = contextOf(kernel, asker);
  const evidence = await enrollment.weigh(context, [], answer, open);
  const decide = (record: MfaRecord): Decision<Outcome<{ at: number }>> => {
    const barred = refusalOf(kernel, asker, record);
    if (barred) return unwritten(barred.reason, barred.details);
    if (open.epoch !== record.epoch) return unwritten('verification_code.not_found');
    const verdict = enrollment.judge(context, [], evidence);
    if (verdict.is === 'stale') return unwritten('store.conflict', { retryAfterSeconds: 1 });
    if (verdict.is === 'wrong' && verdict.attempt === false) return unwritten(verdict.reason, verdict.details);
    if (verdict.is === 'wrong')
      return wrongEnrollment(kernel, asker, record, scope, verdict, refusedConfirmation(verdict.reason));
    const save = cleared(kernel, asker, record).save ?? record;
    return { save, result: accepted({ at: kernel.now() }), happened: [confirmed(kind)] };
  };
  const outcome = await transact(kernel, asker, decide, loaded);
  if (outcome.accepted) dropCeremony(kernel, asker, 'confirm', kind);
  return outcome;
}

/**
 * A granted code is judged and its wrong tries are counted in one write, in the asker's lane; what is right is taken after
 * that, by one winner. Wrong ones wait ever longer and never void it: whoever knows the password would otherwise undo
 * what an administrator granted. Of 2^39 codes an unknown lane sees some forty in its 24 hours.
 */
async function takeGrant(kernel: Kernel, asker: Asker, loaded: Loaded, body: Json): Promise<Outcome<{ at: number }>> {
  const typed = readGrantTyped(body);
  if (typed === undefined) return audited(kernel, asker, 'request.invalid', { field: 'code', hint: 'backup.format' });
  const granted = await grantOf(kernel, asker.user.id);
  const fits = granted?.fits(typed) === true;
  const reason: Reason = granted ? 'verification_code.code_mismatch' : 'verification_code.not_found';
  const decide = (record: MfaRecord): Decision<Outcome> => {
    const barred = refusalOf(kernel, asker, record);
    if (barred) return unwritten(barred.reason, barred.details);
    if (!fits) return wrongEnrollment(kernel, asker, record, scope, { reason }, refusedConfirmation(reason));
    return { result: accepted({}), ...cleared(kernel, asker, record) };
  };
  const judged = await transact<Outcome>(kernel, asker, decide, loaded);
  if (!judged.accepted) return judged;
  await reachLog(kernel);
  if ((await granted?.take()) !== true) return audited(kernel, asker, 'verification_code.not_found');
  await tellFirst(kernel, asker, [confirmed()]);
  return accepted({ at: kernel.now() });
}

/** The record without the count of this lane, where there is one: nothing is written for nothing. */
function cleared(kernel: Kernel, asker: Asker, record: MfaRecord): { save?: MfaRecord } {
  const own = enrollScope(scope, laneOf(kernel, asker, record));
  const { [own]: count, ...attempts } = record.attempts;
  return count === undefined ? {} : { save: { ...record, attempts } };
}

/** Refused before anything was compared, while deciding. */
function unwritten(reason: Reason, details: ErrorDetails = {}): Decision<Refused> {
  return { result: refused(reason, details), happened: [refusedConfirmation(reason)] };
}

function refusedConfirmation(reason: Reason): Happened {
  return { name: 'enrollment-refused', outcome: 'refused', reason };
}

function confirmed(kind?: string): Happened {
  const detail = { firstEnrollment: true };
  return { name: 'verification-accepted', outcome: 'accepted', detail, ...(kind === undefined ? {} : { kind }) };
}

function audited(kernel: Kernel, asker: Asker, reason: Reason, details: ErrorDetails = {}): Refused {
  kernel.tell(asker, [refusedConfirmation(reason)]);
  return refused(reason, details);
}
