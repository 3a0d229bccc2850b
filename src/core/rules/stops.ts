// What listeners are told of somebody who was stopped before changing anything: who still owes a factor, a fresher proof or a
// set-up, at our own routes as at the guard. Pure.
import type { ErrorCode } from '../words/errors.js';
import type { EventName, Happened } from '../words/events.js';
import type { Refused } from '../words/outcome.js';

const events: { [reason in ErrorCode]?: EventName } = {
  'session.mfa.require_mfa_verification': 'verification-required',
  'session.mfa.step_up_required': 'step-up-required',
  'session.mfa.recovery_required': 'recovery-required',
  'session.mfa.recovery_unconfirmed': 'verification-required',
  'session.mfa.awaiting_approval': 'verification-required',
  'session.mfa.suspended': 'session-refused',
  'session.mfa.blocked': 'session-refused',
  'session.mfa.upstream_insufficient': 'session-refused',
  'user.missing_mfa': 'enrollment-required',
  'session.mfa.backup_code_required': 'enrollment-required',
};

/** All of them. */
export const stopEvents: ReadonlySet<EventName> = new Set(Object.values(events));

/** The event of a stop; undefined where it is of another kind. */
export function eventOfStop(reason: ErrorCode): EventName | undefined {
  return events[reason];
}

/** @param at what they were about to do */
export function stopOf({ reason, details }: Refused, at: 'set-up' | 'change'): Happened[] {
  const name = eventOfStop(reason);
  const why = details.stepUp?.why;
  return name === undefined ? [] : [{ name, detail: { at, ...(why === undefined ? {} : { why }) } }];
}
