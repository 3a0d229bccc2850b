// Before a first enrolment: the code to the address that the host knows, or the one that an administrator granted.
import { Router, type Router as ExpressRouter } from 'express';
import type { ConfirmationAnswer } from '../../src/api/answers.js';
import { statusOf } from '../../src/core/words/errors.js';
import { beginConfirmation, confirmFirstEnrollment, openConfirmation } from '../../src/core/flows/first-enrollment.js';
import { startsAgain } from '../../src/core/rules/confirms-by.js';
import { isDemanded } from '../../src/core/rules/next-step.js';
import { refused, type Refused } from '../../src/core/words/outcome.js';
import { proofOwed, riskyEnrollment } from '../../src/core/rules/permission.js';
import type { Situation } from '../../src/core/rules/situation.js';
import type { MfaCore } from '../../src/mfa.js';
import { commonModel, goOn, redirect, refuseJson, sendPage } from '../visit/answers.js';
import { lead, leadsAway } from '../visit/refusal-redirect.js';
import { setErrorHeaders } from '../http/problem.js';
import { sendJson } from '../http/send-json.js';
import { form, page } from '../visit/route.js';
import { keepSignIn, renewSignIn } from '../sign-in/session.js';
import { currentSituation } from '../visit/current-situation.js';
import { progressOf } from './set-up-steps.js';
import { objectOf } from './verify-page.js';
import type { FactorFacts, SetupConfirmModel } from '../pages/view-model.js';
import type { Visit } from '../visit/visit.js';

export function setupConfirmRouter(mfa: MfaCore): ExpressRouter {
  const router = Router();
  router.get('/setup/confirm', page(mfa, open));
  router.post('/setup/confirm/begin', form(mfa, begin));
  router.post('/setup/confirm', form(mfa, answer));
  return router;
}

/** Only for whoever is not protected yet: to a pending person this page is none. */
async function open(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const { state, next, record } = situation;
  const setup = `${visit.base}/setup`;
  if (state === 'pending') return lead(visit, proofOwed(visit.mfa.kernel, visit.asker, record, next), setup);
  const shut = riskyEnrollment(visit.mfa.kernel, visit.asker, record);
  if (shut && !record.protected) return lead(visit, shut, setup);
  if (!record.protected || startsAgain(record)) return show(visit, situation);
  if (visit.json) return refuseJson(visit, refused('session.mfa.pending_info_not_found'));
  redirect(visit, setup);
}

async function show(visit: Visit, { record, next }: Situation, refusal?: Refused): Promise<void> {
  const { mfa, asker, base } = visit;
  const confirmation = await openConfirmation(mfa.kernel, asker, record);
  if (!confirmation) return redirect(visit, `${base}/setup`);
  const { via, masked, shown } = confirmation;
  const facts = { ...(masked === undefined ? {} : { masked }), ...objectOf(shown) } as FactorFacts;
  if (visit.json) {
    keepSignIn(visit.mfa, visit.req, asker.signIn);
    const answer: ConfirmationAnswer = { via, ...facts };
    return sendJson(visit.res, answer);
  }
  const { resendAfter } = facts;
  const model: SetupConfirmModel = {
    ...commonModel(visit, refusal && { code: refusal.reason, details: refusal.details, field: 'code' }),
    ...progressOf(visit, { record }, 'choose'),
    via: via as SetupConfirmModel['via'],
    action: `${base}/setup/confirm`,
    ...(via === 'granted' ? {} : { beginAction: `${base}/setup/confirm/begin` }),
    ...(shown === undefined ? {} : { sent: true }),
    ...(typeof resendAfter === 'number' ? { resendAfterSeconds: Math.max(0, resendAfter - mfa.kernel.now()) } : {}),
    ...(isDemanded(next) ? {} : { cancelUrl: next.step.startsWith('suggest') ? `${base}/setup` : base }),
    facts,
  };
  if (refusal) setErrorHeaders(visit.res, refusal.reason, refusal.details);
  await sendPage(visit, 'setup/confirm', model, refusal ? statusOf[refusal.reason] : 200);
}

async function begin(visit: Visit): Promise<void> {
  const outcome = await beginConfirmation(visit.mfa.kernel, visit.asker);
  if (!outcome.accepted) return refusedAt(visit, outcome);
  if (!visit.json) return goOn(visit, { step: 'enroll', url: `${visit.base}/setup/confirm` });
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  sendJson(visit.res, objectOf(outcome.shown));
}

async function answer(visit: Visit): Promise<void> {
  const outcome = await confirmFirstEnrollment(visit.mfa.kernel, visit.asker, visit.body);
  if (!outcome.accepted) return refusedAt(visit, outcome);
  const { mfa, req, asker } = visit;
  asker.signIn = await renewSignIn(mfa, req, { ...asker.signIn, firstEnrollmentConfirmedAt: outcome.at });
  await goOn(visit, { step: 'enroll', url: `${visit.base}/setup` });
}

async function refusedAt(visit: Visit, refusal: Refused): Promise<void> {
  if (visit.json && !leadsAway(visit, refusal)) return refuseJson(visit, refusal);
  if (leadsAway(visit, refusal) || refusal.reason === 'session.mfa.pending_info_not_found') {
    return lead(visit, refusal, `${visit.base}/setup`);
  }
  await show(visit, await currentSituation(visit), refusal);
}
