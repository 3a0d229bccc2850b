// The front door for tests of an app that has MFA, and of a store, audit store, store of cases or figures, factor or sender of one's own: `express-mfa/testing`.
export { testClock, type TestClock } from './testing/test-clock.js';
export { outbox, type TestOutbox } from './testing/outbox.js';
export { totpCode, type TotpCodeOptions } from './testing/totp-code.js';
export {
  softAuthenticator,
  type SoftAuthenticator,
  type SoftAuthenticatorOptions,
} from './testing/soft-authenticator.js';
export {
  signInWithMfa,
  type SecondFactor,
  type SignedIn,
  type SignInWithMfaOptions,
} from './testing/sign-in-with-mfa.js';
export { walkPending, type WalkPendingOptions, type WalkReport } from './testing/walk-pending.js';
export type { TestAgent, TestAnswer, TestRequest } from './testing/test-agent.js';

export { storeContract, type OpenedStore } from './testing/store-contract.js';
export { auditStoreContract, type OpenedAuditStore } from './testing/audit-store-contract.js';
export { caseStoreContract, type OpenedCaseStore } from './testing/case-store-contract.js';
export { statsStoreContract, type OpenedStatsStore } from './testing/stats-store-contract.js';
export { factorContract, type FactorFixture } from './testing/factor-contract.js';
export { senderContract, type SenderBench } from './testing/sender-contract.js';
export type { TestRunner } from './testing/runner.js';
