// The front door for apps with Passport: `express-mfa/passport`.
export { mfaStrategies, type MfaFailure, type MfaInfo } from '../middleware/passport/mfa-strategies.js';
export type { MfaStrategy } from '../middleware/passport/strategy.js';
