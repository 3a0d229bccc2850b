// The challenge: which way, begin, answer. Knows no factor by name; what a person owes is for `next-step` to say.
import { Router, type Request, type Router as ExpressRouter } from 'express';
import { issueChallenge, openChallenge, type Issued } from '../../src/core/flows/challenge.js';
import { statusOf } from '../../src/core/words/errors.js';
import { backupFactorOf, factorOf } from '../../src/core/kernel/kernel.js';
import { lockOf } from '../../src/core/rules/lock.js';
import { refused, type Outcome, type Refused } from '../../src/core/words/outcome.js';
import { isFirstFactor, type Situation } from '../../src/core/rules/situation.js';
import type { MfaCore } from '../../src/mfa.js';
import { goOn, redirect, refuse, refuseJson, urlOfStep } from '../visit/answers.js';
import { answerChallenge, refusedAsLapsed } from '../visit/answer-challenge.js';
import { lapsed, passed } from './after-answer.js';
import { addConfirmRoutes } from './confirm-router.js';
import { addPageParts } from './page-parts.js';
import { form, page, passedOn } from '../visit/route.js';
import { repeatForm, showRepeat } from './repeat.js';
import { keepSignIn } from '../sign-in/session.js';
import { currentSituation, sendState } from '../visit/current-situation.js';
import { setErrorHeaders } from '../http/problem.js';
import { missedCodes, objectOf, passKind, showChallenge, showChoice } from './verify-page.js';
import { hasLapsed, purposeOf, waysFor } from '../visit/purpose.js';
import { answerUnlock, showUnlock } from './unlock.js';
import type { Visit } from '../visit/visit.js';
import { isNavigation } from '../http/request-kind.js';
import { sendJson } from '../http/send-json.js';

/** Verification alone, `/verify…`, with the static files and the sign-out of its pages; mounted at the same path as the other parts. */
export function mfaVerifyRouter(mfa: MfaCore): ExpressRouter {
  const router = Router();
  addPageParts(router, mfa);
  addVerifyRoutes(router, mfa);
  return router;
}

export function addVerifyRoutes(router: ExpressRouter, mfa: MfaCore): void {
  router.get('/verify', page(mfa, first));
  router.get('/repeat', page(mfa, showRepeat));
  router.post('/repeat', passedOn(mfa, repeatForm));
  router.get('/verify/choose', page(mfa, choose));
  router.get('/verify/:factor', page(mfa, challenge));
  router.get(
    '/verify/:factor/unlock',
    page(mfa, (visit) => showUnlock(visit, kindOf(visit.req))),
  );
  router.post('/verify/:factor/unlock', form(mfa, unlock));
  router.post('/verify/:factor/begin', form(mfa, begin));
  router.post('/verify/:factor', form(mfa, answer));
  addConfirmRoutes(router, mfa);
}

export function kindOf(req: Request): string {
  const { factor } = req.params;
  return typeof factor === 'string' ? factor : '';
}

/** @returns where a person who owes nothing here belongs instead */
function elsewhere(visit: Visit, situation: Situation): string | undefined {
  if (situation.next.step === 'recover') return `${visit.base}/recover`;
  if (purposeOf(visit, situation) !== undefined) return undefined;
  return situation.record.protected ? visit.base : `${visit.base}/setup`;
}

/** The page of a code that is spent and owes something. */
function stageOf({ base }: Visit, { next }: Situation): string | undefined {
  return next.step === 'confirm-recovery' || next.step === 'wait' ? urlOfStep(base, next) : undefined;
}

async function first(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  if (visit.json) return sendState(visit, situation);
  const other = elsewhere(visit, situation) ?? stageOf(visit, situation);
  if (other !== undefined) return redirect(visit, other);
  const way = waysFor(visit, situation)[0];
  if (!way) return refuse(visit, refused('user.missing_mfa'), [{ to: 'setup', url: `${visit.base}/setup` }]);
  redirect(visit, `${visit.base}/verify/${way.kind}`);
}

async function choose(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  if (visit.json) return sendState(visit, situation);
  const other = elsewhere(visit, situation);
  if (other !== undefined) return redirect(visit, other);
  const stage = stageOf(visit, situation);
  if (stage !== undefined && waysFor(visit, situation).length === 0) return redirect(visit, stage);
  await showChoice(visit, situation);
}

async function challenge(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const kind = kindOf(visit.req);
  const { kernel } = visit.mfa;
  if (visit.json) return sendState(visit, situation);
  const isPass = passKind(visit, situation) === kind;
  const away = isPass ? undefined : elsewhere(visit, situation);
  if (away !== undefined) return redirect(visit, away);
  if (hasLapsed(visit, situation)) return lapsed(visit);
  if (isPass) return showChallenge(visit, situation, kind);
  if (!waysFor(visit, situation).some((way) => way.kind === kind)) {
    // To the page that says why: whoever comes for the codes on their paper is not sent away without a word.
    const expired = backupFactorOf(kernel)?.kind === kind && missedCodes(visit, situation) !== undefined;
    return redirect(visit, `${visit.base}/verify${expired ? '/choose' : ''}`);
  }
  const sent = await sendByItself(visit, situation, kind);
  if (!sent) return showChallenge(visit, situation, kind);
  if (sent.accepted) return showChallenge(visit, situation, kind, { challenge: sent.shown });
  // Two tabs that open at once: the code that the other one asked for is on its way.
  const limited = sent.reason === 'connector.rate_limit_exceeded';
  const other = limited ? await openChallenge(kernel, visit.asker, kind, situation.record) : undefined;
  if (other) return showChallenge(visit, situation, kind, { challenge: other.shown });
  setErrorHeaders(visit.res, sent.reason, sent.details);
  await showChallenge(visit, situation, kind, {
    error: { code: sent.reason, details: sent.details },
    status: statusOf[sent.reason],
  });
}

/** A code goes out by itself once per pending sign-in, when its page is opened by a real navigation. */
async function sendByItself(visit: Visit, situation: Situation, kind: string): Promise<Outcome<Issued> | undefined> {
  const { kernel } = visit.mfa;
  const { signIn } = visit.asker;
  const factor = factorOf(kernel, kind);
  if (!factor?.issue || typeof factor.ceremony !== 'object') return undefined;
  if (!isNavigation(visit.req) || signIn.sent?.includes(kind)) return undefined;
  // The page says so itself, and the code can still be sent when the wait is over.
  if (lockOf(kernel, visit.asker, factor, situation.record) !== undefined) return undefined;
  visit.asker.signIn = { ...signIn, sent: [...(signIn.sent ?? []), kind] };
  return issueChallenge(kernel, visit.asker, kind, situation.record);
}

async function begin(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const kind = kindOf(visit.req);
  if (hasLapsed(visit, situation)) return lapsed(visit);
  const outcome = await issueChallenge(visit.mfa.kernel, visit.asker, kind, situation.record);
  if (!outcome.accepted) return refusedAt(visit, kind, outcome, situation);
  const { signIn } = visit.asker;
  visit.asker.signIn = { ...signIn, sent: [...new Set([...(signIn.sent ?? []), kind])] };
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  const once = factorOf(visit.mfa.kernel, kind)?.ceremony === 'once';
  if (visit.json) sendJson(visit.res, once ? { options: outcome.shown } : objectOf(outcome.shown));
  else await goOn(visit, { step: 'verify', url: `${visit.base}/verify/${kind}` });
}

async function answer(visit: Visit): Promise<void> {
  const kind = kindOf(visit.req);
  const outcome = await answerChallenge(visit, kind);
  if (outcome.accepted) return passed(visit, kind, outcome);
  if (outcome.details.hint === 'pending.lapsed') return lapsed(visit);
  await refusedAt(visit, kind, outcome);
}

async function unlock(visit: Visit): Promise<void> {
  const kind = kindOf(visit.req);
  if (await refusedAsLapsed(visit, kind)) return lapsed(visit);
  await answerUnlock(visit, kind);
}

async function refusedAt(visit: Visit, kind: string, refusal: Refused, known?: Situation): Promise<void> {
  const isOff = refusal.reason === 'session.mfa.mfa_factor_not_enabled';
  if (visit.json && !isOff) return refuseJson(visit, refusal);
  const situation = known ?? (await currentSituation(visit));
  const setUp = isOff ? setUpUrl(visit, situation, kind) : undefined;
  const { reason, details } = refusal;
  if (visit.json)
    return refuseJson(visit, setUp === undefined ? refusal : { reason, details: { ...details, url: setUp } });
  const hasPage = situation.ways.some((way) => way.kind === kind) || passKind(visit, situation) === kind;
  if (!hasPage || !situation.record.protected) {
    const verifyLink = { to: 'verify' as const, url: `${visit.base}/verify` };
    return refuse(visit, refusal, [setUp === undefined ? verifyLink : { to: 'setup', url: setUp }]);
  }
  setErrorHeaders(visit.res, reason, details);
  await showChallenge(visit, situation, kind, { error: { code: reason, details }, status: statusOf[reason] });
}

/** Where somebody who has none of this kind can set it up, and may. */
function setUpUrl({ mfa, asker, base }: Visit, { state, record }: Situation, kind: string): string | undefined {
  const factor = factorOf(mfa.kernel, kind);
  if (factor?.rank !== 'primary' || isFirstFactor(factor, asker.user)) return undefined;
  const may = state === 'elevated' || !record.protected;
  return may && !record.authenticators.some((own) => own.kind === kind) ? `${base}/setup/${kind}` : undefined;
}
