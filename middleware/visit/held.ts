// The answer to a sign-in that is held: until when, and the way to be free at once where the person has a method from before.
import { factorOf } from '../../src/core/kernel/kernel.js';
import { keptDemand, type Demand } from '../../src/core/kernel/policy.js';
import type { Refused } from '../../src/core/words/outcome.js';
import { stepsUp } from '../../src/core/rules/hold.js';
import { onHold } from '../../src/core/rules/permission.js';
import type { Situation, Way } from '../../src/core/rules/situation.js';
import { keepSignIn, saveSession } from '../sign-in/session.js';
import { refuse } from './answers.js';
import type { Visit } from './visit.js';

/** The ways that free a sign-in that is held, and those that count at a step-up where none is. */
export function stepUpWays({ mfa: { kernel } }: Visit, { ways, record, heldUntil }: Situation): Way[] {
  return ways.filter(
    ({ kind }) =>
      stepsUp(kernel, record, kind) && (heldUntil === undefined || factorOf(kernel, kind)?.rank === 'primary'),
  );
}

/** @param demand what a route asked for; of a change any proof that frees is enough */
export async function refuseHeld(visit: Visit, situation: Situation, demand: Demand = {}): Promise<void> {
  const { mfa, base, req, asker } = visit;
  const { details, reason }: Refused = onHold(mfa.kernel, situation.heldUntil ?? mfa.kernel.now());
  const frees = stepUpWays(visit, situation).length > 0;
  if (frees) {
    asker.signIn = { ...asker.signIn, stepUp: keptDemand(demand) };
    keepSignIn(mfa, req, asker.signIn);
    await saveSession(mfa, req);
  }
  const url = frees ? `${base}/verify` : base;
  await refuse(visit, { reason, details: { ...details, url } }, [{ to: frees ? 'verify' : 'manage', url }]);
}
