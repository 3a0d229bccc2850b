// The closed list of public error codes with the one status of each, and the error that carries them. Words for
// people live in the locale catalogues; this file knows none.

const docs = 'https://github.com/express-mfa/express-mfa/blob/main/docs/errors.md';

/** Every code that an answer can carry, and its HTTP status. */
export const statusOf = {
  'session.not_signed_in': 401,
  'session.mfa.require_mfa_verification': 403,
  'session.mfa.step_up_required': 401,
  'session.mfa.pending_info_not_found': 400,
  'session.mfa.invalid_totp_code': 422,
  'session.mfa.webauthn_verification_failed': 422,
  'session.mfa.webauthn_verification_not_found': 400,
  'session.mfa.invalid_backup_code': 422,
  'session.mfa.backup_codes_expired': 422,
  'session.mfa.backup_code_can_not_be_alone': 422,
  'session.mfa.recovery_required': 403,
  'session.mfa.backup_code_required': 403,
  'session.mfa.mfa_policy_not_user_controlled': 422,
  'session.mfa.mfa_factor_not_enabled': 400,
  'session.mfa.first_enrollment_unconfirmed': 403,
  'session.mfa.suspended': 403,
  'session.mfa.on_hold': 403,
  'session.mfa.blocked': 403,
  'session.mfa.recovery_unconfirmed': 403,
  'session.mfa.awaiting_approval': 403,
  'session.mfa.password_mismatch': 422,
  'session.mfa.upstream_insufficient': 403,
  'session.mfa.impersonated': 403,
  'session.mfa.invalid_pass': 422,
  'session.mfa.token_missing': 403,
  'user.missing_mfa': 403,
  'user.totp_already_in_use': 409,
  'user.passkey_already_registered': 409,
  'user.too_many_authenticators': 409,
  'verification_code.not_found': 400,
  'verification_code.code_mismatch': 422,
  'verification_code.expired': 422,
  'verification_code.exceed_max_try': 429,
  'verification_code.email_mismatch': 422,
  'verification_code.phone_mismatch': 422,
  'session.verification_blocked_too_many_attempts': 429,
  'connector.rate_limit_exceeded': 429,
  'connector.not_found': 501,
  'connector.send_failed': 502,
  'connector.template_not_found': 500,
  'request.csrf': 403,
  'request.invalid': 400,
  'session.verification_session_not_found': 404,
  'store.unavailable': 503,
  'store.record_missing': 503,
  'store.record_altered': 503,
  'audit.unavailable': 503,
  'server.busy': 503,
  'store.conflict': 409,
  'admin.not_applicable': 409,
  'host.user_failed': 500,
  'admin.own_account': 403,
  'admin.not_allowed': 403,
  'admin.reason_missing': 400,
  'admin.approval_required': 409,
  'admin.case_lapsed': 410,
  'directory.unavailable': 503,
} as const;

/** Codes of misuse: thrown at start-up, or at the first request where only that shows it. */
export const configCodes = [
  'config.invalid_option',
  'config.unknown_option',
  'config.backup_codes_cannot_be_enabled_alone',
  'config.duplicated_factors',
  'config.email_code_cannot_be_sign_in_and_mfa',
  'config.sms_code_cannot_be_sign_in_and_mfa',
  'config.memory_store_in_production',
  'config.redis_evicts',
  'config.redis_forbids',
  'config.database_unsuitable',
  'config.store_not_migrated',
  'config.namespace_missing',
  'config.origin_missing',
  'config.console_sender_in_production',
  'config.secret_too_short',
  'config.no_session_middleware',
  'config.session_cannot_regenerate',
  'config.secure_cookie_without_trust_proxy',
  'config.middleware_not_called',
  'config.invalid_user_id',
  'config.peer_missing',
  'config.preset_not_met',
] as const;

/**
 * A code that an answer can carry; each has one HTTP status.
 *
 * @useDeclaredType
 */
export type ErrorCode = keyof typeof statusOf;
/**
 * A code of misuse: `config.*`.
 *
 * @useDeclaredType
 */
export type ConfigCode = (typeof configCodes)[number];

/** What an answer may add to its code. Never a code, a secret or an address. */
export type ErrorDetails = {
  /** How many wrong answers are left. */
  remainingAttempts?: number;
  /** Seconds until trying again helps; `null` where waiting does not. */
  retryAfterSeconds?: number | null;
  /** The form or JSON field that is wrong. */
  field?: string;
  /** The header that is missing or outdated. */
  header?: string;
  /** A key of the locale catalogue for a more specific sentence than that of the code: `totp.too_short`. */
  hint?: string;
  /** Values for the slots of that sentence: how many digits were typed, whose limit. */
  params?: { [name: string]: string | number };
  /** When a hold ends, Unix seconds. */
  heldUntil?: number;
  /** When something lapsed, Unix seconds. */
  expiredAt?: number;
  /** What was expected instead, where that helps whoever set the app up: its own origin. */
  expected?: string;
  /** Only for senders: the provider surely did not deliver. */
  definite?: boolean;
  /** Kinds of factor that may be answered with. */
  availableFactors?: string[];
  /** Where a code would go, `ale***@example.com`, by kind. */
  maskedIdentifiers?: { [kind: string]: string };
  /** What waits for a second administrator. */
  case?: string;
  /** The page where what is owed can be done. */
  url?: string;
  /** Only for step-up: `missing`, `expired` or `kind`, with what is asked for. */
  stepUp?: { why: 'missing' | 'expired' | 'kind'; maxAgeSeconds?: number; factors?: string[] };
};

/** Thrown for surprises: misconfiguration, a dead store, a failed sender; and carried by every error answer. */
export class MfaError extends Error {
  override readonly name = 'MfaError';
  readonly code: ErrorCode | ConfigCode;
  /** The HTTP status; 500 for misconfiguration. */
  readonly status: number;
  readonly details: ErrorDetails;
  /** Where the code is explained. */
  readonly help: string;

  constructor(
    code: ErrorCode | ConfigCode,
    message: string,
    options: { details?: ErrorDetails; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = code in statusOf ? statusOf[code as ErrorCode] : 500;
    this.details = options.details ?? {};
    this.help = helpFor(code);
  }
}

/** The documentation's address of a code; also the `type` of a problem answer (RFC 9457 §3.1.1). */
export function helpFor(code: string): string {
  return `${docs}#${code}`;
}

/** Recognises an MfaError of either build: the package ships twice, so `instanceof` would miss half of them. */
export function isMfaError(error: unknown): error is MfaError {
  return error instanceof Error && error.name === 'MfaError' && typeof (error as { code?: unknown }).code === 'string';
}
