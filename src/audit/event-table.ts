// The one table from an event to what every format says of it: how severe, its place in ECS and OCSF, its name in CEF. A
// new event does not compile without its row here, and does not pass without it where somebody casts.
import type { EventName } from '../core/words/events.js';

/** The place of an event in the Elastic Common Schema: `event.category` and `event.type`, allowed values alone. */
type Ecs = { category: string; type: readonly string[] };

/** Activities of OCSF, by caption: of Authentication (3002) and of Account Change (3001). */
type Ocsf =
  | { class: 'authentication'; activity: 'Logon' | 'Preauth' }
  | {
      class: 'account-change';
      activity:
        'Enable' | 'Disable' | 'Delete' | 'Lock' | 'Unlock' | 'MFA Factor Enable' | 'MFA Factor Disable' | 'Other';
    };

/** A row of the table. */
export type EventRow = {
  /** 0 to 10, as CEF counts: 0–3 low, 4–6 medium, 7–8 high, 9–10 very high. */
  severity: number;
  /** A sentence in English, for people who watch: the name in CEF, the message elsewhere. */
  title: string;
  ecs: Ecs;
  ocsf: Ocsf;
};

type Place = Pick<EventRow, 'ecs' | 'ocsf'>;

const inAuthentication = (type: string, activity: 'Logon' | 'Preauth'): Place => ({
  ecs: { category: 'authentication', type: [type] },
  ocsf: { class: 'authentication', activity },
});
const inAccount = (
  type: readonly string[],
  activity: (Ocsf & { class: 'account-change' })['activity'] = 'Other',
): Place => ({
  ecs: { category: 'iam', type },
  ocsf: { class: 'account-change', activity },
});
const inConfiguration = (type: string): Place => ({
  ecs: { category: 'configuration', type: [type] },
  ocsf: { class: 'account-change', activity: 'Other' },
});

/** Somebody answered, and is in or not. */
const answer = inAuthentication('start', 'Logon');
/** Something between the first and the second factor. */
const between = inAuthentication('info', 'Preauth');
const factorAdded = inAccount(['user', 'creation'], 'MFA Factor Enable');
const factorTaken = inAccount(['user', 'deletion'], 'MFA Factor Disable');
const accountChanged = inAccount(['user', 'change']);
const accountTold = inAccount(['user', 'info']);
const adminChanged = inAccount(['admin', 'change']);
const adminLooked = inAccount(['admin', 'info']);
const sessionEnded: Place = { ecs: { category: 'session', type: ['end'] }, ocsf: between.ocsf };
const requestStopped: Place = { ecs: { category: 'web', type: ['access'] }, ocsf: between.ocsf };

const row = (severity: number, title: string, place: Place): EventRow => ({ severity, title, ...place });

const rows = {
  'verification-required': row(1, 'Second factor demanded', between),
  'challenge-issued': row(1, 'Challenge issued', between),
  'verification-accepted': row(2, 'Second factor accepted', answer),
  'verification-refused': row(5, 'Second factor refused', answer),
  locked: row(6, 'Answers locked for a time', inAccount(['user', 'change'], 'Lock')),
  unlocked: row(5, 'Locks opened', inAccount(['user', 'change'], 'Unlock')),
  'lane-closed': row(7, 'Unknown browsers closed out', inAccount(['user', 'change'], 'Lock')),
  'authenticator-disabled': row(
    7,
    'Factor disabled by wrong answers',
    inAccount(['user', 'change'], 'MFA Factor Disable'),
  ),
  'authenticator-flagged': row(8, 'Passkey perhaps copied', accountTold),
  'enrollment-begun': row(1, 'Set-up begun', accountTold),
  'authenticator-enrolled': row(4, 'Factor added', factorAdded),
  'enrollment-refused': row(4, 'Set-up refused', accountChanged),
  'authenticator-renamed': row(1, 'Factor renamed', accountChanged),
  'authenticator-removed': row(5, 'Factor removed', factorTaken),
  'address-changed': row(5, 'Address of a factor changed', accountChanged),
  'code-sent': row(1, 'Code sent', between),
  'code-not-sent': row(4, 'Code not sent', between),
  'send-limited': row(4, 'Sending limited', between),
  'backup-codes-generated': row(3, 'Backup codes generated', accountChanged),
  'backup-codes-shown': row(3, 'Backup codes shown', accountTold),
  'backup-codes-downloaded': row(3, 'Backup codes downloaded', accountTold),
  'backup-codes-confirmed': row(4, 'Backup codes in force', factorAdded),
  'backup-code-used': row(6, 'Backup code used', between),
  'backup-codes-low': row(4, 'Backup codes low', accountTold),
  'backup-codes-expiring': row(3, 'Backup codes expire soon', accountTold),
  'backup-codes-expired': row(4, 'Backup codes expired', inAccount(['user', 'change'], 'MFA Factor Disable')),
  'backup-codes-removed': row(5, 'Backup codes removed', factorTaken),
  'step-up-required': row(1, 'Fresh proof demanded', between),
  'browser-trusted': row(3, 'Browser trusted', accountChanged),
  'browser-trust-used': row(1, 'Sign-in from a trusted browser', answer),
  'browser-trust-revoked': row(4, 'Trust of a browser ended', accountChanged),
  'browser-trust-reused': row(8, 'Old secret of a trusted browser seen again', accountTold),
  'prompt-skipped': row(1, 'Suggestion skipped', accountTold),
  'recovery-required': row(5, 'Recovery required', between),
  'recovery-completed': row(6, 'Recovery completed', accountChanged),
  reset: row(7, 'All factors taken away', inAccount(['admin', 'deletion'], 'MFA Factor Disable')),
  'enrollment-granted': row(6, 'First set-up granted', adminChanged),
  'token-request-passed': row(2, 'Machine passed by its token', between),
  'notice-sent': row(1, 'Notice sent', accountTold),
  'notice-failed': row(4, 'Notice not delivered', accountTold),
  'policy-changed': row(7, 'Policy changed', inConfiguration('change')),
  'session-refused': row(6, 'Session not believed', sessionEnded),
  'sign-in-step-changed': row(6, 'Question at sign-in switched', accountChanged),
  'preferred-changed': row(1, 'Preferred method chosen', accountChanged),
  'prompt-reset': row(1, 'Skipped suggestions forgotten', accountChanged),
  'notice-objected': row(8, 'Person objected to a change', accountTold),
  'user-deprovisioned': row(5, 'Person removed', inAccount(['user', 'deletion'], 'Delete')),

  'enrollment-required': row(2, 'Set-up demanded', between),
  'turned-off': row(7, 'Two-step verification turned off', factorTaken),
  'record-altered': row(10, 'Record altered outside of the application', inConfiguration('change')),
  readmitted: row(5, 'Person let in again', adminChanged),
  'deactivations-stopped': row(8, 'Deactivations stopped', inConfiguration('info')),
  'pass-issued': row(7, 'Support pass issued', inAccount(['admin', 'creation'], 'MFA Factor Enable')),
  'pass-used': row(6, 'Support pass used', answer),
  exempted: row(8, 'Person exempted', adminChanged),
  'exemption-ended': row(4, 'Exemption ended', adminChanged),
  suspended: row(6, 'Person suspended', inAccount(['admin', 'change'], 'Disable')),
  resumed: row(5, 'Person resumed', inAccount(['admin', 'change'], 'Enable')),
  released: row(6, 'Hold or block lifted', adminChanged),
  'sign-ins-ended': row(5, 'Sign-ins ended', inAccount(['user', 'change'])),
  'backup-codes-owed': row(3, 'New backup codes demanded', accountChanged),
  'case-opened': row(5, 'Approval asked for', adminChanged),
  'case-approved': row(7, 'Approval given', adminChanged),
  'case-denied': row(6, 'Approval denied', adminChanged),
  'case-lapsed': row(3, 'Approval lapsed', adminChanged),
  'admin-viewed': row(2, 'Administrator looked at a person', adminLooked),
  'admin-refused': row(6, 'Administrator refused', adminChanged),
  'request-refused': row(6, 'Request refused as forged or unreadable', requestStopped),
  'risk-assessed': row(2, 'Risk assessed', between),
  'recovery-held': row(7, 'Recovery put on hold', between),
  'recovery-confirmed': row(6, 'Recovery confirmed', between),
  'recovery-approved': row(7, 'Recovery approved', adminChanged),
  'recovery-denied': row(7, 'Recovery denied', adminChanged),
  'audit-read': row(3, 'Audit log read', inConfiguration('access')),
  'audit-lost': row(9, 'Audit entries lost', inConfiguration('deletion')),
  'audit-erased': row(6, 'Personal data erased from the audit log', inConfiguration('deletion')),
  'audit-trimmed': row(3, 'Audit log trimmed', inConfiguration('deletion')),
  'audit-verified': row(3, 'Audit log verified', inConfiguration('info')),
  'report-made': row(2, 'Report made', inConfiguration('access')),
  'records-imported': row(6, 'Records imported', inConfiguration('change')),
  'export-made': row(6, 'Export made', inConfiguration('access')),
  'upstream-accepted': row(2, 'Second factor of an identity provider accepted', answer),
  'upstream-insufficient': row(4, 'Second factor of an identity provider insufficient', answer),
  'upstream-forgotten': row(6, 'Account at an identity provider freed', adminChanged),
  'scim-token-refused': row(7, 'SCIM token refused', answer),
} as const satisfies { [name in EventName]: EventRow } & { [name: string]: EventRow };

/** Every event's row; those too that this version knows only from newer processes, whose entries it hands on. */
export const eventTable: { readonly [name in EventName]: EventRow } & { readonly [name: string]: EventRow } = rows;

/** A line of the ledger, as a format tells it. */
export const checkpointRow: EventRow = row(1, 'Audit log checkpoint', inConfiguration('info'));

/** What no row is here for goes all the same. */
const unknown: EventRow = row(3, 'Something that this version does not know', accountTold);

/** The row of an entry's event. */
export function rowOf(name: string): EventRow {
  return (Object.hasOwn(eventTable, name) ? eventTable[name] : undefined) ?? unknown;
}
