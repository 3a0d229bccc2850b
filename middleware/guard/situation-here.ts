// Where the visiting person stands, loaded for the guard: with their risk, which is assessed where the guard loads (whoever is
// believed from memory was assessed before), and with the trusted browser that stands in for the sign-in step.
import { assessed } from '../../src/core/flows/assess.js';
import type { Asker, Kernel } from '../../src/core/kernel/kernel.js';
import { isDemanded } from '../../src/core/rules/next-step.js';
import { situationOf, type Situation } from '../../src/core/rules/situation.js';
import { adopted } from '../visit/recovering.js';
import { keepSignIn } from '../sign-in/session.js';
import { keepsIt } from '../visit/keeps-it.js';
import { standIn } from '../visit/trust.js';
import type { Visit } from '../visit/visit.js';
import { loadedSituation } from './request-mfa.js';

export async function situationHere(visit: Visit): Promise<Situation> {
  const { asker, mfa, req } = visit;
  const { signIn } = asker;
  const keeps = keepsIt(visit);
  const situation = await weighed(mfa.kernel, asker, await loadedSituation(mfa.kernel, asker.user, signIn), keeps);
  if (asker.signIn !== signIn && keeps) keepSignIn(mfa, req, asker.signIn);
  const own = adopted(visit, situation.record);
  if (own === asker.signIn) return standIn(visit, situation);
  asker.signIn = own;
  return standIn(visit, situationOf(mfa.kernel, asker.user, own, situation.record));
}

/**
 * The situation with the risk of this sign-in, which the asker has from then on.
 * @param keeps whether it is kept beyond this request
 */
export async function weighed(kernel: Kernel, asker: Asker, situation: Situation, keeps: boolean): Promise<Situation> {
  const { record, next } = situation;
  const acts = kernel.settings.riskActions !== undefined;
  // Whoever has no second factor and owes none gets no session by us; nor does a program that keeps none. What a level asks is asked
  // of that all the same: it is weighed anew each time. And nobody is led to a set-up that their level refuses.
  const concerns = record.protected || isDemanded(next) || (acts && next.step !== 'nothing');
  if (!kernel.risk || !concerns || (!keeps && !acts)) return situation;
  const { signIn } = asker;
  asker.signIn = await assessed(kernel, asker, record);
  return asker.signIn === signIn ? situation : situationOf(kernel, asker.user, asker.signIn, record);
}
