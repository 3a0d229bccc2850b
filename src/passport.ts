// The front door for apps with Passport: `express-mfa/passport`.
export { mfaStrategies, type MfaFailure, type MfaInfo } from '../middleware/passport/mfa-strategies.js';
export { passkeyStrategy, type PasskeyStrategyOptions } from '../middleware/passport/passkey-strategy.js';
export { passkeyQuestion } from '../middleware/passkey-sign-in/passkey-sign-in-router.js';
export type { MfaStrategy } from '../middleware/passport/strategy.js';
