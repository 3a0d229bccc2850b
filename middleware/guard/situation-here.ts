// Where the visiting person stands, loaded for the guard: with their risk, which is assessed where the guard loads (whoever is
// believed from memory was assessed before), and with the trusted browser that stands in for the sign-in step.
import { assessed } from '../../src/core/flows/assess.js';
import { isDemanded } from '../../src/core/rules/next-step.js';
import type { Situation } from '../../src/core/rules/situation.js';
import { keepSignIn } from '../sign-in/session.js';
import { keepsIt } from '../visit/keeps-it.js';
import { standIn } from '../visit/trust.js';
import type { Visit } from '../visit/visit.js';
import { loadedSituation } from './request-mfa.js';

export async function situationHere(visit: Visit): Promise<Situation> {
  const { asker, mfa } = visit;
  const situation = await loadedSituation(mfa.kernel, asker.user, asker.signIn);
  await assess(visit, situation);
  return standIn(visit, situation);
}

async function assess(visit: Visit, { record, next }: Situation): Promise<void> {
  const { asker, mfa, req } = visit;
  // Whoever has no second factor and owes none gets no session by us; nor does a program that keeps none.
  if (!mfa.kernel.risk || !keepsIt(visit) || (!record.protected && !isDemanded(next))) return;
  const { signIn } = asker;
  asker.signIn = await assessed(mfa.kernel, asker, record);
  if (asker.signIn !== signIn) keepSignIn(mfa, req, asker.signIn);
}
