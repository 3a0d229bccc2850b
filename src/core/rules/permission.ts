// Who may change an account's authenticators. A protected person has to be elevated, and fresh; a backup code opens
// little. Pure.
import { refusedAsBarred } from './barred.js';
import { confirmsBy, startsAgain } from './confirms-by.js';
import { cameByPass, heldUntil, stepsUp } from './hold.js';
import type { Factor } from '../kernel/factor.js';
import { factorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import type { NextStep } from './next-step.js';
import { refused, type Refused } from '../words/outcome.js';
import { lacking } from '../kernel/policy.js';
import { enrollmentAction } from './risk-in-force.js';
import type { MfaRecord } from '../kernel/record.js';
import { isYoung } from '../kernel/sign-in.js';
import { vouchingOf } from './vouched.js';
import { hasUsable, ownOf, situationOf } from './situation.js';

export type Change = 'enroll-primary' | 'backup-codes' | 'manage';

/** The refusal that a pending person gets for anything but answering: what is owed, and with what it can be paid. */
function verificationOwed(kernel: Kernel, asker: Asker, record: MfaRecord): Refused {
  return refused('session.mfa.require_mfa_verification', {
    availableFactors: situationOf(kernel, asker.user, asker.signIn, record).ways.map(({ kind }) => kind),
  });
}

/**
 * The refusal for whoever has proved nothing: the sign-in step, recovery, or, where a trusted browser or the person's own
 * switch stands in for the sign-in step, a step-up.
 */
export function proofOwed(kernel: Kernel, asker: Asker, record: MfaRecord, next: NextStep): Refused {
  if (next.step === 'reauthenticate') return refused('session.mfa.upstream_insufficient');
  if (next.step === 'blocked') return refused('session.mfa.blocked');
  if (next.step === 'recover') return refused('session.mfa.recovery_required');
  if (next.step === 'confirm-recovery') return refused('session.mfa.recovery_unconfirmed');
  if (next.step === 'wait') return refused('session.mfa.awaiting_approval');
  if (next.step === 'verify') return verificationOwed(kernel, asker, record);
  if (next.step === 'enroll') return refused('user.missing_mfa', { hint: 'enroll.after_objection' });
  return refused('session.mfa.step_up_required', {
    stepUp: { why: 'missing', maxAgeSeconds: kernel.settings.freshSeconds },
    availableFactors: stepUpKinds(kernel, asker, record),
  });
}

/** Which change it is to enrol this factor: an address takes the place of the one before. */
export function changeBy({ rank, kind, channel }: Factor, record: MfaRecord): Change {
  if (rank === 'backup') return 'backup-codes';
  return channel !== undefined && ownOf(record, kind).length > 0 ? 'manage' : 'enroll-primary';
}

/**
 * Why this change is refused, if it is.
 * - suspended: whatever it is
 * - not protected: the first enrolment needs a recent sign-in, where the host tells when that was
 * - protected: elevated, and a proof at most `freshSeconds` old
 * - a backup-code proof enrols a primary factor, replaces a lost secret and makes the set that is owed; it is fresh for
 *   nothing else, such as an address that works
 * - whoever came by a pass, or by the last code and has nothing else, enrols as long as that proof counts
 * - whoever is held enrols the primary factor and makes the set that `next-step` demands, and nothing else
 */
export function forbids(kernel: Kernel, asker: Asker, record: MfaRecord, change: Change): Refused | undefined {
  const now = kernel.now();
  const { freshSeconds } = kernel.settings;
  const barred = refusedAsBarred(record);
  if (barred) return barred;
  if (vouchingOf(kernel, asker.signIn, record) === 'owed') return refused('session.mfa.upstream_insufficient');
  if (!record.protected && change === 'backup-codes' && !hasUsable(kernel, record, 'primary'))
    return refused('session.mfa.backup_code_can_not_be_alone');
  if (!record.protected || (change === 'enroll-primary' && startsAgain(record)))
    return riskyEnrollment(kernel, asker, record) ?? staleSignIn(kernel, asker) ?? unconfirmed(kernel, asker, record);
  const { proofs, next } = situationOf(kernel, asker.user, asker.signIn, record);
  if (proofs.length === 0) return proofOwed(kernel, asker, record, next);
  const owesSet = change === 'backup-codes' && next.step === 'save-backup-codes';
  const owesPrimary = change === 'enroll-primary' && next.step === 'enroll' ? next.why : undefined;
  const until = heldUntil(kernel, record, proofs);
  // Whoever is held does what is demanded, and nothing else: else they would be stuck between the two.
  if (until !== undefined && !owesSet && owesPrimary === undefined) return onHold(kernel, until);
  const availableFactors = stepUpKinds(kernel, asker, record);
  // Whoever came by a pass or their last code, which is used up, sees nothing but this set-up, and could not prove a factor again.
  const isLast = owesPrimary === 'recovery' && (cameByPass(kernel, proofs) || availableFactors.length === 0);
  const isDue = owesSet || isLast || until !== undefined;
  const primary = proofs.filter(({ kind }) => factorOf(kernel, kind)?.rank === 'primary');
  const counts = change === 'enroll-primary' || owesSet ? proofs : primary;
  // The set that follows the first enrolment, or an empty one, is owed: whoever just proved a factor need not again.
  const why = lacking(counts, isDue ? {} : { maxAgeSeconds: freshSeconds }, now);
  if (why === undefined) return undefined;
  return refused('session.mfa.step_up_required', {
    stepUp: {
      why,
      maxAgeSeconds: freshSeconds,
      ...(counts.length < proofs.length ? { factors: primaryKinds(kernel) } : {}),
    },
    availableFactors,
  });
}

/** The refusal of a sign-in that is held, with the time. */
export function onHold({ now }: Kernel, until: number): Refused {
  return refused('session.mfa.on_hold', { heldUntil: until, retryAfterSeconds: until - now() });
}

function stepUpKinds(kernel: Kernel, { user, signIn }: Asker, record: MfaRecord): string[] {
  return situationOf(kernel, user, signIn, record).ways.flatMap(({ kind }) =>
    stepsUp(kernel, record, kind) ? [kind] : [],
  );
}

/** No first enrolment in a sign-in that looks too risky: what it would enrol may be a thief's. */
export function riskyEnrollment(kernel: Kernel, { signIn }: Asker, record: MfaRecord): Refused | undefined {
  return enrollmentAction(kernel, signIn, record) === 'block' ? refused('session.mfa.blocked') : undefined;
}

/** The first enrolment asks for a recent sign-in, where the host tells when that was. */
export function staleSignIn(kernel: Kernel, { user: { signedInAt } }: Asker): Refused | undefined {
  if (signedInAt === undefined || isYoung(signedInAt, kernel.settings.freshSeconds, kernel.now())) return undefined;
  return refused('session.mfa.first_enrollment_unconfirmed', { hint: 'enroll.sign_in_again' });
}

/** And for a code to an address that the host knows, or a granted one: a stolen password enrols no thief's phone. */
function unconfirmed(kernel: Kernel, asker: Asker, record: MfaRecord): Refused | undefined {
  if (confirmsBy(kernel, asker, record) === undefined) return undefined;
  const { firstEnrollmentConfirmedAt: at = 0 } = asker.signIn;
  // What was confirmed before the objection was perhaps confirmed by whom it is against.
  const since = startsAgain(record) ? (record.reclaim?.since ?? Infinity) : -Infinity;
  const confirmed = at > since && isYoung(at, kernel.settings.freshSeconds, kernel.now());
  return confirmed ? undefined : refused('session.mfa.first_enrollment_unconfirmed');
}

/** Kinds that are no way back in, but the way in. */
export function primaryKinds(kernel: Kernel): string[] {
  return kernel.factors.filter(({ rank }) => rank === 'primary').map(({ kind }) => kind);
}
