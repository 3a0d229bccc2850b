// Everything at once: the account page and its forms, recovery, sign-out, the pages' static files, and the routers of
// set-up, verification and backup codes.
import { Router, type Request, type Router as ExpressRouter } from 'express';
import { endHostSessions, endOtherSignIns } from '../../src/core/flows/end-sign-ins.js';
import { renameAuthenticator, revokeTrusted, setPreferences, type Preferences } from '../../src/core/flows/manage.js';
import { refused, type Refused } from '../../src/core/words/outcome.js';
import { canEnd } from '../../src/core/rules/ended-sign-ins.js';
import { proofOwed } from '../../src/core/rules/permission.js';
import type { Situation } from '../../src/core/rules/situation.js';
import type { Said } from '../../src/core/kernel/sign-in.js';
import type { MfaCore } from '../../src/mfa.js';
import { parseName, parsePreferences } from '../../src/validation.js';
import { commonModel, redirect, refuseJson, sendPage } from '../visit/answers.js';
import { showActivity } from './activity-page.js';
import { addBackupCodeRoutes } from './backup-code-router.js';
import { lead, leadsAway } from '../visit/refusal-redirect.js';
import { showManage } from './manage-page.js';
import { addSetupRoutes } from './mfa-setup-router.js';
import { addVerifyRoutes } from './mfa-verify-router.js';
import { passLink } from './verify-page.js';
import { objectRouter } from './object-router.js';
import { carryOver } from '../visit/own-change.js';
import { addPageParts } from './page-parts.js';
import { addProgramRoutes } from './program-routes.js';
import { removalRouter } from './removal-router.js';
import { form, page } from '../visit/route.js';
import { waysFor } from '../visit/purpose.js';
import { goOnSaying } from '../visit/said.js';
import { sessionIdOf } from '../sign-in/host-session.js';
import { saveSession } from '../sign-in/session.js';
import { currentSituation, expiredCodes, sendState } from '../visit/current-situation.js';
import type { Visit } from '../visit/visit.js';

/** All pages and routes, to be mounted once after session and sign-in, before the guard: `app.use('/mfa', mfaRouter(mfa))`. */
export function mfaRouter(mfa: MfaCore): ExpressRouter {
  const router = Router();
  addPageParts(router, mfa);
  router.get('/', page(mfa, manage));
  // First, for most come for them, and each request is compared with one route after the other.
  addVerifyRoutes(router, mfa);
  // Without an audit log it is an address like any other that is not there: the host says so.
  if (mfa.audit) router.get('/activity', page(mfa, activity));
  router.get('/recover', page(mfa, recover));
  router.post('/authenticators/:id/rename', form(mfa, rename));
  router.use(removalRouter(mfa));
  router.post('/trusted-browsers/revoke-all', form(mfa, revokeAll));
  router.post('/trusted-browsers/:id/revoke', form(mfa, revoke));
  router.post('/preferences', form(mfa, preferences));
  router.post('/sign-ins/end-others', form(mfa, endOthers));
  router.use(objectRouter(mfa));
  addProgramRoutes(router, mfa);
  addSetupRoutes(router, mfa);
  addBackupCodeRoutes(router, mfa);
  return router;
}

/** Why this person may not see the inventory: a factor is owed, or nothing usable is left. */
function closed({ mfa, asker }: Visit, { state, next, record }: Situation): Refused | undefined {
  return record.protected && state !== 'elevated' ? proofOwed(mfa.kernel, asker, record, next) : undefined;
}

async function manage(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  if (visit.json) return sendState(visit, situation);
  const refusal = closed(visit, situation);
  if (refusal) return lead(visit, refusal, visit.base);
  await showManage(visit, situation);
}

async function activity(visit: Visit): Promise<void> {
  const { mfa, base } = visit;
  const refusal = closed(visit, await currentSituation(visit));
  if (refusal) return lead(visit, refusal, `${base}/activity`);
  if (mfa.audit) await showActivity(visit, mfa.audit);
}

async function recover(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const { record, ways, state, next } = situation;
  // Nobody without two-step verification has lost it.
  if (!record.protected) return visit.json ? sendState(visit, situation) : redirect(visit, visit.base);
  if (visit.json) return refuseJson(visit, refused('session.mfa.recovery_required', { url: `${visit.base}/recover` }));
  const hasWays = (state === 'pending' ? waysFor(visit, situation) : ways).length > 0 && next.step !== 'recover';
  await sendPage(visit, 'recover', {
    ...commonModel(visit, undefined, expiredCodes(visit, record)),
    kinds: visit.mfa.kernel.factors.map(({ kind }) => kind),
    ...(hasWays ? { waysUrl: state === 'elevated' ? visit.base : `${visit.base}/verify/choose` } : {}),
    ...passLink(visit, situation),
  });
}

function idOf(req: Request): string {
  const { id } = req.params;
  return typeof id === 'string' ? id : '';
}

async function rename(visit: Visit): Promise<void> {
  const name = parseName(visit.body);
  if ('field' in name || name.value === undefined)
    return refusedAt(visit, refused('request.invalid', { field: 'name' }));
  const outcome = await renameAuthenticator(visit.mfa.kernel, visit.asker, idOf(visit.req), name.value);
  if (!outcome.accepted) return refusedAt(visit, outcome);
  await goOnSaying(visit, { step: 'done', url: visit.base }, { what: 'renamed' });
}

async function revoke(visit: Visit): Promise<void> {
  await revokeTrust(visit, idOf(visit.req));
}

async function revokeAll(visit: Visit): Promise<void> {
  await revokeTrust(visit);
}

async function revokeTrust(visit: Visit, id?: string): Promise<void> {
  const outcome = await revokeTrusted(visit.mfa.kernel, visit.asker, id);
  if (!outcome.accepted) return refusedAt(visit, outcome);
  await goOnSaying(
    visit,
    { step: 'done', url: visit.base },
    { what: id === undefined ? 'trust-ended-all' : 'trust-ended' },
  );
}

/** This session goes on under a new id; the host ends the others of its own. */
async function endOthers(visit: Visit): Promise<void> {
  const { mfa, req, asker } = visit;
  const outcome = await endOtherSignIns(mfa.kernel, asker);
  if (!outcome.accepted) return refusedAt(visit, outcome);
  if (canEnd(outcome.record)) {
    await carryOver(visit, outcome);
    await saveSession(mfa, req);
  }
  const exceptSessionId = mfa.config.web.proofs === 'session' ? sessionIdOf(req) : asker.user.signInId;
  await endHostSessions(
    mfa.config.endSessions,
    asker.user.id,
    exceptSessionId === undefined ? {} : { exceptSessionId },
  );
  await goOnSaying(visit, { step: 'done', url: visit.base }, { what: 'others-signed-out' });
}

async function preferences(visit: Visit): Promise<void> {
  const wanted = parsePreferences(visit.body);
  if ('field' in wanted) return refusedAt(visit, refused('request.invalid', { field: wanted.field }));
  const outcome = await setPreferences(visit.mfa.kernel, visit.asker, wanted);
  if (!outcome.accepted) return refusedAt(visit, outcome);
  await goOnSaying(visit, { step: 'done', url: visit.base }, sayingOf(wanted));
}

function sayingOf({ signInStep, openLane, preferred }: Preferences): Said {
  if (signInStep !== undefined) return { what: `sign-in-step-${signInStep}` };
  if (preferred === undefined) return { what: openLane ? 'lane-opened' : 'prompts-reset' };
  return preferred === '' ? { what: 'preferred-none' } : { what: 'preferred', kind: preferred };
}

async function refusedAt(visit: Visit, refusal: Refused): Promise<void> {
  if (leadsAway(visit, refusal)) return lead(visit, refusal, visit.base);
  if (visit.json) return refuseJson(visit, refusal);
  if (refusal.reason === 'session.verification_session_not_found') return lead(visit, refusal, visit.base);
  await showManage(visit, await currentSituation(visit), refusal);
}
