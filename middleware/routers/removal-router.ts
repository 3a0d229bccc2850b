// Taking away by the person themselves: one method, or all of it. People are asked once more; what was removed is said;
// nobody is led from a removal into a challenge.
import { Router, type Router as ExpressRouter } from 'express';
import { mayTurnOff, removeAuthenticator, turnOff } from '../../src/core/flows/removal.js';
import { refused, type Refused } from '../../src/core/words/outcome.js';
import { forbids } from '../../src/core/rules/permission.js';
import type { Authenticator } from '../../src/core/kernel/record.js';
import type { Situation } from '../../src/core/rules/situation.js';
import type { MfaCore } from '../../src/mfa.js';
import { fieldOf } from '../../src/validation.js';
import { goOn, nextOf, redirect, refuseJson } from '../visit/answers.js';
import { answerState, lead, leadsAway } from '../visit/refusal-redirect.js';
import { showManage } from './manage-page.js';
import { carryOver } from '../visit/own-change.js';
import { form, page } from '../visit/route.js';
import { goOnSaying, withAddresses } from '../visit/said.js';
import { currentSituation } from '../visit/current-situation.js';
import { showRemoval, showRemoved, showTurnOff } from './removal-page.js';
import type { Visit } from '../visit/visit.js';

export function removalRouter(mfa: MfaCore): ExpressRouter {
  const router = Router();
  router.post('/authenticators/:id/remove', form(mfa, remove));
  router.get('/removed', page(mfa, removed));
  router.get('/turn-off', page(mfa, askTurnOff));
  router.post('/turn-off', form(mfa, confirmTurnOff));
  return router;
}

async function remove(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const own = situation.record.authenticators.find(({ id }) => id === visit.req.params['id']);
  await removeOwn(visit, situation, own, visit.base);
}

/**
 * Removes what is this person's own, after asking people once more.
 * @param back where a proof that is owed first leads back to
 */
export async function removeOwn(
  visit: Visit,
  situation: Situation,
  own: Authenticator | undefined,
  back: string,
): Promise<void> {
  const { mfa, asker, body, json, base } = visit;
  if (!json && own && fieldOf(body, 'confirmed') !== 'yes') {
    const refusal = forbids(mfa.kernel, asker, situation.record, 'manage');
    return refusal ? refusedAt(visit, refusal, back) : showRemoval(visit, situation, own);
  }
  const wish = fieldOf(body, 'keepBackupCodes');
  const keep = wish === 'yes' ? true : wish === 'no' ? false : undefined;
  const outcome = await removeAuthenticator(mfa.kernel, asker, own?.id ?? '', keep);
  if (!outcome.accepted) {
    const isOpen = outcome.details.field === 'keepBackupCodes' && own && !json;
    return isOpen ? showRemoval(visit, situation, own, outcome) : refusedAt(visit, outcome, back);
  }
  await carryOver(visit, outcome);
  const now = await currentSituation(visit, outcome.record);
  const said = sayingOf(own, now);
  if (!json && now.next.step === 'verify') {
    asker.signIn = { ...asker.signIn, said: withAddresses(visit, said) };
    return goOn(visit, { step: 'verify', url: `${base}/removed` });
  }
  // Whoever has just turned it off is not asked at once whether to turn it on.
  const isSuggested = now.next.step.startsWith('suggest');
  if (isSuggested) asker.signIn = { ...asker.signIn, suggested: true };
  await goOnSaying(visit, isSuggested ? { step: 'done', url: base } : nextOf(visit, now, base), said);
}

function sayingOf(own: Authenticator | undefined, { record }: Situation) {
  if (!record.protected) return { what: 'turned-off' };
  const { kind, name } = own ?? {};
  return { what: 'removed', ...(kind === undefined ? {} : { kind }), ...(name === undefined ? {} : { name }) };
}

async function removed(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  if (visit.json) return answerState(visit, situation, visit.base);
  if (situation.state !== 'pending' || visit.asker.signIn.said?.what !== 'removed') return redirect(visit, visit.base);
  await showRemoved(visit, situation);
}

/** Why it cannot be turned off now. */
function forbidsTurnOff({ mfa, asker }: Visit, { record }: Situation): Refused | undefined {
  const forbidden = forbids(mfa.kernel, asker, record, 'manage');
  if (forbidden) return forbidden;
  return mayTurnOff(mfa.kernel, asker.user) ? undefined : refused('session.mfa.mfa_policy_not_user_controlled');
}

async function askTurnOff(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  if (visit.json) return answerState(visit, situation, `${visit.base}/turn-off`);
  if (!situation.record.protected) return redirect(visit, visit.base);
  const refusal = forbidsTurnOff(visit, situation);
  if (refusal) return lead(visit, refusal, `${visit.base}/turn-off`);
  await showTurnOff(visit, situation);
}

async function confirmTurnOff(visit: Visit): Promise<void> {
  const { mfa, asker, base, json, body } = visit;
  const confirmed = fieldOf(body, 'confirmed');
  if (confirmed !== 'yes' && confirmed !== true) {
    return json
      ? refuseJson(visit, refused('request.invalid', { field: 'confirmed' }))
      : redirect(visit, `${base}/turn-off`);
  }
  const outcome = await turnOff(mfa.kernel, asker);
  if (!outcome.accepted) return refusedAt(visit, outcome, `${base}/turn-off`);
  await carryOver(visit, outcome);
  asker.signIn = { ...asker.signIn, suggested: true };
  await goOnSaying(visit, { step: 'done', url: base }, { what: 'turned-off' });
}

async function refusedAt(visit: Visit, refusal: Refused, back: string): Promise<void> {
  const isStray = ['session.verification_session_not_found', 'session.mfa.mfa_policy_not_user_controlled'].includes(
    refusal.reason,
  );
  if (leadsAway(visit, refusal) || (isStray && !visit.json)) return lead(visit, refusal, back);
  if (visit.json) return refuseJson(visit, refusal);
  await showManage(visit, await currentSituation(visit), refusal);
}
