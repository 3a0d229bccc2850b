// What an answer writes into the record: a right one its use, the browser it came from, a cleared budget; a wrong one a
// failure. Pure: decides on one state of the record, and may run again on the next.
import {
  clearFailures,
  countFailure,
  remainingAttempts,
  verifyScope,
  withRecentFailure,
  type Lane,
} from '../rules/attempts.js';
import type { ErrorDetails } from '../words/errors.js';
import type { Happened } from '../words/events.js';
import { expiryNews } from '../rules/expiry.js';
import type { Factor, Verdict } from '../kernel/factor.js';
import type { Asker, Kernel } from '../kernel/kernel.js';
import type { Recovery } from '../kernel/recovering.js';
import { admitBrowser, type NewKnownBrowser } from '../rules/known-browsers.js';
import { accepted, refused, type Accepted, type Outcome, type Reason } from '../words/outcome.js';
import type { Notice } from '../words/notices.js';
import type { Json } from '../words/json.js';
import type { MfaRecord } from '../kernel/record.js';
import type { Proof } from '../kernel/sign-in.js';
import type { Decision } from '../kernel/transact.js';
import { isOlder, mayTrust, withHold, withoutPasses } from '../rules/hold.js';
import { withReleaseUsed, withoutLevel } from '../rules/kept-level.js';
import { isOlderThan } from '../rules/risk-in-force.js';
import { withRecoveryEnded } from '../rules/recovery.js';
import { admitTrusted, type NewTrustedBrowser, type Trust } from './trust.js';

/**
 * What the session may now say. `knownBrowser`: the cookie for a browser that passed a factor for the first time;
 * `trustedBrowser`: for one that is to stand in for the sign-in step from now on.
 */
export type Proved = {
  proof: Proof;
  epoch: string;
  record: MfaRecord;
  knownBrowser?: string;
  trustedBrowser?: NewTrustedBrowser;
  staged?: undefined;
};

/** A code was right and proves nothing yet. `recoveryCookie`: for the browser that goes on once somebody approved. */
export type Spent = {
  staged: Recovery;
  epoch: string;
  record: MfaRecord;
  recoveryCookie?: string;
  proof?: undefined;
  knownBrowser?: undefined;
  trustedBrowser?: undefined;
};

/** What became of a right answer. */
export type Verified = Proved | Spent;

/** Drawn once and only when needed; the same for every rival, so that the decision stays pure. */
export type Newcomers = {
  knownBrowser: () => NewKnownBrowser;
  trust: Trust | undefined;
  /** What else this sign-in has proved. */
  proofs?: readonly Proof[];
  /** The kinds of the strongest class, and since when this sign-in looks as risky as it does. */
  asked?: { strongest: readonly string[]; since: number | undefined } | undefined;
  /** When the first factor was given, Unix seconds. */
  startedAt?: number;
  /** Whose it is, in which sign-in; absent where nobody was signed in before. */
  asker?: Pick<Asker, 'user' | 'signIn'>;
};

/** A right answer: what must be written for this use to count, and what may be told once it is. */
export function acceptedBy(
  kernel: Kernel,
  factor: Factor,
  record: MfaRecord,
  lane: Lane,
  verdict: Extract<Verdict, { is: 'right' }>,
  { knownBrowser, trust, proofs = [], startedAt, asked, asker }: Newcomers,
): Required<Decision<Accepted<Proved>>> {
  const { kind } = factor;
  const now = kernel.now();
  const { authenticatorId } = verdict;
  const used = withUse(record, authenticatorId, verdict.data, now);
  // Whoever has a factor of their own needs no pass, and perhaps did not ask for the one that is out.
  const own =
    factor.rank === 'primary' ? { ...used, authenticators: withoutPasses(kernel, used.authenticators) } : used;
  const cleared = factor.guessable ? clearFailures(own, kind, lane) : own;
  const newcomer = lane === 'unknown' ? knownBrowser() : undefined;
  const met = newcomer ? admitBrowser(cleared, newcomer, now) : cleared;
  const trusted = trust && mayTrust(kernel, record, kind, authenticatorId) ? trust : undefined;
  const admitted = trusted ? admitTrusted(met, trusted.browser, now) : met;
  // Nor does what was made in a recovery that is held: it may be the thief's who is asked for more.
  const isStrongest =
    asked?.strongest.includes(kind) &&
    isOlderThan(record, asked.since ?? now)({ authenticatorId }) &&
    isOlder(kernel, record, { kind, authenticatorId });
  const calm = withReleaseUsed(kernel, isStrongest ? withoutLevel(admitted, lane) : admitted);
  const held = withHold(kernel, calm, factor, authenticatorId, proofs);
  const recovered = withRecoveryEnded(kernel, held, factor, authenticatorId, asker);
  const save = recovered.record;
  const proof: Proof = { kind, authenticatorId, at: now, userVerified: verdict.userVerified === true };
  const expiry = expiryNews(kernel, record);
  return {
    save,
    result: accepted({
      proof,
      epoch: record.epoch,
      record: save,
      ...(newcomer ? { knownBrowser: newcomer.cookie } : {}),
      ...(trusted ? { trustedBrowser: trusted.cookie } : {}),
    }),
    happened: [
      {
        name: 'verification-accepted',
        kind,
        authenticatorId,
        outcome: 'accepted',
        ...(startedAt === undefined || proofs.length > 0 ? {} : { detail: { seconds: Math.max(0, now - startedAt) } }),
      },
      ...(verdict.happened ?? []).map((happened) => ({ kind, authenticatorId, ...happened })),
      ...recovered.happened,
      ...expiry.happened,
      ...(trusted ? [{ name: 'browser-trusted' as const, kind, detail: { browser: trusted.browser.id } }] : []),
    ],
    notices: [
      ...(factor.rank === 'backup' ? [codeUsedNotice(authenticatorId, now, verdict.happened)] : []),
      ...(factor.rank === 'pass' ? [{ what: 'pass-used' as const, authenticatorId, at: now }] : []),
      ...(trusted ? [{ what: 'browser-trusted' as const, at: now }] : []),
      ...expiry.notices,
    ],
  };
}

/** Somebody used a backup code; how many are left. */
export function codeUsedNotice(authenticatorId: string, at: number, happened: readonly Happened[] = []): Notice {
  const left = happened.find(({ name }) => name === 'backup-code-used')?.detail?.['left'];
  return { what: 'backup-code-used', authenticatorId, at, ...(typeof left === 'number' ? { left } : {}) };
}

/** A wrong answer: counted in the budget of its lane, where the factor can be guessed. */
export function refusedBy(
  kernel: Kernel,
  factor: Factor,
  record: MfaRecord,
  lane: Lane,
  verdict: Exclude<Verdict, { is: 'right' }>,
): Decision<Outcome<Verified>> {
  // Stale twice: the salt changed again while this answer was weighed. It was compared with nothing.
  if (verdict.is === 'stale') {
    return {
      result: refused('store.conflict', { retryAfterSeconds: 1 }),
      happened: [verificationRefused(factor.kind, 'store.conflict')],
    };
  }
  const { reason, flag } = verdict;
  const happened: Happened[] = [
    verificationRefused(factor.kind, reason, flag?.authenticatorId, verdict.details?.hint),
    ...(flag?.happened ?? []),
  ];
  const notices = flag?.happened?.some(({ name }) => name === 'authenticator-flagged')
    ? [flaggedNotice(kernel, factor, record, flag.authenticatorId)]
    : [];
  const flagged = flag ? withData(record, flag.authenticatorId, flag.data) : record;
  if (!factor.guessable || verdict.attempt === false) {
    return { result: refused(reason, verdict.details), happened, notices, ...(flag ? { save: flagged } : {}) };
  }
  const { lockout } = kernel.settings;
  const failed = countFailure(flagged, factor.kind, lane, lockout, kernel.now());
  const budget = remainingAttempts(failed.record, verifyScope(factor.kind, lane), lockout, kernel.now());
  const ofCode = verdict.details?.remainingAttempts ?? budget;
  const details: ErrorDetails = {
    ...verdict.details,
    remainingAttempts: Math.min(budget, ofCode),
    ...(failed.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: failed.retryAfterSeconds }),
  };
  return {
    save: kernel.risk ? withRecentFailure(failed.record, lane, kernel.now()) : failed.record,
    result: refused(reason, details),
    happened: [...happened, ...failed.happened],
    notices: [...notices, ...failed.notices],
  };
}

/** It names no authenticator: an objection must not take the owner's last passkey for a counter that did not grow. */
function flaggedNotice(kernel: Kernel, { kind }: Factor, record: MfaRecord, authenticatorId: string): Notice {
  const name = record.authenticators.find(({ id }) => id === authenticatorId)?.name;
  return { what: 'authenticator-flagged', kind, at: kernel.now(), ...(name === undefined ? {} : { name }) };
}

/** The record with this use of one authenticator. */
export function withUse(record: MfaRecord, authenticatorId: string, data: Json, now: number): MfaRecord {
  const authenticators = record.authenticators.map((own) => {
    if (own.id !== authenticatorId) return own;
    const { failures: _cleared, ...used } = own;
    return { ...used, lastUsedAt: now, data };
  });
  return { ...record, authenticators };
}

/** The record with other data of one authenticator, and no sign of a use. */
export function withData(record: MfaRecord, authenticatorId: string, data: Json): MfaRecord {
  const authenticators = record.authenticators.map((own) => (own.id === authenticatorId ? { ...own, data } : own));
  return { ...record, authenticators };
}

/** @param hint what was wrong in particular, where the factor tells */
export function verificationRefused(kind: string, reason: Reason, authenticatorId?: string, hint?: string): Happened {
  return {
    name: 'verification-refused',
    kind,
    outcome: 'refused',
    reason,
    ...(authenticatorId === undefined ? {} : { authenticatorId }),
    ...(hint === undefined ? {} : { detail: { hint } }),
  };
}
