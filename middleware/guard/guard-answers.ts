// What the guard answers when it stops somebody: people are led to the step that is owed, programs are told its
// address; a request that carried a form is never silently dropped.
import type { Request } from 'express';
import { statusOf, type ErrorCode, type ErrorDetails } from '../../src/core/words/errors.js';
import { refused } from '../../src/core/words/outcome.js';
import { keptDemand, type Demand } from '../../src/core/kernel/policy.js';
import type { Situation, Way } from '../../src/core/rules/situation.js';
import { unusual } from '../../src/core/rules/risky.js';
import { eventOfStop } from '../../src/core/rules/stops.js';
import { refuseShutOut, stoppedBy, type ShutOut } from '../visit/barred.js';
import { commonModel, redirect, refuse, refuseJson, sendPage, startOf, urlOfStep } from '../visit/answers.js';
import { refuseHeld, stepUpWays } from '../visit/held.js';
import { maskedIdentifiers } from '../visit/identifiers.js';
import { answerOwed } from '../visit/upstream.js';
import { rememberForm } from '../visit/stopped-form.js';
import type { StepUpModel } from '../pages/view-model.js';
import { closeToOtherSites, setPageHeaders } from '../http/page-headers.js';
import { setErrorHeaders } from '../http/problem.js';
import { pathOf, standsAt } from '../http/safe-path.js';
import { pageBehind, returnToOf } from '../visit/return-to.js';
import { withKeptStart } from '../sign-in/pending-start.js';
import { keepSignIn, saveSession } from '../sign-in/session.js';
import { keepsIt } from '../visit/keeps-it.js';
import type { Reader, Visit } from '../visit/visit.js';
import { isHtmx, isPrefetch } from '../http/request-kind.js';

export async function stopAnonymous(reader: Reader): Promise<void> {
  const { signInUrl } = reader.mfa.config.web;
  await stop(reader, 'session.not_signed_in', { url: signInUrl }, async () => {
    await refuse(reader, { reason: 'session.not_signed_in', details: {} });
  });
}

/** Something must be done before anything else. */
export async function stopUntilDone(visit: Visit, situation: Situation, code: ErrorCode): Promise<void> {
  if (isIcon(visit)) return sendNoIcon(visit);
  const { next } = situation;
  if (next.step === 'barred') return stopShutOut(visit, 'session.mfa.suspended');
  if (next.step === 'blocked') return stopShutOut(visit, 'session.mfa.blocked');
  if (next.step === 'reauthenticate') {
    setHeaders(visit, visit.base);
    return answerOwed(visit);
  }
  const url = urlOfStep(visit.base, next) ?? visit.base;
  const name = eventOfStop(code);
  const detail = name === 'enrollment-required' ? { detail: { step: next.step } } : {};
  if (name) visit.mfa.kernel.tell(visit.asker, [{ name, ...detail }]);
  if (next.step === 'verify' && keepsIt(visit)) {
    visit.asker.signIn = await withKeptStart(visit.mfa.kernel, visit.asker.signIn);
  }
  // The page first asked for: tabs that load beside it do not push it aside. One kept for a step-up is another matter.
  const { returnTo, stepUp } = visit.asker.signIn;
  remember(visit, stepUp ? undefined : returnTo);
  const ways: ErrorDetails = next.step === 'verify' ? waysToTell(visit, situation.record, situation.ways) : {};
  const details = { ...ways, ...(situation.unusual && next.step === 'verify' ? { hint: unusual } : {}) };
  await stopAt(visit, code, { ...details, url });
}

/** Nothing can be done, so nobody is led anywhere. */
async function stopShutOut(visit: Visit, reason: ShutOut): Promise<void> {
  visit.mfa.kernel.tell(visit.asker, [stoppedBy[reason]]);
  setHeaders(visit, visit.base);
  await refuseShutOut(visit, reason);
}

/** What browsers ask for beside every page, our own included: no page that somebody asked for, and nothing to tell of. */
function isIcon({ req }: Visit): boolean {
  return req.method === 'GET' && pathOf(req) === '/favicon.ico';
}

function sendNoIcon({ res }: Visit): void {
  res.set('Cache-Control', 'no-store').status(204).end();
}

/** A sign-in that is held has proved nothing that counts at a step-up. */
export async function stopHeld(visit: Visit, situation: Situation, demand: Demand | undefined): Promise<void> {
  visit.mfa.kernel.tell(visit.asker, [{ name: 'step-up-required', detail: { why: 'on-hold' } }]);
  setHeaders(visit, visit.base);
  remember(visit);
  await refuseHeld(visit, situation, demand);
}

type StepUp = {
  demand: Demand;
  why: 'missing' | 'kind' | 'expired';
  repeat?: boolean;
  label?: string | ((req: Request) => string);
};

/** A proof is missing, too old or of a kind that does not count here. */
export async function stopForStepUp(
  visit: Visit,
  situation: Situation,
  { demand, why, ...shown }: StepUp,
): Promise<void> {
  const { mfa, asker, base } = visit;
  const counting = stepUpWays(visit, situation).filter(({ kind }) => demand.factors?.includes(kind) ?? true);
  mfa.kernel.tell(asker, [{ name: 'step-up-required', detail: { why } }]);
  forgetOther(visit);
  const { factors } = demand;
  if (counting.length === 0) {
    remember(visit);
    const { returnTo } = asker.signIn;
    if (factors && situation.record.protected) {
      asker.signIn = {
        ...asker.signIn,
        asked: { kinds: [...factors], ...(returnTo === undefined ? {} : { url: returnTo }) },
      };
      if (keepsIt(visit)) keepSignIn(mfa, visit.req, asker.signIn);
    }
    const stepUp = factors === undefined ? {} : { stepUp: { why: 'kind' as const, factors: [...factors] } };
    await stopAt(visit, 'user.missing_mfa', { url: `${base}/setup`, ...stepUp });
    return;
  }
  const asked = keptDemand(demand);
  asker.signIn = { ...asker.signIn, stepUp: asked };
  remember(visit);
  const details = {
    ...waysToTell(visit, situation.record, counting),
    stepUp: { why, ...asked },
    url: `${base}/verify`,
  };
  await stopAt(visit, 'session.mfa.step_up_required', details, () => formStopped(visit, { why, ...shown }));
}

/** What the page says of a form, which is remembered by then; a page that was asked for is led on, a program answered. */
async function formStopped(
  visit: Visit,
  { why, repeat = false, label }: Omit<StepUp, 'demand'>,
): Promise<Partial<StepUpModel>> {
  const { req } = visit;
  const named = typeof label === 'function' ? label(req) : label;
  const stopped = await rememberForm(visit, { repeat, label: named });
  return {
    why,
    path: pathOf(req),
    ...(named === undefined ? {} : { label: named }),
    ...(stopped?.id === undefined ? {} : { kept: true as const }),
    cancelUrl: stopped?.page ?? startOf(visit),
  };
}

/**
 * How a suggestion interrupts: one page view per sign-in at most, and never a JSON client. A page of HTMX may ask for no
 * other as long as somebody works in it: there the first part that is asked for leads on.
 */
export function suggestionOf(visit: Visit, { next }: Situation): (() => Promise<void>) | undefined {
  const { req, res } = visit;
  const url = urlOfStep(visit.base, next);
  const isPart = isHtmx(req) && req.method === 'GET' && !isPrefetch(req);
  if (url === undefined || visit.asker.signIn.suggested) return undefined;
  if (!isPart && returnToOf(req) === undefined) return undefined;
  return async () => {
    visit.asker.signIn = { ...visit.asker.signIn, suggested: true };
    remember(visit, isPart ? notSignIn(visit, pageBehind(visit)) : undefined);
    await saveSession(visit.mfa, req);
    if (isPart) res.set({ 'HX-Redirect': url, 'Cache-Control': 'no-store' }).status(204).end();
    else redirect(visit, url);
  };
}

/** A form that is stopped leads back to where it stood, not to a page that was asked for once before. */
function forgetOther(visit: Visit): void {
  if (visit.req.method === 'GET' || visit.req.method === 'HEAD') return;
  const { returnTo: _other, ...signIn } = visit.asker.signIn;
  const page = notSignIn(visit, pageBehind(visit));
  visit.asker.signIn = page === undefined ? signIn : { ...signIn, returnTo: page };
}

/** Keeps the page asked for, and the sign-in with it: pending lasts only so long from now. */
function remember(visit: Visit, first?: string): void {
  if (!keepsIt(visit)) return;
  const returnTo = first ?? notSignIn(visit, returnToOf(visit.req));
  const { signIn } = visit.asker;
  visit.asker.signIn = returnTo === undefined ? signIn : { ...signIn, returnTo };
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
}

/** Log-ins redirect back to their own form; whoever has answered would find it there, empty, and sign in once more. */
function notSignIn({ mfa }: Visit, page: string | undefined): string | undefined {
  return page?.split('?', 1)[0] === mfa.config.web.signInUrl.split('?', 1)[0] ? undefined : page;
}

function waysToTell(visit: Visit, record: Situation['record'], ways: readonly Way[]): ErrorDetails {
  const kinds = ways.map(({ kind }) => kind);
  return { availableFactors: kinds, maskedIdentifiers: maskedIdentifiers(visit, record, kinds) };
}

async function stopAt(
  visit: Visit,
  code: ErrorCode,
  details: ErrorDetails & { url: string },
  tell: () => Promise<Partial<StepUpModel>> = async () => ({}),
): Promise<void> {
  await stop(visit, code, details, async () => {
    setErrorHeaders(visit.res, code, details);
    const told = await tell();
    const model = { ...commonModel(visit), code, continueUrl: details.url, ...told };
    await saveSession(visit.mfa, visit.req);
    await sendPage(visit, 'step-up', model, statusOf[code]);
  });
}

async function stop(
  reader: Reader | Visit,
  code: ErrorCode,
  details: ErrorDetails & { url: string },
  page: () => Promise<void>,
): Promise<void> {
  const { req, json } = reader;
  setHeaders(reader, details.url);
  if (json) {
    refuseJson(reader, refused(code, details));
  } else if ((req.method === 'GET' || req.method === 'HEAD') && !standsAt(req, details.url)) {
    if ('asker' in reader) await saveSession(reader.mfa, req);
    redirect(reader, details.url);
  } else {
    await page();
  }
}

/** @param url where whoever is stopped is led; HTMX takes no redirect, which it would put into the page */
function setHeaders({ mfa, req, res, json }: Reader, url: string): void {
  setPageHeaders(req, res, mfa.config.web);
  if (!json) closeToOtherSites(req, res, mfa.config.web.origins);
  if (isHtmx(req)) res.setHeader('HX-Redirect', url);
}
