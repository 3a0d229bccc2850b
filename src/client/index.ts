// `express-mfa/client`: what a browser needs to talk to the routes of express-mfa.
export { clientCodes, isAbort, isMfaClientError, MfaClientError } from './client-error.js';
export type { ClientCode, MfaClientCode, MfaClientDetails } from './client-error.js';
export { createMfaClient } from './create-client.js';
export type { BegunAt, CodesFile, MfaClient, SetUpAt } from './create-client.js';
export type { GuardedOptions, OwedStep } from './guarded.js';
export type { PasskeyOptions } from './passkeys.js';
export type { CallOptions, MfaClientOptions } from './transport.js';
export type * from '../api/answers.js';
export type * from '../api/bodies.js';
export type { AnswerOf, BodyOf, Operations, Route } from '../api/operations.js';
