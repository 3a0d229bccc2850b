// The answer to somebody whose account is suspended, or whose sign-in looks too risky to go on: a page that leads nowhere but
// out, wherever they were.
import { stoppedAsBarred } from '../../src/core/rules/barred.js';
import { stoppedAsRisky } from '../../src/core/rules/risky.js';
import { isMfaError, MfaError } from '../../src/core/words/errors.js';
import type { Happened } from '../../src/core/words/events.js';
import { refused } from '../../src/core/words/outcome.js';
import { keepSignIn, saveSession } from '../sign-in/session.js';
import { refuse } from './answers.js';
import type { Visit } from './visit.js';

/** Why nobody is led anywhere. */
export type ShutOut = 'session.mfa.suspended' | 'session.mfa.blocked';

/** What listeners are told of it. */
export const stoppedBy: { readonly [reason in ShutOut]: Happened } = {
  'session.mfa.suspended': stoppedAsBarred,
  'session.mfa.blocked': stoppedAsRisky,
};

/** Thrown where a page would have been made; `refuseShutOut` answers it. */
export function shutOut(reason: ShutOut): MfaError {
  return new MfaError(reason, 'This sign-in goes no further.');
}

export function shutOutBy(error: unknown): ShutOut | undefined {
  return isMfaError(error) && Object.hasOwn(stoppedBy, error.code) ? (error.code as ShutOut) : undefined;
}

/** By our sign-out: a log-in page that sends signed-in people back would lead them in a circle. */
export async function refuseShutOut(visit: Visit, reason: ShutOut): Promise<void> {
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  await saveSession(visit.mfa, visit.req);
  await refuse(visit, refused(reason, { url: visit.base }), [
    { to: 'sign-out', url: `${visit.base}/sign-out`, isForm: true },
  ]);
}
