// The further proof that a spent backup code awaits: a code to an address that was the person's before this sign-in looked
// risky, or, in a sign-in that began without one, the password. A primary factor confirms by being verified as ever. The code
// proves something from then on; where it looked very risky, on hold.
import { barrier, countFailure, remainingAttempts, verifyScope, type Failed } from '../rules/attempts.js';
import { refusedAsBarred } from '../rules/barred.js';
import { contextInLane, drawnOnce, laneOf, type NewKnownBrowser } from '../rules/known-browsers.js';
import { refusedAsRisen } from '../rules/recovery.js';
import { confirmWays, type ConfirmWay } from '../rules/recovery-ways.js';
import { dropCeremony, openCeremony, recallCeremony } from '../kernel/ceremonies.js';
import { isMalformed } from '../kernel/factor.js';
import { contextOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { isLoggedLater, tellFirst } from '../kernel/logbook.js';
import type { Loaded } from '../kernel/ports.js';
import { emptyRecord, type MfaRecord } from '../kernel/record.js';
import { ownRecovery, type Recovery } from '../kernel/recovering.js';
import { loadRecord, transact, type Decision } from '../kernel/transact.js';
import { isMfaError, type ErrorDetails } from '../words/errors.js';
import type { Json } from '../words/json.js';
import { accepted, refused, type Outcome, type Reason, type Refused } from '../words/outcome.js';
import { countedBy } from './complete-recovery.js';
import { waitOf, wrongEnrollment } from './enroll.js';
import { verificationRefused, type Proved } from './record-answer.js';
import { takeTurn } from './take-turn.js';

/** Asks the host whether this is the person's password. */
export type CheckPassword = (text: string) => Promise<boolean>;

/** Under what wrong codes and wrong passwords are counted, as if it were a kind. */
const scopes = { address: 'recover', password: 'password' } as const;
const longestPassword = 4096;

type Owed = { own: Recovery; way: ConfirmWay };

/** What this sign-in owes and how it may pay it by this kind; else why not. */
function owedNow(
  kernel: Kernel,
  asker: Asker,
  record: MfaRecord,
  kind: string,
  takesPassword: boolean,
): Owed | Refused {
  const barred = refusedAsBarred(record);
  if (barred) return barred;
  const own = ownRecovery(kernel, asker, record);
  if (own?.owes !== 'proof') return refused('session.mfa.pending_info_not_found');
  const risen = refusedAsRisen(kernel, asker.signIn, record);
  if (risen) return risen;
  const way = confirmWays(kernel, asker, record, takesPassword).find((each) => each.kind === kind);
  if (!way || way.by === 'factor') return refused('session.mfa.mfa_factor_not_enabled');
  return waitFor(kernel, asker, record, way.by) ?? { own, way };
}

function waitFor(kernel: Kernel, asker: Asker, record: MfaRecord, by: keyof typeof scopes): Refused | undefined {
  const lane = laneOf(kernel, asker, record);
  if (by === 'address') return waitOf(kernel, record, scopes.address, lane);
  const wait = barrier(record, verifyScope(scopes.password, lane), lane, kernel.settings.lockout, kernel.now());
  if (wait === undefined) return undefined;
  const retryAfterSeconds = wait === 'closed' ? null : wait;
  return refused('session.verification_blocked_too_many_attempts', { retryAfterSeconds, remainingAttempts: 0 });
}

/** Sends a code to the known address; the one sent before in this session no longer counts. */
export async function beginRecoveryCode(kernel: Kernel, asker: Asker, kind: string): Promise<Outcome<{ shown: Json }>> {
  const { record = emptyRecord('') } = await loadRecord(kernel, asker.user);
  const owed = owedNow(kernel, asker, record, kind, false);
  if ('accepted' in owed) return owed;
  const { way } = owed;
  if (way.by !== 'address') return refused('session.mfa.mfa_factor_not_enabled');
  const { factor, address } = way;
  const context = contextInLane(kernel, asker, laneOf(kernel, asker, record));
  const opened = await openCeremony(kernel, asker, 'confirm', factor, record.epoch, () =>
    factor.enrollment.begin(context, [], { address, purpose: 'confirm' }),
  );
  return opened.accepted ? accepted({ shown: opened.open.shown }) : opened;
}

/** The code that this session was sent, for showing where it went. */
export async function openRecoveryCode(kernel: Kernel, asker: Asker, kind: string): Promise<Json | undefined> {
  return (await recallCeremony(kernel, asker, 'confirm', kind, 'kept'))?.shown;
}

/**
 * @param body the fields of the form or JSON body, untrusted
 * @param checkPassword where the host takes passwords at all
 */
export async function confirmRecovery(
  kernel: Kernel,
  asker: Asker,
  kind: string,
  body: Json,
  checkPassword?: CheckPassword,
): Promise<Outcome<Proved>> {
  const takesPassword = checkPassword !== undefined;
  const owedIn = (record: MfaRecord) => owedNow(kernel, asker, record, kind, takesPassword);
  try {
    return await takeTurn<Outcome<Proved>>(kernel, asker, {
      line: `recover ${kind}`,
      early({ record = emptyRecord('') }) {
        const owed = owedIn(record);
        return 'accepted' in owed ? audited(kernel, asker, kind, owed.reason, owed.details) : undefined;
      },
      async work(loaded) {
        const owed = owedIn(loaded.record ?? emptyRecord(''));
        if ('accepted' in owed) return audited(kernel, asker, kind, owed.reason, owed.details);
        if (owed.way.by === 'address') return answerCode(kernel, asker, { loaded, body, owedIn }, owed.way);
        if (!checkPassword) return audited(kernel, asker, kind, 'session.mfa.mfa_factor_not_enabled');
        return answerPassword(kernel, asker, { loaded, body, owedIn }, checkPassword);
      },
    });
  } catch (error) {
    if (!isLoggedLater(error))
      audited(kernel, asker, kind, isMfaError(error) ? (error.code as Reason) : 'store.unavailable');
    throw error;
  }
}

type Answer = { loaded: Loaded; body: Json; owedIn: (record: MfaRecord) => Owed | Refused };

async function answerCode(
  kernel: Kernel,
  asker: Asker,
  { loaded, body, owedIn }: Answer,
  { factor }: Extract<ConfirmWay, { by: 'address' }>,
): Promise<Outcome<Proved>> {
  const { enrollment, kind } = factor;
  const answer = enrollment.parse(body);
  if (isMalformed(answer)) return audited(kernel, asker, kind, answer.reason ?? 'request.invalid', answer.details);
  const open = await recallCeremony(kernel, asker, 'confirm', kind, 'kept');
  if (!open) return audited(kernel, asker, kind, 'verification_code.not_found');
  const context = contextOf(kernel, asker);
  const evidence = await enrollment.weigh(context, [], answer, open);
  const newBrowser = drawnOnce(kernel);
  const unwritten = (refusal: Refused): Decision<Refused> => ({
    result: refusal,
    happened: [verificationRefused(kind, refusal.reason)],
  });
  const decide = (record: MfaRecord): Decision<Outcome<Proved>> => {
    const owed = owedIn(record);
    if ('accepted' in owed) return unwritten(owed);
    if (open.epoch !== record.epoch) return unwritten(refused('verification_code.not_found'));
    const verdict = enrollment.judge(context, [], evidence);
    if (verdict.is === 'stale') return unwritten(refused('store.conflict', { retryAfterSeconds: 1 }));
    if (verdict.is === 'wrong' && verdict.attempt === false) return unwritten(refused(verdict.reason, verdict.details));
    if (verdict.is === 'wrong') {
      const told = verificationRefused(kind, verdict.reason);
      return wrongEnrollment(kernel, asker, record, scopes.address, verdict, told);
    }
    return countedBy(kernel, asker, record, owed.own, { newBrowser, by: kind, scope: scopes.address });
  };
  const outcome = await transact(kernel, asker, decide, loaded);
  if (outcome.accepted) dropCeremony(kernel, asker, 'confirm', kind);
  return outcome;
}

/**
 * A try is charged in the record before the host is asked, or guesses sent at once would cost none; a right one is given
 * back. What the host throws is no right password.
 */
async function answerPassword(
  kernel: Kernel,
  asker: Asker,
  { loaded, body, owedIn }: Answer,
  checkPassword: CheckPassword,
): Promise<Outcome<Proved>> {
  const kind = scopes.password;
  const text = (body as { password?: unknown } | null)?.password;
  if (typeof text !== 'string' || text === '' || text.length > longestPassword)
    return audited(kernel, asker, kind, 'request.invalid', { field: 'password' });
  const { lockout } = kernel.settings;
  const charged = await transact<Refused | Failed>(
    kernel,
    asker,
    (record) => {
      const owed = owedIn(record);
      if ('accepted' in owed) return { result: owed, happened: [verificationRefused(kind, owed.reason)] };
      const failed = countFailure(record, kind, laneOf(kernel, asker, record), lockout, kernel.now());
      return { result: failed, save: failed.record };
    },
    loaded,
  );
  if ('accepted' in charged) return charged;
  if (!(await checkPassword(text))) return wrongPassword(kernel, asker, charged);
  const newBrowser: () => NewKnownBrowser = drawnOnce(kernel);
  return transact<Outcome<Proved>>(kernel, asker, (record) => {
    const own = ownRecovery(kernel, asker, record);
    const gone = refusedAsBarred(record) ?? (own?.owes === 'proof' ? undefined : notOwed());
    if (gone || !own) {
      const refusal = gone ?? notOwed();
      return { result: refusal, happened: [verificationRefused(kind, refusal.reason)] };
    }
    return countedBy(kernel, asker, record, own, { newBrowser, by: kind, scope: kind });
  });
}

async function wrongPassword(kernel: Kernel, asker: Asker, charged: Failed): Promise<Refused> {
  const { record, happened, notices, retryAfterSeconds } = charged;
  const reason = 'session.mfa.password_mismatch';
  await tellFirst(kernel, asker, [verificationRefused(scopes.password, reason), ...happened]);
  kernel.notify(asker, record, notices);
  const scope = verifyScope(scopes.password, laneOf(kernel, asker, record));
  return refused(reason, {
    field: 'password',
    remainingAttempts: remainingAttempts(record, scope, kernel.settings.lockout, kernel.now()),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

function notOwed(): Refused {
  return refused('session.mfa.pending_info_not_found');
}

/** Refused before anything was compared: told and audited, nothing written. */
function audited(kernel: Kernel, asker: Asker, kind: string, reason: Reason, details: ErrorDetails = {}): Refused {
  kernel.tell(asker, [verificationRefused(kind, reason)]);
  return refused(reason, details);
}
