// What a person's answer came to: accepted, or refused with one reason of the closed list. Expected answers are
// values; only surprises are thrown.
import type { ErrorCode, ErrorDetails } from './errors.js';

/** Why something was refused. Every reason is an error code, so that page, JSON answer, event and test say one word. */
export type Reason = ErrorCode;

export type Accepted<T> = { accepted: true } & T;
export type Refused = { accepted: false; reason: Reason; details: ErrorDetails };
export type Outcome<T = object> = Accepted<T> | Refused;

export function refused(reason: Reason, details: ErrorDetails = {}): Refused {
  return { accepted: false, reason, details };
}

export function accepted<T extends object>(value: T): Accepted<T> {
  return { accepted: true, ...value };
}
