// The failure budget and the lock-out, the same for every factor. It belongs to the user's record: no new session,
// challenge, code, address or password resets it. Lanes keep it from becoming a lever against the owner: a browser
// that once passed a factor has its own; all unknown browsers of a user share one.
import type { Happened } from '../words/events.js';
import type { Lockout } from '../kernel/settings.js';
import type { Notice } from '../words/notices.js';
import type { Attempts, MfaRecord } from '../kernel/record.js';

export type Lane = 'unknown' | `known:${string}`;

/** NIST SP 800-63B-4 §3.2.2: waits from 30 s up to 1 h; at most 100 failures in a row on one authenticator. */
export const lockoutDefaults: Lockout = {
  after: 5,
  firstWaitSeconds: 30,
  maxWaitSeconds: 3600,
  noticeAfter: 20,
  closeLaneAfter: 50,
  disableAfter: 100,
  selfUnlock: false,
};

export function verifyScope(kind: string, lane: Lane): string {
  return `${kind}/${lane}`;
}

export function enrollScope(kind: string, lane: Lane): string {
  return `enroll:${kind}/${lane}`;
}

function laneScope(lane: Lane): string {
  return `/${lane}`;
}

/** What stands in the way: seconds to wait, `closed` where waiting does not help, or nothing. */
export function barrier(
  record: MfaRecord,
  scope: string,
  lane: Lane,
  lockout: Lockout,
  now: number,
): number | 'closed' | undefined {
  if (record.attempts[laneScope(lane)]?.closedAt !== undefined) return 'closed';
  const until = record.attempts[scope]?.lockedUntil ?? 0;
  if (until <= now) return undefined;
  const wait = until - now;
  // Only a clock that was set back makes a wait longer than the longest there is: it must not lock for a day.
  return wait <= lockout.maxWaitSeconds ? wait : undefined;
}

/** How many more wrong answers until the next wait; 0 while waiting. */
export function remainingAttempts(record: MfaRecord, scope: string, lockout: Lockout, now: number): number {
  const { failures = 0, lockedUntil = 0 }: Partial<Attempts> = record.attempts[scope] ?? {};
  if (failures < lockout.after) return lockout.after - failures;
  return lockedUntil > now ? 0 : 1;
}

/** The 5th failure waits 30 s, each later one twice as long as the one before, up to 1 h. */
function waitAfter(failures: number, lockout: Lockout): number {
  if (failures < lockout.after) return 0;
  return Math.min(lockout.firstWaitSeconds * 2 ** (failures - lockout.after), lockout.maxWaitSeconds);
}

function oneMore(attempts: Attempts | undefined, now: number): Attempts {
  return { ...attempts, failures: (attempts?.failures ?? 0) + 1, failedAt: now };
}

export type Failed = { record: MfaRecord; happened: Happened[]; notices: Notice[]; retryAfterSeconds?: number };

/** A wrong answer to an enrolment: it waits like any other, and threatens nobody's account. */
export function countEnrollmentFailure(
  record: MfaRecord,
  kind: string,
  lane: Lane,
  lockout: Lockout,
  now: number,
): Failed {
  const scope = enrollScope(kind, lane);
  const attempts = oneMore(record.attempts[scope], now);
  const wait = waitAfter(attempts.failures, lockout);
  const locked = wait > 0 ? { ...attempts, lockedUntil: now + wait } : attempts;
  return {
    record: { ...record, attempts: { ...record.attempts, [scope]: locked } },
    happened: wait > 0 ? [{ name: 'locked', kind, detail: { waitSeconds: wait } }] : [],
    notices: [],
    ...(wait > 0 ? { retryAfterSeconds: wait } : {}),
  };
}

/** A wrong answer at verification: counted for the factor in this lane, for the lane, and for its authenticators. */
export function countFailure(record: MfaRecord, kind: string, lane: Lane, lockout: Lockout, now: number): Failed {
  const scope = verifyScope(kind, lane);
  const attempts = oneMore(record.attempts[scope], now);
  const wait = waitAfter(attempts.failures, lockout);
  const laneAttempts = oneMore(record.attempts[laneScope(lane)], now);
  const closes =
    lane === 'unknown' && laneAttempts.failures >= lockout.closeLaneAfter && laneAttempts.closedAt === undefined;
  const { record: counted, happened, notices } = countOnAuthenticators(record, kind, lockout, now);
  if (wait > 0) happened.push({ name: 'locked', kind, detail: { waitSeconds: wait, failures: attempts.failures } });
  if (closes) {
    happened.push({ name: 'lane-closed', actor: 'system', detail: { failures: laneAttempts.failures } });
    notices.push({ what: 'lane-closed', at: now, left: laneAttempts.failures });
  }
  if (failuresOfPerson(record) + 1 === lockout.noticeAfter) {
    notices.push({ what: 'failures', at: now, left: lockout.noticeAfter });
  }
  return {
    record: {
      ...counted,
      attempts: {
        ...record.attempts,
        [scope]: wait > 0 ? { ...attempts, lockedUntil: now + wait } : attempts,
        [laneScope(lane)]: closes ? { ...laneAttempts, closedAt: now } : laneAttempts,
      },
    },
    happened,
    notices,
    ...(wait > 0 ? { retryAfterSeconds: wait } : {}),
  };
}

/**
 * A wrong answer on whatever route, counted for the authenticators of its kind: the 100th in a row over all lanes
 * disables them (NIST SP 800-63B-4 §3.2.2).
 */
export function countOnAuthenticators(record: MfaRecord, kind: string, lockout: Lockout, now: number): Failed {
  const happened: Happened[] = [];
  const notices: Notice[] = [];
  const authenticators = record.authenticators.map((own) => {
    if (own.kind !== kind || own.disabledAt !== undefined) return own;
    const failures = (own.failures ?? 0) + 1;
    if (failures < lockout.disableAfter) return { ...own, failures };
    happened.push({ name: 'authenticator-disabled', kind, authenticatorId: own.id, actor: 'system' });
    notices.push({ what: 'authenticator-disabled', kind, at: now });
    return { ...own, failures, disabledAt: now };
  });
  return { record: { ...record, authenticators }, happened, notices };
}

/** Wrong answers over all factors that can be guessed and all lanes, since each lane's last success. */
function failuresOfPerson(record: MfaRecord): number {
  return Object.entries(record.attempts)
    .filter(([scope]) => scope.startsWith('/'))
    .reduce((sum, [, { failures }]) => sum + failures, 0);
}

/** Whether the lane of all unknown browsers is closed to this person until somebody opens it. */
export function isLaneClosed(record: MfaRecord): boolean {
  return Object.values(record.attempts).some(({ closedAt }) => closedAt !== undefined);
}

/** A right answer clears this factor's budget in this lane, and the lane; other lanes keep theirs. */
export function clearFailures(record: MfaRecord, kind: string, lane: Lane): MfaRecord {
  const gone = [verifyScope(kind, lane), enrollScope(kind, lane), laneScope(lane)];
  return {
    ...record,
    attempts: Object.fromEntries(Object.entries(record.attempts).filter(([scope]) => !gone.includes(scope))),
  };
}

/** How far back wrong answers are noted one by one, for whoever assesses risk. */
const recentSeconds = 3600;
const mostRecent = 20;

/** The record with the time of a wrong answer noted in its lane. */
export function withRecentFailure(record: MfaRecord, lane: Lane, now: number): MfaRecord {
  const scope = laneScope(lane);
  const attempts = record.attempts[scope];
  if (!attempts) return record;
  const recent = [...recentFailures(record, lane, now), now].slice(-mostRecent);
  return { ...record, attempts: { ...record.attempts, [scope]: { ...attempts, recent } } };
}

/** When wrong answers came in this lane lately, oldest first. */
export function recentFailures({ attempts }: MfaRecord, lane: Lane, now: number): number[] {
  return attempts[laneScope(lane)]?.recent?.filter((at) => now - at <= recentSeconds) ?? [];
}

/**
 * Those that a browser is charged with: a known one with its own; an unknown one with all, since it may be a known one whose
 * cookie was cleared.
 */
export function chargedFailures(record: MfaRecord, lane: Lane, now: number): number[] {
  if (lane !== 'unknown') return recentFailures(record, lane, now);
  const lanes: Lane[] = ['unknown', ...record.known.map(({ id }): Lane => `known:${id}`)];
  return lanes.flatMap((each) => recentFailures(record, each, now)).sort((a, b) => a - b);
}

/** All locks and closed lanes opened, for the owner, an admin or a new password. Disabled authenticators stay so. */
export function clearAllFailures(record: MfaRecord): MfaRecord {
  return { ...record, attempts: {} };
}

/** What a person who is not protected yet confirms a first enrolment under, as if it were a kind. */
export const confirmation = 'confirm';

/**
 * What is left to count after a new password: whoever knew the old one no longer keeps the owner waiting, nor the lane
 * closed, nor a first enrolment unconfirmed. `opened`: whether anything stood in the owner's way.
 */
export function afterNewPassword(
  { attempts }: MfaRecord,
  now: number,
): { attempts: MfaRecord['attempts']; opened: boolean } {
  const gone = (scope: string) => scope === laneScope('unknown') || scope.startsWith(`enroll:${confirmation}/`);
  const kept = Object.entries(attempts)
    .filter(([scope]) => !gone(scope))
    .map(([scope, { lockedUntil: _ended, ...count }]): [string, Attempts] => [scope, count]);
  const opened = Object.values(attempts).some(
    ({ closedAt, lockedUntil = 0 }) => closedAt !== undefined || lockedUntil > now,
  );
  return { attempts: Object.fromEntries(kept), opened };
}

/** Attempts of browsers that are no longer known are dropped, so that the record stays small. */
export function dropStrayLanes(record: MfaRecord): MfaRecord {
  if (Object.keys(record.attempts).length === 0) return record;
  const known = new Set(record.known.map(({ id }) => `known:${id}`));
  const kept = Object.entries(record.attempts).filter(([scope]) => {
    const lane = scope.slice(scope.indexOf('/') + 1);
    return lane === 'unknown' || known.has(lane);
  });
  return { ...record, attempts: Object.fromEntries(kept) };
}
