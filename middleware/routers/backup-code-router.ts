// Backup codes: status, a new set, download, "I have saved them", remove. The factor is found by its rank; its codes
// are shown only while they are pending in this session.
import { Router, type Router as ExpressRouter } from 'express';
import { confirmEnrollment } from '../../src/core/flows/confirm-enrollment.js';
import { refusedEnrollment } from '../../src/core/flows/enroll.js';
import { beginSet, extendSet, forgetSet, pendingSet, type PendingSet } from '../../src/core/flows/pending-set.js';
import { backupFactorOf } from '../../src/core/kernel/kernel.js';
import { refused, type Refused } from '../../src/core/words/outcome.js';
import { proofOwed } from '../../src/core/rules/permission.js';
import { hasUsable, type Situation } from '../../src/core/rules/situation.js';
import type { MfaCore } from '../../src/mfa.js';
import { fieldOf } from '../../src/validation.js';
import { goOn, nextOf, redirect, refuseJson } from '../visit/answers.js';
import { sendStatusJson, showPending, showStatus, showUsed } from './backup-codes-page.js';
import { cameByCode, pastCodesLeft } from '../visit/codes-left.js';
import { answerState, lead, leadsAway } from '../visit/refusal-redirect.js';
import { carryOver } from '../visit/own-change.js';
import { addPageParts } from './page-parts.js';
import { removeOwn } from './removal-router.js';
import { form, page } from '../visit/route.js';
import { goOnSaying } from '../visit/said.js';
import { backupStanding, currentSituation } from '../visit/current-situation.js';
import { objectOf } from './verify-page.js';
import type { Visit } from '../visit/visit.js';

/** Backup codes alone, `/backup-codes…`, with the static files and the sign-out of its pages; mounted at the same path as the other parts. */
export function backupCodeRouter(mfa: MfaCore): ExpressRouter {
  const router = Router();
  addPageParts(router, mfa);
  addBackupCodeRoutes(router, mfa);
  return router;
}

export function addBackupCodeRoutes(router: ExpressRouter, mfa: MfaCore): void {
  router.get('/backup-codes', page(mfa, show));
  router.get('/backup-codes/used', page(mfa, used));
  router.post('/backup-codes/generate', form(mfa, generate));
  router.post('/backup-codes/extend', form(mfa, extend));
  router.post('/backup-codes/download', form(mfa, download));
  router.post('/backup-codes/confirm', form(mfa, confirm));
  router.post('/backup-codes/remove', form(mfa, remove));
}

const back = ({ base }: Visit) => `${base}/backup-codes`;

/** Why this person may not even look. */
function closed({ mfa, asker }: Visit, { state, next, record }: Situation): Refused | undefined {
  if (!backupFactorOf(mfa.kernel)) return refused('session.mfa.mfa_factor_not_enabled');
  if (state === 'elevated') return undefined;
  if (record.protected) return proofOwed(mfa.kernel, asker, record, next);
  return hasUsable(mfa.kernel, record, 'primary') ? undefined : refused('session.mfa.backup_code_can_not_be_alone');
}

/** What is pending here; where a set is owed and none was ever shown in this session, one is begun, idempotently. */
async function pendingOf(
  { mfa, asker }: Visit,
  { record, next }: Situation,
): Promise<PendingSet | 'lapsed' | undefined> {
  const pending = await pendingSet(mfa.kernel, asker, record);
  if (pending || next.step !== 'save-backup-codes') return pending;
  const outcome = await beginSet(mfa.kernel, asker);
  return outcome.accepted ? outcome.set : undefined;
}

async function setOf(visit: Visit, situation: Situation): Promise<PendingSet | undefined> {
  const pending = await pendingOf(visit, situation);
  return pending === 'lapsed' ? undefined : pending;
}

async function show(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const refusal = closed(visit, situation);
  if (refusal) return lead(visit, refusal, back(visit));
  await showWhatThereIs(visit, situation);
}

async function showWhatThereIs(visit: Visit, situation: Situation, refusal?: Refused): Promise<void> {
  const pending = await pendingOf(visit, situation);
  const lapsed = pending === 'lapsed';
  const set = lapsed ? undefined : pending;
  if (set) visit.mfa.kernel.tell(visit.asker, [{ name: 'backup-codes-shown', kind: set.factor.kind }]);
  if (visit.json) return sendStatusJson(visit, situation, set?.begun, lapsed);
  if (set) await showPending(visit, situation, set.begun, refusal);
  else await showStatus(visit, situation, { refusal, lapsed });
}

async function generate(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const refusal = closed(visit, situation);
  if (refusal) return lead(visit, refusal, back(visit));
  const outcome = await beginSet(visit.mfa.kernel, visit.asker);
  if (!outcome.accepted) return refusedAt(visit, situation, outcome);
  if (visit.json) return showWhatThereIs(visit, situation);
  await goOn(visit, { step: 'save-backup-codes', url: back(visit) });
}

async function extend(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const refusal = closed(visit, situation);
  if (refusal) return lead(visit, refusal, back(visit));
  const { record } = situation;
  const outcome = await extendSet(visit.mfa.kernel, visit.asker, record, fieldOf(visit.body, 'revealToken'));
  if (!outcome.accepted) return refusedAt(visit, situation, outcome);
  if (visit.json) return showWhatThereIs(visit, situation);
  await goOn(visit, { step: 'save-backup-codes', url: back(visit) });
}

async function download(visit: Visit): Promise<void> {
  const { mfa, asker, res, words } = visit;
  const situation = await currentSituation(visit);
  const refusal = closed(visit, situation);
  if (refusal) return lead(visit, refusal, back(visit));
  const pending = await setOf(visit, situation);
  const { revealToken } = objectOf(pending?.begun.shown);
  const given = fieldOf(visit.body, 'revealToken');
  const fits =
    typeof revealToken === 'string' && typeof given === 'string' && mfa.kernel.sealer.equal(given, revealToken);
  const file = fits
    ? pending?.factor.textFile?.(mfa.config.settings.appName, asker.user, pending.begun.shown, words)
    : undefined;
  if (!pending || !file) return refusedAt(visit, situation, refused('session.verification_session_not_found'));
  mfa.kernel.tell(asker, [{ name: 'backup-codes-downloaded', kind: pending.factor.kind }]);
  res.status(200).setHeader('Content-Disposition', `attachment; filename="${file.name}"`);
  res.type('text/plain; charset=utf-8').send(file.text);
}

async function confirm(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const { kernel } = visit.mfa;
  const kind = backupFactorOf(kernel)?.kind ?? 'backup-codes';
  const refusal = closed(visit, situation);
  if (refusal) {
    return lead(visit, refusedEnrollment(kernel, visit.asker, kind, refusal.reason, refusal.details), back(visit));
  }
  const outcome = await confirmEnrollment(kernel, visit.asker, kind, visit.body);
  if (!outcome.accepted) return refusedAt(visit, situation, outcome);
  forgetSet(kernel, visit.asker);
  await carryOver(visit, outcome);
  const next = nextOf(visit, await currentSituation(visit, outcome.record), visit.base);
  // A set that was owed because the last code was used up: the phone is perhaps lost all the same.
  await goOnSaying(visit, cameByCode(visit) ? pastCodesLeft(visit, next) : next, { what: 'codes-saved' });
}

/** After a code was used: how many are left; for nobody else. */
async function used(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  if (visit.json) return answerState(visit, situation, visit.base);
  const { codeUsedLeadsTo } = visit.asker.signIn;
  if (situation.state !== 'elevated' || codeUsedLeadsTo === undefined) return redirect(visit, visit.base);
  await showUsed(visit, situation, codeUsedLeadsTo);
}

async function remove(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const set = backupStanding(visit, situation.record);
  if (!set) return refusedAt(visit, situation, refused('session.verification_session_not_found'));
  await removeOwn(visit, situation, set.authenticator, back(visit));
}

async function refusedAt(visit: Visit, situation: Situation, refusal: Refused): Promise<void> {
  if (leadsAway(visit, refusal)) return lead(visit, refusal, back(visit));
  if (visit.json) return refuseJson(visit, refusal);
  await showWhatThereIs(visit, situation, refusal);
}
