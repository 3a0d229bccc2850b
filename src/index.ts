// The front door: the public names and nothing else.
export { createMfa, type Mfa } from '../middleware/mfa.js';
export { readMfa, type ReadMfa, type RequestMfa } from '../middleware/request-mfa.js';
export { requireMfa, type RequireMfaOptions } from '../middleware/require-mfa.js';
export { mfaRouter } from '../middleware/mfa-router.js';
export { mfaSetupRouter } from '../middleware/mfa-setup-router.js';
export { mfaVerifyRouter } from '../middleware/mfa-verify-router.js';
export { backupCodeRouter } from '../middleware/backup-code-router.js';
export { passkeyEndpoints, type PasskeyEndpoints } from '../middleware/passkey-endpoints.js';
export { passkeySignInRouter, type PasskeySignInOptions } from '../middleware/passkey-sign-in-router.js';
export { mfaErrorHandler } from '../middleware/error-handler.js';

export { backupCodes } from './factors/backup-codes/backup-codes.js';
export { emailCode, type EmailCodeOptions } from './factors/email/email-code.js';
export { smsCode, type SmsCodeOptions } from './factors/sms/sms-code.js';
export { totp } from './factors/totp/totp.js';
export { webauthn } from './factors/webauthn/webauthn.js';
export { memoryStore } from './stores/memory-store.js';
export { redisStore, type RedisStoreOptions } from './stores/redis-store.js';
export type { RedisClient } from './stores/redis-client.js';

export { consoleSender } from './senders/console-sender.js';
export { fallback } from './senders/fallback.js';
export { httpEmailSender } from './senders/http-email-sender.js';
export { httpSmsSender } from './senders/http-sms-sender.js';
export { mailgunSender } from './senders/mailgun-sender.js';
export { outboxSender } from './senders/outbox-sender.js';
export { sendGridSender } from './senders/sendgrid-sender.js';
export { sesSender } from './senders/ses-sender.js';
export { smsAeroSender } from './senders/sms-aero-sender.js';
export { smtpSender } from './senders/smtp-sender.js';
export { snsSender } from './senders/sns-sender.js';
export { twilioSender } from './senders/twilio-sender.js';
export { vonageSender } from './senders/vonage-sender.js';

export type { MfaOptions, User } from './options.js';
export type { TotpImport } from './mfa.js';
export { MfaError, isMfaError } from './core/errors.js';
export type { ErrorCode, ConfigCode, ErrorDetails } from './core/errors.js';
export type { MfaEvent, EventName } from './core/events.js';
export type { Factor, MfaUser } from './core/factor.js';
export type { NextStep } from './core/next-step.js';
export type { Notice } from './core/notices.js';
export type { Policy } from './core/policy.js';
export type { Clock, Message, MfaStore, Random, Sender } from './core/ports.js';
export type { MfaRecord } from './core/record.js';
export type { Proof } from './core/sign-in.js';
export type { Status } from './core/administer.js';
