// The challenge: which way, begin, answer. Knows no factor by name; what a person owes is for `next-step` to say.
import { Router, type Request, type Router as ExpressRouter } from 'express';
import { issueChallenge } from '../src/core/challenge.js';
import { statusOf } from '../src/core/errors.js';
import { factorOf } from '../src/core/kernel.js';
import { refused, type Refused } from '../src/core/outcome.js';
import type { Situation } from '../src/core/situation.js';
import type { Verified } from '../src/core/answered.js';
import { verify } from '../src/core/verify.js';
import type { MfaCore } from '../src/mfa.js';
import { fieldOf } from '../src/validation.js';
import { goOn, nextOf, redirect, refuse, refuseJson } from './answers.js';
import { setKnownBrowserCookie, setTrustedBrowserCookie } from './cookies.js';
import { form, page } from './route.js';
import { elevate } from './session.js';
import { currentSituation, sendState } from './state.js';
import { setErrorHeaders } from './problem.js';
import { hasLapsed, objectOf, purposeOf, showChallenge, showChoice, waysFor } from './verify-page.js';
import type { Visit } from './visit.js';
import { isNavigation } from './wants.js';

export function mfaVerifyRouter(mfa: MfaCore): ExpressRouter {
  const router = Router();
  router.get('/verify', page(mfa, first));
  router.get('/verify/choose', page(mfa, choose));
  router.get('/verify/:factor', page(mfa, challenge));
  router.post('/verify/:factor/begin', form(mfa, begin));
  router.post('/verify/:factor', form(mfa, answer));
  return router;
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

async function first(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  if (visit.json) return sendState(visit, situation);
  const other = elsewhere(visit, situation);
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
  await showChoice(visit, situation);
}

async function challenge(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const kind = kindOf(visit.req);
  if (visit.json) return sendState(visit, situation);
  const other = elsewhere(visit, situation);
  if (other !== undefined) return redirect(visit, other);
  if (hasLapsed(visit, situation)) return lapsed(visit);
  if (!waysFor(visit, situation).some((way) => way.kind === kind)) return redirect(visit, `${visit.base}/verify`);
  const refusal = await sendByItself(visit, kind);
  if (!refusal) return showChallenge(visit, situation, kind);
  setErrorHeaders(visit.res, refusal.reason, refusal.details);
  await showChallenge(visit, situation, kind, {
    error: { code: refusal.reason, details: refusal.details },
    status: statusOf[refusal.reason],
  });
}

/** A code goes out by itself once per pending sign-in, when its page is opened by a real navigation. */
async function sendByItself(visit: Visit, kind: string): Promise<Refused | undefined> {
  const { kernel } = visit.mfa;
  const { signIn } = visit.asker;
  const factor = factorOf(kernel, kind);
  if (!factor?.issue || typeof factor.ceremony !== 'object') return undefined;
  if (!isNavigation(visit.req) || signIn.sent?.includes(kind)) return undefined;
  visit.asker.signIn = { ...signIn, sent: [...(signIn.sent ?? []), kind] };
  const outcome = await issueChallenge(kernel, visit.asker, kind);
  return outcome.accepted ? undefined : outcome;
}

async function lapsed(visit: Visit): Promise<void> {
  const { signInUrl } = visit.mfa.config.web;
  await refuse(visit, refused('session.mfa.pending_info_not_found', { hint: 'pending.lapsed' }), [
    { to: 'sign-in', url: signInUrl },
  ]);
}

async function begin(visit: Visit): Promise<void> {
  const situation = await currentSituation(visit);
  const kind = kindOf(visit.req);
  if (hasLapsed(visit, situation)) return lapsed(visit);
  const outcome = await issueChallenge(visit.mfa.kernel, visit.asker, kind);
  if (!outcome.accepted) return refusedAt(visit, situation, kind, outcome);
  const { signIn } = visit.asker;
  visit.asker.signIn = { ...signIn, sent: [...new Set([...(signIn.sent ?? []), kind])] };
  const once = factorOf(visit.mfa.kernel, kind)?.ceremony === 'once';
  if (visit.json) visit.res.status(200).json(once ? { options: outcome.shown } : objectOf(outcome.shown));
  else await goOn(visit, { step: 'verify', url: `${visit.base}/verify/${kind}` });
}

async function answer(visit: Visit): Promise<void> {
  const kind = kindOf(visit.req);
  const { kernel } = visit.mfa;
  const { signIn } = visit.asker;
  // A sign-in that owed the factor for too long cannot pay any more; whether it owes one, only the record knows.
  if (signIn.proofs.length === 0 && kernel.now() - signIn.startedAt > kernel.settings.pendingMaxAgeSeconds)
    return lapsed(visit);
  const wish = fieldOf(visit.body, 'trustBrowser');
  const outcome = await verify(kernel, visit.asker, kind, visit.body, wish === 'yes' || wish === true);
  if (outcome.accepted) return elevated(visit, outcome);
  await refusedAt(visit, await currentSituation(visit), kind, outcome);
}

/** Record saved → session id regenerated → proof recorded → new CSRF secret → session saved → answer. */
async function elevated(visit: Visit, { proof, epoch, record, knownBrowser, trustedBrowser }: Verified): Promise<void> {
  const { mfa, req, res, asker } = visit;
  const { signIn } = asker;
  const earlier = signIn.epoch === epoch ? signIn.proofs : [];
  const { stepUp, sent: _sent, ...rest } = signIn;
  asker.signIn = {
    ...rest,
    epoch,
    proofs: [...earlier.filter(({ kind }) => kind !== proof.kind), proof],
    ...(stepUp ? { stepUp } : {}),
  };
  asker.signIn = await elevate(mfa, req, asker.signIn);
  if (knownBrowser !== undefined) setKnownBrowserCookie(mfa, req, res, asker.user.id, knownBrowser);
  if (trustedBrowser) setTrustedBrowserCookie(mfa, req, res, asker.user.id, trustedBrowser);
  const situation = await currentSituation(visit, record);
  if (purposeOf(visit, situation) === 'step-up') {
    await goOn(visit, { step: 'step-up', url: `${visit.base}/verify` });
    return;
  }
  const { stepUp: _done, ...clear } = asker.signIn;
  asker.signIn = clear;
  await goOn(visit, nextOf(visit, situation, '/'));
}

async function refusedAt(visit: Visit, situation: Situation, kind: string, refusal: Refused): Promise<void> {
  if (visit.json) return refuseJson(visit, refusal);
  if (!situation.ways.some((way) => way.kind === kind) || !situation.record.protected) {
    return refuse(visit, refusal, [{ to: 'verify', url: `${visit.base}/verify` }]);
  }
  const { reason, details } = refusal;
  setErrorHeaders(visit.res, reason, details);
  await showChallenge(visit, situation, kind, { error: { code: reason, details }, status: statusOf[reason] });
}
