// What a person is told of a change to their account, or reminded of, as data. The rules say that it happened; words and delivery are
// elsewhere.

/** A change that the owner of the account is told of, or what they are reminded of or told without a way to undo it. */
export type Notice = {
  what:
    | 'factor-added'
    | 'factor-removed'
    | 'turned-off'
    | 'backup-code-used'
    | 'backup-codes-renewed'
    | 'backup-codes-expiring'
    | 'address-changed'
    | 'address-kept'
    | 'admin-suspended'
    | 'reset'
    | 'failures'
    | 'lane-closed'
    | 'authenticator-disabled'
    | 'browser-trusted'
    | 'browser-trust-ended'
    | 'sign-in-step-off'
    | 'authenticator-flagged'
    | 'recovery'
    | 'recovery-approved'
    | 'recovery-denied'
    | 'suspended'
    | 'resumed'
    | 'unlocked'
    | 'browser-trust-revoked'
    | 'sign-ins-ended'
    | 'upstream-forgotten'
    | 'enrollment-granted'
    | 'pass-issued'
    | 'pass-used'
    | 'released'
    | 'exempted'
    | 'exemption-ended'
    | 'backup-codes-owed'
    | 'unusual-sign-in';
  kind?: string;
  /** What a change added, so that an objection can take it away again. */
  authenticatorId?: string;
  name?: string;
  /** Whole Unix seconds. */
  at: number;
  /** Backup codes left, or failures counted. */
  left?: number;
  /** How often it happened within the hour, where this is the last notice of it until the hour is over. */
  count?: number;
  /** How often it happened before without a notice of its own. */
  untold?: number;
  /** When what is spoken of ends; whole Unix seconds. */
  expiresAt?: number;
  /** Why a sign-in looks unusual: `country.unseen`. */
  signals?: string[];
  ip?: string;
  userAgent?: string;
  /** For the one acting link of a notice: "This wasn't me". */
  objectToken?: string;
};

const withoutObjection: readonly Notice['what'][] = [
  'backup-codes-expiring',
  'suspended',
  'resumed',
  'address-kept',
  'admin-suspended',
  'released',
  'upstream-forgotten',
  'exempted',
  'exemption-ended',
  'backup-codes-owed',
  'unlocked',
  'browser-trust-revoked',
  'sign-ins-ended',
  'enrollment-granted',
  'unusual-sign-in',
  'recovery-approved',
  'recovery-denied',
];

/** Whether it only reminds or tells: an objection could take nothing back. */
export function isReminder({ what }: Notice): boolean {
  return withoutObjection.includes(what);
}
