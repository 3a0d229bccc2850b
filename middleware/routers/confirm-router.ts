// After a backup code in a sign-in that looks risky: the page that takes the further proof, and the one that waits for an
// administrator. Whoever owes neither is led to what they owe.
import type { Router as ExpressRouter } from 'express';
import { statusOf } from '../../src/core/words/errors.js';
import { issueChallenge } from '../../src/core/flows/challenge.js';
import { beginRecoveryCode, confirmRecovery, type CheckPassword } from '../../src/core/flows/confirm-recovery.js';
import { goOnApproved } from '../../src/core/flows/complete-recovery.js';
import { factorOf } from '../../src/core/kernel/kernel.js';
import { confirmWays } from '../../src/core/rules/recovery-ways.js';
import { refused, type Refused } from '../../src/core/words/outcome.js';
import type { Situation } from '../../src/core/rules/situation.js';
import type { MfaCore } from '../../src/mfa.js';
import { fieldOf } from '../../src/validation.js';
import { answerChallenge, elevated, refusedAsLapsed } from '../visit/answer-challenge.js';
import { goOn, redirect, refuseJson, urlOfStep } from '../visit/answers.js';
import { currentSituation, sendState } from '../visit/current-situation.js';
import { hasLapsed } from '../visit/purpose.js';
import { listWaiting } from '../visit/recovering.js';
import { lead } from '../visit/refusal-redirect.js';
import { form, page } from '../visit/route.js';
import type { Visit } from '../visit/visit.js';
import { keepSignIn } from '../sign-in/session.js';
import { lapsed, passed } from './after-answer.js';
import { sendConfirm, sendWait } from './confirm-page.js';
import { objectOf } from './verify-page.js';

export function addConfirmRoutes(router: ExpressRouter, mfa: MfaCore): void {
  router.get('/confirm', page(mfa, open));
  router.post('/confirm/begin', form(mfa, begin));
  router.post('/confirm', form(mfa, answer));
  router.get('/wait', page(mfa, wait));
  router.post('/wait', form(mfa, goOnWaiting));
}

/** Where somebody belongs who owes something else. */
function elsewhere({ base }: Visit, { next }: Situation): string {
  return urlOfStep(base, next) ?? base;
}

async function open(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  if (situation.next.step !== 'confirm-recovery')
    return visit.json ? sendState(visit, situation) : redirect(visit, elsewhere(visit, situation));
  if (hasLapsed(visit, situation)) return lapsed(visit);
  await sendConfirm(visit, situation, takesPassword(visit));
}

function takesPassword({ mfa }: Visit): boolean {
  return mfa.config.web.verifyPassword !== undefined;
}

/** The kind that the form is about; where it does not say, the only one there is, or the first. */
function kindOf(visit: Visit, { record }: Situation): string {
  // Forms of ours say it in their address.
  const named = fieldOf(visit.body, 'factor') ?? visit.req.query['factor'];
  if (typeof named === 'string' && named !== '') return named;
  const ways = confirmWays(visit.mfa.kernel, visit.asker, record, takesPassword(visit));
  const has = (kind: string) => ways.some((way) => way.kind === kind);
  if (fieldOf(visit.body, 'password') !== undefined && has('password')) return 'password';
  return ways[0]?.kind ?? '';
}

async function begin(visit: Visit): Promise<void> {
  const { mfa, asker } = visit;
  const situation = await currentSituation(visit);
  if (hasLapsed(visit, situation)) return lapsed(visit);
  if (situation.next.step !== 'confirm-recovery') return notOwed(visit, situation);
  const kind = kindOf(visit, situation);
  const isOwn = situation.ways.some((way) => way.kind === kind);
  const outcome = isOwn
    ? await issueChallenge(mfa.kernel, asker, kind, situation.record)
    : await beginRecoveryCode(mfa.kernel, asker, kind);
  if (!outcome.accepted) return refusedAt(visit, kind, outcome, situation);
  const url = isOwn ? `${visit.base}/verify/${kind}` : `${visit.base}/confirm?factor=${encodeURIComponent(kind)}`;
  if (!visit.json) return goOn(visit, { step: 'confirm-recovery', url });
  keepSignIn(mfa, visit.req, asker.signIn);
  const once = factorOf(mfa.kernel, kind)?.ceremony === 'once';
  visit.res.status(200).json(once ? { options: outcome.shown } : objectOf(outcome.shown));
}

async function answer(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const kind = kindOf(visit, situation);
  const late = await refusedAsLapsed(visit, kind);
  if (late) return lapsed(visit);
  if (situation.next.step !== 'confirm-recovery') return notOwed(visit, situation);
  const { kernel } = visit.mfa;
  if (situation.ways.some(({ kind: own, rank }) => own === kind && rank === 'primary')) {
    const outcome = await answerChallenge(visit, kind);
    return outcome.accepted ? passed(visit, kind, outcome) : refusedAt(visit, kind, outcome, situation);
  }
  const outcome = await confirmRecovery(kernel, visit.asker, kind, visit.body, passwordCheck(visit));
  if (!outcome.accepted) return refusedAt(visit, kind, outcome, situation);
  await passed(visit, outcome.proof.kind, await elevated(visit, outcome));
}

/** Only `true` is a right password; what the host throws is told as its failure, and lets nobody in. */
function passwordCheck({ mfa, req }: Visit): CheckPassword | undefined {
  const { verifyPassword } = mfa.config.web;
  return verifyPassword && ((text) => verifyPassword(req, text));
}

async function notOwed(visit: Visit, situation: Situation): Promise<void> {
  const refusal = refused('session.mfa.pending_info_not_found');
  if (visit.json) return refuseJson(visit, refusal);
  await lead(visit, refusal, elsewhere(visit, situation));
}

async function refusedAt(visit: Visit, kind: string, refusal: Refused, situation: Situation): Promise<void> {
  if (visit.json) return refuseJson(visit, refusal);
  await sendConfirm(visit, situation, takesPassword(visit), { kind, refusal });
}

async function wait(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  if (situation.next.step !== 'wait')
    return visit.json ? sendState(visit, situation) : redirect(visit, elsewhere(visit, situation));
  await listWaiting(visit, situation.record);
  await sendWait(visit, situation);
}

async function goOnWaiting(visit: Visit): Promise<void> {
  if (await refusedAsLapsed(visit, '')) return lapsed(visit);
  const situation = await currentSituation(visit);
  const outcome = await goOnApproved(visit.mfa.kernel, visit.asker);
  if (outcome.accepted) return passed(visit, outcome.proof.kind, await elevated(visit, outcome));
  if (visit.json) return refuseJson(visit, outcome);
  if (outcome.reason !== 'session.mfa.awaiting_approval') return lead(visit, outcome, elsewhere(visit, situation));
  await sendWait(visit, situation, statusOf[outcome.reason]);
}
