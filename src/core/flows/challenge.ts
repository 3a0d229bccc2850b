// Begins a challenge where the factor needs one: sends a code, makes request options. Writes nothing to the record, so
// that a pending person cannot contend for it however often they ask.
import { refusedAsBarred } from '../rules/barred.js';
import type { Lane } from '../rules/attempts.js';
import { openCeremony, recallCeremony, type Open } from '../kernel/ceremonies.js';
import { factorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { refusedAsLocked } from '../rules/lock.js';
import { claimedLane, contextInLane, laneOf } from '../rules/known-browsers.js';
import { accepted, refused, type Outcome } from '../words/outcome.js';
import type { Json } from '../words/json.js';
import type { MfaRecord } from '../kernel/record.js';
import { refusedAsRisky } from '../rules/risky.js';
import { isFirstFactor, ownOf } from '../rules/situation.js';
import { loadRecord } from '../kernel/transact.js';

/**
 * How many signatures of one person may fail in ten minutes, in one lane, before the next challenge there has to wait:
 * who has only the password keeps no browser waiting that its owner has used before.
 */
const failureWindow = { keyOf: (lane: Lane) => `failed-signatures:${lane}`, limit: 20, seconds: 600 };

/** `shown` is what view and browser get. */
export type Issued = { shown: Json; startedAt: number };

/**
 * Begins a challenge of a kind that the asker has enrolled; one begun before in this session is void.
 * @param loaded the record as this request has just loaded it, to save a trip
 */
export async function issueChallenge(
  kernel: Kernel,
  asker: Asker,
  kind: string,
  loaded?: MfaRecord,
): Promise<Outcome<Issued>> {
  const factor = factorOf(kernel, kind);
  if (!factor?.issue || isFirstFactor(factor, asker.user)) return refused('session.mfa.mfa_factor_not_enabled');
  const [{ record }, failed] = await Promise.all([
    loaded ? { record: loaded } : loadRecord(kernel, asker.user),
    factor.guessable ? undefined : failuresOf(kernel, asker, claimedLane(asker)),
  ]);
  const barred = refusedAsBarred(record);
  if (barred) return barred;
  const own = record?.protected ? ownOf(record, kind) : [];
  if (!record || own.length === 0) return refused(factor.absent ?? 'session.mfa.mfa_factor_not_enabled');
  const risky = refusedAsRisky(kernel, asker, record, factor);
  if (risky) return risky;
  const lane = laneOf(kernel, asker, record);
  if (factor.guessable) {
    const locked = refusedAsLocked(kernel, asker, factor, record);
    if (locked) return locked;
  } else if (isFlooded(lane === claimedLane(asker) ? failed : await failuresOf(kernel, asker, lane))) {
    return refused('session.verification_blocked_too_many_attempts', { retryAfterSeconds: failureWindow.seconds });
  }
  const issue = factor.issue.bind(factor, contextInLane(kernel, asker, lane), own);
  const opened = await openCeremony(kernel, asker, 'verify', factor, record.epoch, issue);
  if (!opened.accepted) return opened;
  kernel.tell(asker, [{ name: 'challenge-issued', kind }]);
  return accepted({ shown: opened.open.shown, startedAt: opened.open.startedAt });
}

/**
 * The challenge that this session began, for showing where a code went. A challenge answered `once` is never read.
 * @param record with it, a challenge that a change of authenticators has made void is none
 */
export async function openChallenge(
  kernel: Kernel,
  asker: Asker,
  kind: string,
  record?: MfaRecord,
): Promise<Issued | undefined> {
  const factor = factorOf(kernel, kind);
  if (!factor || typeof factor.ceremony !== 'object') return undefined;
  const open: Open | undefined = await recallCeremony(kernel, asker, 'verify', kind, factor.ceremony);
  if (!open || (record && open.epoch !== record.epoch)) return undefined;
  return { shown: open.shown, startedAt: open.startedAt };
}

/**
 * A wrong signature brings a guesser nothing; it is counted outside the record, only to slow a flood. The answer was
 * refused and told already: a store that cannot count does not make it another.
 */
export async function countFailedSignature(kernel: Kernel, asker: Asker, record: MfaRecord): Promise<void> {
  const key = failureWindow.keyOf(laneOf(kernel, asker, record));
  await kernel.store.increment(asker.user.id, key, failureWindow.seconds).catch(() => undefined);
}

function failuresOf(kernel: Kernel, asker: Asker, lane: Lane): Promise<Json | undefined> {
  return kernel.store.get(asker.user.id, failureWindow.keyOf(lane));
}

function isFlooded(failures: Json | undefined): boolean {
  return typeof failures === 'number' && failures >= failureWindow.limit;
}
