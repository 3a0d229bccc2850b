// What follows an answer wherever it was given, and what is said to whoever comes too late.
import { isUnproved } from '../../src/core/rules/next-step.js';
import { refused } from '../../src/core/words/outcome.js';
import { goOn, refuse } from '../visit/answers.js';
import type { Elevated } from '../visit/answer-challenge.js';
import { pastCodesLeft } from '../visit/codes-left.js';
import { backupStanding } from '../visit/current-situation.js';
import { keepSignIn } from '../sign-in/session.js';
import type { Visit } from '../visit/visit.js';

/** A backup code tells how many are left: a program at once, a person on the way on; to whoever owes a proof still, nothing. */
export async function passed(visit: Visit, kind: string, { next, situation }: Elevated): Promise<void> {
  const set = backupStanding(visit, situation.record);
  if (set?.authenticator.kind !== kind || isUnproved(situation.next)) return goOn(visit, next);
  await goOn(visit, pastCodesLeft(visit, next), { backupCodes: { remaining: set.standing.left ?? 0 } });
}

/** By our sign-out: a log-in page that sends signed-in people back would lead them in a circle. */
export async function lapsed(visit: Visit): Promise<void> {
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  await refuse(visit, refused('session.mfa.pending_info_not_found', { hint: 'pending.lapsed' }), [
    { to: 'sign-in', url: `${visit.base}/sign-out`, isForm: true },
  ]);
}
