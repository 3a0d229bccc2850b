// Every route that programs use, with what it takes and what it answers: `METHOD /path` below the mount. From this one table the
// OpenAPI document is made and the browser client is typed; a test compares it with the routers. Types alone.
import type { Json } from '../core/words/json.js';
import type {
  ActivityAnswer,
  BackupCodesAnswer,
  BegunAnswer,
  ConfirmationAnswer,
  GoOnAnswer,
  MessagesAnswer,
  ObjectedAnswer,
  ObjectionAnswer,
  PasskeyQuestionAnswer,
  RecoveryAnswer,
  SentAnswer,
  StateAnswer,
  VerifiedAnswer,
  WaitAnswer,
} from './answers.js';
import type {
  AnswerBody,
  ConfirmBody,
  ConfirmRecoveryBody,
  PreferencesBody,
  SavedBody,
  WebauthnResponse,
} from './bodies.js';
import type { Attempt, Elsewhere, Owed, Sending } from './refusals.js';

/** By route what it takes, what it answers and which codes refuse it. */
export interface Operations {
  /** Where the person stands: state, what is owed, methods, codes left, trusted browsers. */
  'GET /': { id: 'state'; answer: StateAnswer };
  /** Names a method. */
  'POST /authenticators/:id/rename': {
    id: 'authenticators.rename';
    body: { name: string };
    answer: GoOnAnswer;
    codes: Owed | Elsewhere;
  };
  /** Removes a method. Where the last primary one leaves working backup codes, `keepBackupCodes` must be said. */
  'POST /authenticators/:id/remove': {
    id: 'authenticators.remove';
    body: { keepBackupCodes?: 'yes' | 'no' };
    answer: GoOnAnswer;
    codes: Owed | Elsewhere | 'session.mfa.mfa_policy_not_user_controlled' | 'session.mfa.backup_code_can_not_be_alone';
  };
  /** After a removal; programs read the state. */
  'GET /removed': { id: 'removed'; answer: StateAnswer; codes: Owed };
  /** What turning it off would take; programs read the state. */
  'GET /turn-off': { id: 'turnOffState'; answer: StateAnswer; codes: Owed };
  /** Turns two-step verification off, where the policy leaves it to the person. */
  'POST /turn-off': {
    id: 'turnOff';
    body: { confirmed: 'yes' | true };
    answer: GoOnAnswer;
    codes: Owed | Elsewhere | 'session.mfa.mfa_policy_not_user_controlled';
  };
  /** Trusts a browser no more. */
  'POST /trusted-browsers/:id/revoke': { id: 'trustedBrowsers.revoke'; answer: GoOnAnswer; codes: Owed | Elsewhere };
  /** Trusts no browser any more. */
  'POST /trusted-browsers/revoke-all': { id: 'trustedBrowsers.revokeAll'; answer: GoOnAnswer; codes: Owed | Elsewhere };
  /** What the person may choose. */
  'POST /preferences': {
    id: 'preferences';
    body: PreferencesBody;
    answer: GoOnAnswer;
    codes: Owed | Elsewhere | 'session.mfa.mfa_policy_not_user_controlled' | 'session.mfa.mfa_factor_not_enabled';
  };
  /** Ends every other sign-in of this person, and trusted browsers. */
  'POST /sign-ins/end-others': { id: 'endOthers'; answer: GoOnAnswer; codes: Owed | Elsewhere };
  /** What happened in the account, 25 at a time, newest first. There only with an audit log. */
  'GET /activity': {
    id: 'activity';
    query: { before?: string };
    answer: ActivityAnswer;
    codes: Owed | 'request.invalid' | 'session.verification_session_not_found';
  };
  /** Help when nothing works: refuses with `session.mfa.recovery_required` whoever is protected. */
  'GET /recover': { id: 'recover'; answer: StateAnswer; codes: Owed };
  /** What a link "This wasn't me" is about. Needs no sign-in. */
  'GET /object/:token': {
    id: 'objection';
    open: true;
    answer: ObjectionAnswer;
    codes: 'session.verification_session_not_found';
  };
  /** Objects: takes away what the change added. Needs no sign-in, and no token but the one in the path. */
  'POST /object/:token': {
    id: 'object';
    open: true;
    answer: ObjectedAnswer;
    codes: 'session.verification_session_not_found';
  };
  /** Drops the proofs, then redirects to the app's own sign-out: 307, or 303 where that is a GET. */
  'POST /sign-out': { id: 'signOut'; redirects: '303' | '307' };
  /** The sentences in force, for a front end of your own. Needs no sign-in; cached by its `ETag`. */
  'GET /messages/:locale': { id: 'messages'; open: true; answer: MessagesAnswer };
  /** This document, where `openApi` is on. Needs no sign-in. */
  'GET /openapi.json': { id: 'openapi'; open: true; answer: { [member: string]: Json } };

  /** What is owed; programs read the state. */
  'GET /verify': { id: 'verifyState'; answer: StateAnswer };
  /** The ways to verify; programs read the state. */
  'GET /verify/choose': { id: 'choose'; answer: StateAnswer };
  /** One way to verify; programs read the state. */
  'GET /verify/:factor': { id: 'challenge'; answer: StateAnswer };
  /** Sends a code, or makes WebAuthn request options. */
  'POST /verify/:factor/begin': {
    id: 'begin';
    answer: BegunAnswer;
    codes: Attempt | Sending | Owed;
  };
  /** The answer. Right: the sign-in is elevated, under a new session id and a new CSRF token. */
  'POST /verify/:factor': { id: 'verify'; body: AnswerBody; answer: VerifiedAnswer; codes: Attempt | Owed };
  /** By what a backup code is confirmed that was used in a risky sign-in; whoever owes something else reads the state. */
  'GET /confirm': { id: 'recovery'; answer: RecoveryAnswer | StateAnswer; codes: 'session.mfa.pending_info_not_found' };
  /** Sends a code for it, or makes WebAuthn request options. */
  'POST /confirm/begin': {
    id: 'beginRecovery';
    body: { factor?: string };
    answer: BegunAnswer;
    codes: Attempt | Sending | Owed;
  };
  /** One more proof: the backup code counts, and the sign-in is elevated. */
  'POST /confirm': {
    id: 'confirmRecovery';
    body: ConfirmRecoveryBody;
    answer: VerifiedAnswer;
    codes: Attempt | Owed | 'session.mfa.password_mismatch';
  };
  /** Since when an administrator is waited for; whoever owes something else reads the state. */
  'GET /wait': { id: 'waiting'; answer: WaitAnswer | StateAnswer };
  /** Goes on once an administrator has approved, in the browser in which the code was used. */
  'POST /wait': { id: 'goOnApproved'; answer: VerifiedAnswer; codes: Attempt | Owed };
  /** How a locked factor is regained; programs read the state. */
  'GET /verify/:factor/unlock': { id: 'unlockState'; answer: StateAnswer };
  /** One of the codes that regain a locked factor, where that is offered. */
  'POST /verify/:factor/unlock': { id: 'unlock'; body: { code: string }; answer: GoOnAnswer; codes: Attempt | Owed };
  /** For forms of people that a step-up stopped; programs read the state. */
  'GET /repeat': { id: 'repeatState'; answer: StateAnswer };
  /** For forms of people alone: a program that is stopped sends its request again by itself. */
  'POST /repeat': { id: 'repeat'; query: { id: string }; codes: 'session.verification_session_not_found' };

  /** What can be set up; programs read the state. */
  'GET /setup': { id: 'setupState'; answer: StateAnswer; codes: Owed };
  /** Skips a suggestion, where that is allowed. */
  'POST /setup/skip': {
    id: 'skip';
    answer: GoOnAnswer;
    codes: Owed | 'session.mfa.mfa_policy_not_user_controlled';
  };
  /** How a first enrolment is confirmed. */
  'GET /setup/confirm': {
    id: 'confirmation';
    answer: ConfirmationAnswer;
    redirects: '303';
    codes: Owed | Attempt;
  };
  /** Sends the code that confirms a first enrolment. */
  'POST /setup/confirm/begin': { id: 'beginConfirmation'; answer: SentAnswer; codes: Owed | Attempt | Sending };
  /** Confirms that a first enrolment is by the person. */
  'POST /setup/confirm': {
    id: 'confirmFirstEnrollment';
    body: { code: string };
    answer: GoOnAnswer;
    codes: Owed | Attempt;
  };
  /** The end of the first set-up; programs read the state. */
  'GET /setup/done': { id: 'setupDone'; answer: StateAnswer; codes: Owed };
  /** What is begun of one method; an authenticator app's secret is made where there is none. */
  'GET /setup/:factor': {
    id: 'setupOf';
    answer: BegunAnswer;
    redirects: '303';
    codes: Owed | Attempt | Sending | 'user.too_many_authenticators';
  };
  /** Sends a code to `address`, makes WebAuthn creation options, or a new secret; an address that the app vouches for is bound at once. */
  'POST /setup/:factor/begin': {
    id: 'setup';
    body: { address?: string };
    answer: BegunAnswer | GoOnAnswer;
    codes: Owed | Attempt | Sending | 'user.too_many_authenticators';
  };
  /** Confirms: the method is in force. */
  'POST /setup/:factor': {
    id: 'confirm';
    body: ConfirmBody;
    answer: GoOnAnswer;
    codes:
      Owed | Attempt | 'user.totp_already_in_use' | 'user.passkey_already_registered' | 'user.too_many_authenticators';
  };

  /** The set in force without its codes, and the pending one with them. */
  'GET /backup-codes': { id: 'backupCodes.status'; answer: BackupCodesAnswer; codes: Owed | Codes };
  /** After a code was used; programs read the state. */
  'GET /backup-codes/used': { id: 'backupCodes.used'; answer: StateAnswer; codes: Owed };
  /** Begins a new set, or shows the one that is pending in this session. The old one works until the new one is confirmed. */
  'POST /backup-codes/generate': {
    id: 'backupCodes.generate';
    answer: BackupCodesAnswer;
    codes: Owed | Codes | Attempt;
  };
  /** Ten more minutes for the pending set, once. */
  'POST /backup-codes/extend': {
    id: 'backupCodes.extend';
    body: { revealToken: string };
    answer: BackupCodesAnswer;
    codes: Owed | Codes;
  };
  /** The pending set as a text file. */
  'POST /backup-codes/download': {
    id: 'backupCodes.download';
    body: { revealToken: string };
    text: 'text/plain';
    codes: Owed | Codes;
  };
  /** They are saved: the pending set is in force. */
  'POST /backup-codes/confirm': {
    id: 'backupCodes.confirm';
    body: SavedBody;
    answer: GoOnAnswer;
    codes: Owed | Codes | Attempt;
  };
  /** Removes the set. */
  'POST /backup-codes/remove': { id: 'backupCodes.remove'; answer: GoOnAnswer; codes: Owed | Codes };

  /** Options for a sign-in by a passkey alone. Of `passkeySignInRouter`; needs no sign-in. */
  'GET /passkey-sign-in': { id: 'passkeys.question'; open: true; answer: PasskeyQuestionAnswer };
  /** Signs in by a passkey alone. Of `passkeySignInRouter`; needs no sign-in. */
  'POST /passkey-sign-in': {
    id: 'passkeys.signIn';
    open: true;
    body: { response: WebauthnResponse; challenge: string };
    answer: GoOnAnswer;
    codes: Attempt | 'request.csrf' | 'request.invalid';
  };
}

type Codes = Elsewhere | 'session.mfa.backup_code_can_not_be_alone' | 'session.mfa.mfa_factor_not_enabled';

/** A route, `METHOD /path`. */
export type Route = keyof Operations;

/** What a route answers. */
export type AnswerOf<R extends Route> = Operations[R] extends { answer: infer A } ? A : never;

/** What a route takes. */
export type BodyOf<R extends Route> = Operations[R] extends { body: infer B } ? B : undefined;
