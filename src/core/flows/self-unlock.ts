// Self-unlock, where the app allows it: a locked person regains a factor by three right codes in a row, at least two
// minutes apart. One guess in two minutes and three in a row leave a guesser no chance, and every evaluated answer is
// told in the same words, so that none learns whether it was right. A disabled authenticator must be bound again.
import { verificationRefused, withData } from './record-answer.js';
import { refusedAsBarred } from '../rules/barred.js';
import { countOnAuthenticators, verifyScope, type Failed, type Lane } from '../rules/attempts.js';
import { isMfaError } from '../words/errors.js';
import { isMalformed, type Factor } from '../kernel/factor.js';
import { contextOf, factorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { isLoggedLater } from '../kernel/logbook.js';
import { laneOf } from '../rules/known-browsers.js';
import { lockOf } from '../rules/lock.js';
import { accepted, refused, type Outcome, type Reason, type Refused } from '../words/outcome.js';
import type { Loaded } from '../kernel/ports.js';
import type { Json } from '../words/json.js';
import { emptyRecord, type Attempts, type MfaRecord } from '../kernel/record.js';
import { refusedAsRisky } from '../rules/risky.js';
import { isFirstFactor, ownOf } from '../rules/situation.js';
import { transact, type Decision } from '../kernel/transact.js';
import { takeTurn } from './take-turn.js';

const apartSeconds = 120;
const inARow = 3;
/** Wrong answers until this way waits as long as any lock can. */
const budget = 10;
const locked = 'session.verification_blocked_too_many_attempts';

/** Whether this factor can be regained so: a primary one whose codes need no sending. */
export function offersSelfUnlock(kernel: Kernel, factor: Factor | undefined): factor is Factor {
  return (
    kernel.settings.lockout.selfUnlock && factor?.rank === 'primary' && factor.guessable && factor.ceremony === 'none'
  );
}

/** Whether this factor waits in the asker's lane. A closed lane is for its owner to open, not for whoever is in it. */
export function isLocked(kernel: Kernel, asker: Asker, record: MfaRecord, kind: string): boolean {
  const factor = factorOf(kernel, kind);
  return factor !== undefined && typeof lockOf(kernel, asker, factor, record) === 'number';
}

/** Accepted says only that the code was looked at, never what came of it. */
export async function selfUnlock(kernel: Kernel, asker: Asker, kind: string, body: Json): Promise<Outcome> {
  const factor = factorOf(kernel, kind);
  if (!offersSelfUnlock(kernel, factor) || isFirstFactor(factor, asker.user)) {
    return audited(kernel, asker, kind, refused('session.mfa.mfa_factor_not_enabled'));
  }
  const answer = factor.parse(body);
  if (isMalformed(answer))
    return audited(kernel, asker, kind, refused(answer.reason ?? 'request.invalid', answer.details));
  try {
    return await takeTurn<Outcome>(kernel, asker, {
      line: kind,
      early({ record }) {
        const early = record && refusalBefore(kernel, asker, factor, record);
        if (record && !early) return undefined;
        return audited(kernel, asker, kind, early ?? refused('session.mfa.pending_info_not_found'));
      },
      work: (loaded) => attempt(kernel, asker, factor, answer, loaded),
    });
  } catch (error) {
    if (!isLoggedLater(error))
      audited(kernel, asker, kind, refused(isMfaError(error) ? (error.code as Reason) : 'store.unavailable'));
    throw error;
  }
}

async function attempt(
  kernel: Kernel,
  asker: Asker,
  factor: Factor,
  answer: unknown,
  loaded: Loaded,
): Promise<Outcome> {
  const { kind } = factor;
  const record = loaded.record ?? emptyRecord('');
  const context = contextOf(kernel, asker);
  const evidence = await factor.weigh(context, ownOf(record, kind), answer);
  const unwritten = (result: Refused): Decision<Outcome> => {
    return { result, happened: [verificationRefused(kind, result.reason)] };
  };
  return transact<Outcome>(
    kernel,
    asker,
    (current) => {
      const barred = refusalBefore(kernel, asker, factor, current);
      if (barred) return unwritten(barred);
      const verdict = factor.judge(context, ownOf(current, kind), evidence);
      if (verdict.is === 'stale') return unwritten(refused('store.conflict', { retryAfterSeconds: 1 }));
      // A code of a length that this person's app does not show was compared with nothing.
      if (verdict.is === 'wrong' && verdict.attempt === false) {
        return unwritten(refused(verdict.reason, verdict.details));
      }
      // Spent, but with no sign of a use: the order in which a pending person is offered factors must tell nothing.
      const judged: Failed =
        verdict.is === 'right'
          ? { record: withData(current, verdict.authenticatorId, verdict.data), happened: [], notices: [] }
          : countOnAuthenticators(current, kind, kernel.settings.lockout, kernel.now());
      return decide(kernel, kind, judged, laneOf(kernel, asker, current), verdict.is === 'right');
    },
    loaded,
  );
}

function scopeOf(kind: string, lane: Lane): string {
  return `unlock:${kind}/${lane}`;
}

/** Too soon after the last one, whatever it was; or not locked at all. */
function refusalBefore(kernel: Kernel, asker: Asker, factor: Factor, record: MfaRecord): Refused | undefined {
  const barred = refusedAsBarred(record);
  if (barred) return barred;
  if (!record.protected || !isLocked(kernel, asker, record, factor.kind)) {
    return refused('session.mfa.pending_info_not_found');
  }
  const risky = refusedAsRisky(kernel, asker, record, factor);
  if (risky) return risky;
  const last = record.attempts[scopeOf(factor.kind, laneOf(kernel, asker, record))];
  if (!last) return undefined;
  const apart = last.failures >= budget ? kernel.settings.lockout.maxWaitSeconds : apartSeconds;
  const wait = last.failedAt + apart - kernel.now();
  return wait > 0 && wait <= apart ? refused(locked, { retryAfterSeconds: wait, remainingAttempts: 0 }) : undefined;
}

function decide(
  kernel: Kernel,
  kind: string,
  { record, happened, notices }: Failed,
  lane: Lane,
  right: boolean,
): Decision<Outcome> {
  const scope = scopeOf(kind, lane);
  const last = record.attempts[scope];
  const rights = right ? (last?.rights ?? 0) + 1 : 0;
  if (rights >= inARow) {
    const gone = [scope, verifyScope(kind, lane), `/${lane}`];
    const attempts = Object.fromEntries(Object.entries(record.attempts).filter(([name]) => !gone.includes(name)));
    return {
      save: { ...record, attempts },
      result: accepted({}),
      happened: [{ name: 'unlocked', kind, outcome: 'accepted' }],
    };
  }
  // `failedAt` is when this way was last used, rightly or not: the next one has to wait either way.
  const failures = right ? (last?.failures ?? 0) : (last?.failures ?? 0) + 1;
  const attempts: Attempts = { failures, failedAt: kernel.now(), rights };
  return {
    save: { ...record, attempts: { ...record.attempts, [scope]: attempts } },
    result: accepted({}),
    happened: [verificationRefused(kind, locked), ...happened],
    notices,
  };
}

function audited(kernel: Kernel, asker: Asker, kind: string, refusal: Refused): Refused {
  kernel.tell(asker, [verificationRefused(kind, refusal.reason)]);
  return refusal;
}
