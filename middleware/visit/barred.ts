// The answer to somebody whose account is suspended: a page that leads nowhere but out, wherever they were.
import { MfaError } from '../../src/core/words/errors.js';
import { refused } from '../../src/core/words/outcome.js';
import { keepSignIn, saveSession } from '../sign-in/session.js';
import { refuse } from './answers.js';
import type { Visit } from './visit.js';

const reason = 'session.mfa.suspended';

/** Thrown where a page would have been made; `refuseBarred` answers it. */
export function barredVisit(): MfaError {
  return new MfaError(reason, 'The account is suspended.');
}

/** By our sign-out: a log-in page that sends signed-in people back would lead them in a circle. */
export async function refuseBarred(visit: Visit): Promise<void> {
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  await saveSession(visit.mfa, visit.req);
  await refuse(visit, refused(reason, { url: visit.base }), [
    { to: 'sign-out', url: `${visit.base}/sign-out`, isForm: true },
  ]);
}
