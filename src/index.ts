// The front door: the public names and nothing else.
export { createMfa, type Mfa } from '../middleware/mfa.js';
export { readMfa, type ReadMfa } from '../middleware/guard/read-mfa.js';
export type { RequestMfa } from '../middleware/guard/request-mfa.js';
export { requireMfa, type RequireMfaOptions } from '../middleware/guard/require-mfa.js';
export { mfaRouter } from '../middleware/routers/mfa-router.js';
export { mfaSetupRouter } from '../middleware/routers/mfa-setup-router.js';
export { mfaVerifyRouter } from '../middleware/routers/mfa-verify-router.js';
export { backupCodeRouter } from '../middleware/routers/backup-code-router.js';
export { passkeyEndpoints, type PasskeyEndpoints } from '../middleware/passkey-sign-in/passkey-endpoints.js';
export {
  passkeySignInRouter,
  type PasskeySignInOptions,
} from '../middleware/passkey-sign-in/passkey-sign-in-router.js';
export { mfaCsrfToken } from '../middleware/passport/host-route.js';
export {
  verifyBackupCode,
  type Refusal,
  type VerifyBackupCodeOptions,
} from '../middleware/passport/verify-backup-code.js';
export { mfaErrorHandler } from '../middleware/visit/error-handler.js';

export { backupCodes } from './factors/backup-codes/backup-codes.js';
export type { BackupCodesOptions } from './factors/backup-codes/options.js';
export { emailCode, type EmailCodeOptions } from './factors/email/email-code.js';
export { smsCode, type SmsCodeOptions } from './factors/sms/sms-code.js';
export { supportPass } from './factors/support-pass/support-pass.js';
export { totp } from './factors/totp/totp.js';
export type { TotpOptions } from './factors/totp/options.js';
export { webauthn } from './factors/webauthn/webauthn.js';
export type { WebauthnOptions } from './factors/webauthn/options.js';
export { memoryStore, type MemoryStoreOptions } from './stores/memory-store.js';
export { redisStore } from './stores/redis-store.js';
export type { RedisStoreOptions } from './stores/redis-options.js';
export type { RedisClient } from './stores/redis-client.js';
export type { NodeRedisClient } from './stores/node-redis.js';

export { consoleSender, type ConsoleOptions } from './senders/console-sender.js';
export { fallback } from './senders/fallback.js';
export { httpEmailSender } from './senders/http-email-sender.js';
export { httpSmsSender } from './senders/http-sms-sender.js';
export { mailgunSender, type MailgunOptions } from './senders/mailgun-sender.js';
export { outboxSender, type Outbox, type OutboxOptions } from './senders/outbox-sender.js';
export { sendGridSender, type SendGridOptions } from './senders/sendgrid-sender.js';
export { sesSender, type SesOptions } from './senders/ses-sender.js';
export { smsAeroSender, type SmsAeroOptions } from './senders/sms-aero-sender.js';
export { smtpSender } from './senders/smtp-sender.js';
export type { SmtpOptions } from './senders/smtp-settings.js';
export { snsSender, type SnsOptions } from './senders/sns-sender.js';
export { twilioSender, type TwilioOptions } from './senders/twilio-sender.js';
export { vonageSender, type VonageOptions } from './senders/vonage-sender.js';
export type { WebhookOptions } from './senders/webhook.js';

export type { AllowedRoute, Catalogue, MfaOptions, UpstreamAsk, UpstreamOptions } from './options.js';
export type { User } from './user.js';
export type { Templates } from './factors/one-time-code/templates.js';
export type { Lockout } from './core/kernel/settings.js';
export type { TotpImport } from './mfa.js';
export { MfaError, isMfaError } from './core/words/errors.js';
export type { ErrorCode, ConfigCode, ErrorDetails } from './core/words/errors.js';
export type { MfaEvent, EventName } from './core/words/events.js';
export type {
  Factor,
  FactorContext,
  FactorEnrollment,
  EnrollmentVerdict,
  Standing,
  Verdict,
} from './core/kernel/factor.js';
export type { Begun, Malformed } from './core/kernel/factor.js';
export type { MfaUser } from './core/kernel/mfa-user.js';
export type { NextStep } from './core/rules/next-step.js';
export type { Notice } from './core/words/notices.js';
export type { Policy } from './core/kernel/policy.js';
export type { Preset } from './core/words/presets.js';
export type { Clock, Message, MfaStore, RecordStore, Sealer, Sender, TransientStore } from './core/kernel/ports.js';
export type { Random } from './core/words/random.js';
export type { Json } from './core/words/json.js';
export type { Authenticator, MfaRecord } from './core/kernel/record.js';
export type { Proof } from './core/kernel/sign-in.js';
export type { Status } from './core/operators/administer.js';
