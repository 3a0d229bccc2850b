// The codes with which routes refuse, in groups: which group a route belongs to stands in `operations.ts`. Types alone.
import type { ErrorCode } from '../core/words/errors.js';

type Codes<C extends ErrorCode> = C;

/** Of whatever route: nobody is signed in, the account or this sign-in is barred, something behind the app does not answer. */
export type Everywhere = Codes<
  | 'session.mfa.suspended'
  | 'session.mfa.blocked'
  | 'session.mfa.upstream_insufficient'
  | 'store.unavailable'
  | 'store.conflict'
  | 'store.record_missing'
  | 'store.record_altered'
  | 'audit.unavailable'
  | 'server.busy'
  | 'host.user_failed'
>;

/** Of every route for people who are signed in. */
export type SignedIn = Codes<'session.not_signed_in' | 'session.mfa.impersonated'>;

/** Of every POST. */
export type Sent = Codes<'request.csrf' | 'request.invalid' | 'session.mfa.token_missing'>;

/** Something else must be done first. */
export type Owed = Codes<
  | 'session.mfa.require_mfa_verification'
  | 'session.mfa.step_up_required'
  | 'session.mfa.recovery_required'
  | 'session.mfa.recovery_unconfirmed'
  | 'session.mfa.awaiting_approval'
  | 'session.mfa.backup_code_required'
  | 'session.mfa.on_hold'
  | 'session.mfa.first_enrollment_unconfirmed'
  | 'user.missing_mfa'
>;

/** What is asked for is not there, or is not this person's. */
export type Elsewhere = Codes<'session.verification_session_not_found'>;

/** Of an answer: wrong, too late, too often. */
export type Attempt = Codes<
  | 'session.mfa.pending_info_not_found'
  | 'session.mfa.invalid_totp_code'
  | 'session.mfa.webauthn_verification_failed'
  | 'session.mfa.webauthn_verification_not_found'
  | 'session.mfa.invalid_backup_code'
  | 'session.mfa.backup_codes_expired'
  | 'session.mfa.backup_code_can_not_be_alone'
  | 'session.mfa.invalid_pass'
  | 'session.mfa.mfa_factor_not_enabled'
  | 'verification_code.not_found'
  | 'verification_code.code_mismatch'
  | 'verification_code.expired'
  | 'verification_code.exceed_max_try'
  | 'verification_code.email_mismatch'
  | 'verification_code.phone_mismatch'
  | 'session.verification_blocked_too_many_attempts'
  | 'session.verification_session_not_found'
>;

/** Of what sends a message. */
export type Sending = Codes<
  'connector.rate_limit_exceeded' | 'connector.not_found' | 'connector.send_failed' | 'connector.template_not_found'
>;

/** Of the routes of administration. */
export type Administered =
  Owed | Elsewhere | Codes<'session.mfa.impersonated' | 'admin.not_allowed' | 'directory.unavailable'>;

/** Of a change that an administrator asks for. */
export type Decided = Codes<
  | 'admin.own_account'
  | 'admin.reason_missing'
  | 'admin.approval_required'
  | 'admin.not_applicable'
  | 'admin.case_lapsed'
  | 'request.invalid'
>;
