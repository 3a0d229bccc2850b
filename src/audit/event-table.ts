// The one table from an event to what every format says of it. A new event does not compile without its row here, and
// does not pass without it where somebody casts.
import type { EventName } from '../core/words/events.js';

/** What is said of an event, whatever its outcome. */
export type EventRow = {
  /** 0 to 10, as CEF counts: 0–3 low, 4–6 medium, 7–8 high, 9–10 very high. */
  severity: number;
};

export const eventTable: { readonly [name in EventName]: EventRow } = {
  'verification-required': { severity: 1 },
  'challenge-issued': { severity: 1 },
  'verification-accepted': { severity: 2 },
  'verification-refused': { severity: 5 },
  locked: { severity: 6 },
  unlocked: { severity: 5 },
  'lane-closed': { severity: 7 },
  'authenticator-disabled': { severity: 7 },
  'authenticator-flagged': { severity: 8 },
  'enrollment-begun': { severity: 1 },
  'authenticator-enrolled': { severity: 4 },
  'enrollment-refused': { severity: 4 },
  'authenticator-renamed': { severity: 1 },
  'authenticator-removed': { severity: 5 },
  'address-changed': { severity: 5 },
  'code-sent': { severity: 1 },
  'code-not-sent': { severity: 4 },
  'send-limited': { severity: 4 },
  'backup-codes-generated': { severity: 3 },
  'backup-codes-shown': { severity: 3 },
  'backup-codes-downloaded': { severity: 3 },
  'backup-codes-confirmed': { severity: 4 },
  'backup-code-used': { severity: 6 },
  'backup-codes-low': { severity: 4 },
  'backup-codes-expiring': { severity: 3 },
  'backup-codes-expired': { severity: 4 },
  'backup-codes-removed': { severity: 5 },
  'step-up-required': { severity: 1 },
  'browser-trusted': { severity: 3 },
  'browser-trust-used': { severity: 1 },
  'browser-trust-revoked': { severity: 4 },
  'browser-trust-reused': { severity: 8 },
  'prompt-skipped': { severity: 1 },
  'recovery-required': { severity: 5 },
  'recovery-completed': { severity: 6 },
  reset: { severity: 7 },
  'enrollment-granted': { severity: 6 },
  'token-request-passed': { severity: 2 },
  'notice-sent': { severity: 1 },
  'notice-failed': { severity: 4 },
  'policy-changed': { severity: 7 },
  'session-refused': { severity: 6 },
  'sign-in-step-changed': { severity: 6 },
  'prompt-reset': { severity: 1 },
  'notice-objected': { severity: 8 },
  'user-deprovisioned': { severity: 5 },
  'request-refused': { severity: 6 },
  'audit-read': { severity: 3 },
  'audit-verified': { severity: 3 },
  'audit-erased': { severity: 6 },
  'audit-trimmed': { severity: 3 },
  'audit-lost': { severity: 9 },
};
