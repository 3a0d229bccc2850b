// Enrolment: choose, begin, confirm, skip. Knows no factor by name.
import { Router, type Router as ExpressRouter } from 'express';
import { bindsAtOnce, bindVouched, hasVouched } from '../../src/core/flows/bind.js';
import { confirmEnrollment } from '../../src/core/flows/confirm-enrollment.js';
import { beginEnrollment, refusedEnrollment } from '../../src/core/flows/enroll.js';
import { beginSet } from '../../src/core/flows/pending-set.js';
import { backupFactorOf, factorOf } from '../../src/core/kernel/kernel.js';
import { skipSuggestion } from '../../src/core/flows/manage.js';
import { refused, type Outcome, type Refused } from '../../src/core/words/outcome.js';
import { proofOwed, riskyEnrollment } from '../../src/core/rules/permission.js';
import type { MfaCore } from '../../src/mfa.js';
import { parseName } from '../../src/validation.js';
import { goOn, nextOf, redirect, refuseJson } from '../visit/answers.js';
import { answerState, lead, leadsAway } from '../visit/refusal-redirect.js';
import { kindOf } from './mfa-verify-router.js';
import { carryOver } from '../visit/own-change.js';
import { addPageParts } from './page-parts.js';
import { askedFor, backToAsked } from '../visit/asked.js';
import { form, page } from '../visit/route.js';
import { goOnSaying } from '../visit/said.js';
import { keepSignIn } from '../sign-in/session.js';
import { choicesOf } from './set-up-steps.js';
import { showSetup, showSetupDone, showSetupIndex } from './setup-page.js';
import { setupConfirmRouter } from './setup-confirm-router.js';
import { currentSituation, sendState } from '../visit/current-situation.js';
import { isPrefetch } from '../http/request-kind.js';
import { sendJson } from '../http/send-json.js';
import { objectOf } from './verify-page.js';
import type { Visit } from '../visit/visit.js';

/** Enrolment alone, `/setup…`, with the static files and the sign-out of its pages; mounted at the same path as the other parts. */
export function mfaSetupRouter(mfa: MfaCore): ExpressRouter {
  const router = Router();
  addPageParts(router, mfa);
  addSetupRoutes(router, mfa);
  return router;
}

export function addSetupRoutes(router: ExpressRouter, mfa: MfaCore): void {
  router.get('/setup', page(mfa, index));
  router.post('/setup/skip', form(mfa, skip));
  router.use(setupConfirmRouter(mfa));
  router.get('/setup/done', page(mfa, done));
  router.get('/setup/:factor', page(mfa, open));
  router.post('/setup/:factor/begin', form(mfa, begin));
  router.post('/setup/:factor', form(mfa, confirm));
}

async function index(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const { state, next, record } = situation;
  if (state === 'pending') {
    const refusal = proofOwed(visit.mfa.kernel, visit.asker, record, next);
    return lead(visit, refusal, `${visit.base}/setup`);
  }
  if (visit.json) return sendState(visit, situation);
  const shut = record.protected ? undefined : riskyEnrollment(visit.mfa.kernel, visit.asker, record);
  if (shut) return lead(visit, shut, visit.base);
  const [only, ...others] = choicesOf(visit);
  // A suggestion stays a page of its own, with one factor too: "Not now" has its place there.
  if (only && others.length === 0 && !next.step.startsWith('suggest') && !askedFor(visit, situation))
    return redirect(visit, `${visit.base}/setup/${only.kind}`);
  // A page that a browser fetched beforehand has interrupted nobody yet.
  if (!isPrefetch(visit.req)) visit.asker.signIn = { ...visit.asker.signIn, suggested: true };
  await showSetupIndex(visit, situation);
}

async function skip(visit: Visit): Promise<void> {
  const outcome = await skipSuggestion(visit.mfa.kernel, visit.asker);
  if (!outcome.accepted) return lead(visit, outcome, `${visit.base}/setup`);
  await goOn(visit, nextOf(visit, await currentSituation(visit)));
}

/** The set of backup codes has pages of its own. */
function elsewhere(visit: Visit, kind: string): string | undefined {
  return backupFactorOf(visit.mfa.kernel)?.kind === kind ? `${visit.base}/backup-codes` : undefined;
}

async function open(visit: Visit): Promise<void> {
  const kind = kindOf(visit.req);
  const other = elsewhere(visit, kind);
  if (other !== undefined) return redirect(visit, other);
  const opened = await beginEnrollment(visit.mfa.kernel, visit.asker, kind, {}, 'page');
  // The code that a vouched address is asked for at once confirms the first enrolment as well: one code, not two.
  const bindable = isUnconfirmed(opened) && hasVouched(visit.mfa.kernel, visit.asker, kind);
  // Whoever objected to it is confirmed by the address that they objected from, before any other is bound.
  if (!opened.accepted && (!bindable || (await currentSituation(visit)).record.protected))
    return refusedAt(visit, kind, opened);
  const begun = opened.accepted ? opened.begun : undefined;
  if (!visit.json) return showSetup(visit, await currentSituation(visit), kind, begun);
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  sendJson(visit.res, objectOf(begun?.shown));
}

function isUnconfirmed(outcome: Outcome): boolean {
  if (outcome.accepted || outcome.reason !== 'session.mfa.first_enrollment_unconfirmed') return false;
  return outcome.details.hint === undefined;
}

async function begin(visit: Visit): Promise<void> {
  const kind = kindOf(visit.req);
  if (elsewhere(visit, kind) !== undefined)
    return lead(visit, refused('session.mfa.mfa_factor_not_enabled'), visit.base);
  if (bindsAtOnce(visit.mfa.kernel, visit.asker, kind, visit.body)) return bind(visit, kind);
  const outcome = await beginEnrollment(visit.mfa.kernel, visit.asker, kind, visit.body, 'anew');
  if (!outcome.accepted) return refusedAt(visit, kind, outcome);
  const shown = outcome.begun?.shown;
  const once = factorOf(visit.mfa.kernel, kind)?.enrollment.ceremony === 'once';
  if (!visit.json) return goOn(visit, { step: 'enroll', url: `${visit.base}/setup/${kind}` });
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  sendJson(visit.res, once ? { options: shown } : objectOf(shown));
}

/** An address that the host verified needs no code to be bound; to be elevated by it does. */
async function bind(visit: Visit, kind: string): Promise<void> {
  const outcome = await bindVouched(visit.mfa.kernel, visit.asker, kind, false);
  if (!outcome.accepted) return refusedAt(visit, kind, outcome);
  // The suggestion that led here was taken up; the one that follows it is another.
  const { suggested: _taken, ...signIn } = visit.asker.signIn;
  visit.asker.signIn = outcome.first && !visit.json ? { ...signIn, settingUp: true } : signIn;
  await carryOver(visit, outcome);
  const next = nextOf(visit, await currentSituation(visit, outcome.record), visit.base);
  await goOnSaying(visit, next, { what: 'added', kind });
}

async function confirm(visit: Visit): Promise<void> {
  const kind = kindOf(visit.req);
  const { kernel } = visit.mfa;
  if (elsewhere(visit, kind) !== undefined)
    return lead(visit, refused('session.mfa.mfa_factor_not_enabled'), visit.base);
  const name = parseName(visit.body);
  if ('field' in name) {
    return refusedAt(
      visit,
      kind,
      refusedEnrollment(kernel, visit.asker, kind, 'request.invalid', { field: name.field }),
    );
  }
  const outcome = await confirmEnrollment(kernel, visit.asker, kind, visit.body, name.value);
  if (!outcome.accepted) return refusedAt(visit, kind, outcome);
  if (outcome.first && !visit.json) visit.asker.signIn = { ...visit.asker.signIn, settingUp: true };
  await carryOver(visit, outcome);
  const situation = await currentSituation(visit, outcome.record);
  // The set that follows the first primary factor waits on its page already; if this fails, the page begins it.
  if (situation.next.step === 'save-backup-codes') {
    await beginSet(kernel, visit.asker).catch(() => undefined);
  }
  const own = outcome.record.authenticators.find(({ id }) => id === outcome.authenticatorId);
  await goOnSaying(visit, backToAsked(visit, kind, nextOf(visit, situation, visit.base)), {
    what: outcome.replaced ? 'replaced' : 'added',
    kind,
    ...(own?.name === undefined ? {} : { name: own.name }),
  });
}

/** The end of the first set-up; for nobody else. */
async function done(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  if (visit.json) return answerState(visit, situation, visit.base);
  const { setUpLeadsTo } = visit.asker.signIn;
  if (situation.state !== 'elevated' || setUpLeadsTo === undefined) return redirect(visit, visit.base);
  await showSetupDone(visit, situation, setUpLeadsTo);
}

async function refusedAt(visit: Visit, kind: string, refusal: Refused): Promise<void> {
  if (visit.json && !leadsAway(visit, refusal)) return refuseJson(visit, refusal);
  const fit =
    factorOf(visit.mfa.kernel, kind) &&
    !leadsAway(visit, refusal) &&
    (refusal.reason !== 'user.too_many_authenticators' || refusal.details.field === 'replaces');
  if (!fit) return lead(visit, refusal, `${visit.base}/setup/${kind}`);
  // What this session began is still there after a wrong code: the same QR code, the same address.
  const open = await beginEnrollment(visit.mfa.kernel, visit.asker, kind, {}, 'page');
  if (!open.accepted) return lead(visit, refusal, `${visit.base}/setup/${kind}`);
  await showSetup(visit, await currentSituation(visit), kind, open.begun, refusal);
}
