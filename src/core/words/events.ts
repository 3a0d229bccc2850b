// What happened, in the past tense: the closed list of events and the fields they share. No code, secret, token or
// full address is in any of them. A listener that throws or hangs changes nothing.
import type { Reason } from './outcome.js';

export const eventNames = [
  'verification-required',
  'challenge-issued',
  'verification-accepted',
  'verification-refused',
  'locked',
  'unlocked',
  'lane-closed',
  'authenticator-disabled',
  'authenticator-flagged',
  'enrollment-required',
  'enrollment-begun',
  'authenticator-enrolled',
  'enrollment-refused',
  'authenticator-renamed',
  'authenticator-removed',
  'address-changed',
  'code-sent',
  'code-not-sent',
  'send-limited',
  'backup-codes-generated',
  'backup-codes-shown',
  'backup-codes-downloaded',
  'backup-codes-confirmed',
  'backup-code-used',
  'backup-codes-low',
  'backup-codes-expiring',
  'backup-codes-expired',
  'backup-codes-removed',
  'step-up-required',
  'browser-trusted',
  'browser-trust-used',
  'browser-trust-revoked',
  'browser-trust-reused',
  'prompt-skipped',
  'recovery-required',
  'recovery-completed',
  'recovery-held',
  'recovery-confirmed',
  'recovery-approved',
  'recovery-denied',
  'reset',
  'enrollment-granted',
  'token-request-passed',
  'notice-sent',
  'notice-failed',
  'policy-changed',
  'session-refused',
  'sign-ins-ended',
  'upstream-accepted',
  'upstream-insufficient',
  'upstream-forgotten',
  'sign-in-step-changed',
  'preferred-changed',
  'turned-off',
  'prompt-reset',
  'notice-objected',
  'user-deprovisioned',
  'suspended',
  'resumed',
  'readmitted',
  'scim-token-refused',
  'deactivations-stopped',
  'case-opened',
  'case-approved',
  'case-denied',
  'case-lapsed',
  'admin-refused',
  'admin-viewed',
  'pass-issued',
  'pass-used',
  'released',
  'exempted',
  'exemption-ended',
  'backup-codes-owed',
  'request-refused',
  'risk-assessed',
  'audit-read',
  'export-made',
  'report-made',
  'records-imported',
  'audit-verified',
  'audit-erased',
  'audit-trimmed',
  'audit-lost',
  'record-altered',
] as const;

/**
 * What can happen, in the past tense.
 *
 * @useDeclaredType
 */
export type EventName = (typeof eventNames)[number];

/** Hints about the request, handed in by `middleware/`. An address can be forged; it decides nothing. */
export type RequestHints = {
  ip?: string;
  userAgent?: string;
  requestId?: string;
  method?: string;
  /** Without the query, which may carry a token. */
  path?: string;
  /** A keyed digest, the same for all that happens in one sign-in or recovery. */
  flow?: string;
  /** A keyed digest of the session. */
  session?: string;
};

/** What a flow says of a thing that happened; `at` and the common fields are added when it is told. */
export type Happened = {
  name: EventName;
  kind?: string;
  authenticatorId?: string;
  outcome?: 'accepted' | 'refused';
  reason?: Reason;
  actor?: 'user' | 'admin' | 'system' | 'cli';
  by?: string;
  /** Who acted while the person of `userId` was shown to them. */
  impersonator?: string;
  /** Plain facts of this event: codes left, failures counted. Never a secret. */
  detail?: { [key: string]: string | number | boolean };
};

/** What `onEvent` is told. No code, secret, token or full address is in it. */
export type MfaEvent = Happened &
  RequestHints & {
    /** ISO 8601, UTC. */
    at: string;
    /** Absent where nobody is known: an unknown passkey, something that the audit log did of itself. */
    userId?: string;
    tenant?: string;
    actor: 'user' | 'admin' | 'system' | 'cli';
  };
