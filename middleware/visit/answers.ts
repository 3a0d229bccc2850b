// Answers of our routes: on to the next step, or refused; as a redirect or page for people, as JSON for programs. The
// one place that turns a step into an address.
import type { NextAnswer } from '../../src/api/answers.js';
import { statusOf, type ErrorCode, type ErrorDetails } from '../../src/core/words/errors.js';
import type { NextStep } from '../../src/core/rules/next-step.js';
import type { Refused } from '../../src/core/words/outcome.js';
import type { Situation } from '../../src/core/rules/situation.js';
import { csrfTokenOf } from '../http/csrf.js';
import { homeOf } from '../pages/home.js';
import type { Words } from '../pages/messages.js';
import { pageError } from '../pages/page-errors.js';
import { sendProblem, setErrorHeaders } from '../http/problem.js';
import { sendJson } from '../http/send-json.js';
import { shownName } from './identifiers.js';
import { withPrefix } from './return-to.js';
import { keepSignIn, saveSession } from '../sign-in/session.js';
import { pageModel, type CodesWarning, type PageModel, type ViewModels, type ViewName } from '../pages/view-model.js';
import type { Reader, Visit } from './visit.js';

export type Next = NextAnswer;

const pages: { [step in NextStep['step']]: string | undefined } = {
  barred: undefined,
  blocked: undefined,
  reauthenticate: undefined,
  verify: '/verify',
  enroll: '/setup',
  'save-backup-codes': '/backup-codes',
  recover: '/recover',
  'confirm-recovery': '/confirm',
  wait: '/wait',
  'suggest-mfa': '/setup',
  'suggest-another': '/setup',
  nothing: undefined,
};

/** The address of a step's page; undefined where nothing is owed. */
export function urlOfStep(base: string, next: NextStep): string | undefined {
  const page = pages[next.step];
  return page === undefined ? undefined : `${base}${page}`;
}

/** Nothing is owed, or no page of ours is where it can be done. */
export function leadsNowhere(
  next: NextStep,
): next is Extract<NextStep, { step: 'nothing' | 'barred' | 'blocked' | 'reauthenticate' }> {
  return ['nothing', 'barred', 'blocked', 'reauthenticate'].includes(next.step);
}

function stepOf(base: string, next: NextStep): Next | undefined {
  const url = urlOfStep(base, next);
  if (url === undefined || leadsNowhere(next)) return undefined;
  return { step: next.step, url };
}

/**
 * The next step, or, when nothing is owed, the page first asked for: used once.
 * @param fallback where those go who asked for none; default the app's own start
 */
export function nextOf(visit: Visit, { next }: Pick<Situation, 'next'>, fallback = startOf(visit)): Next {
  const owed = stepOf(visit.base, next);
  if (owed && !owed.step.startsWith('suggest')) return owed;
  const { returnTo, settingUp, ...rest } = visit.asker.signIn;
  visit.asker.signIn = rest;
  if (settingUp && !visit.json) return endOfSetUp(visit, returnTo);
  if (returnTo === undefined && owed) return owed;
  return { step: 'done', url: returnTo === undefined ? fallback : withPrefix(visit, returnTo) };
}

/** Where the app begins, as browsers see it. */
export function startOf({ mfa, base }: Pick<Reader, 'mfa' | 'base'>): string {
  return homeOf(mfa.config.web.brand.home, base);
}

/** The first set-up ends on a page that says so; what it would have led to is what that page leads to. */
function endOfSetUp(visit: Visit, returnTo: string | undefined): Next {
  const setUpLeadsTo = returnTo === undefined ? startOf(visit) : withPrefix(visit, returnTo);
  visit.asker.signIn = { ...visit.asker.signIn, suggested: true, setUpLeadsTo };
  return { step: 'done', url: `${visit.base}/setup/done` };
}

/**
 * Success of a form is a redirect, of JSON `{ next }`. The session is saved before, or the redirect overtakes it.
 * @param beside what else a program is told
 */
export async function goOn(visit: Visit, next: Next, beside: object = {}): Promise<void> {
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  await saveSession(visit.mfa, visit.req);
  if (visit.json) sendJson(visit.res, { next, ...beside });
  else redirect(visit, next.url);
}

export function redirect({ res }: Reader, url: string): void {
  res.redirect(303, url);
}

/** What all pages share, for this visit. A page carries the CSRF token, so the sign-in is kept from here on. */
export function commonModel(
  visit: Visit,
  error?: { code: ErrorCode; details: ErrorDetails; field?: string },
  warning?: CodesWarning,
): PageModel {
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  return {
    ...readerModel(visit),
    ...(visit.unusual ? { unusual: true as const } : {}),
    ...(error ? { error: pageError(onPages(visit.words), error.code, error.details, error.field) } : {}),
    ...(warning ? { codesWarning: warning } : {}),
  };
}

export async function sendPage<V extends ViewName>(
  visit: Reader,
  view: V,
  model: ViewModels[V],
  status = 200,
): Promise<void> {
  await visit.web.renderer.page(visit.req, visit.res, view, model, status);
}

/** Refused, to a program: problem+json. Where a factor is owed, with the address of the challenge. */
export function refuseJson(reader: Reader, { reason, details }: Omit<Refused, 'accepted'>): void {
  setErrorHeaders(reader.res, reason, details);
  sendProblem(reader.res, reader.words, reason, details, reader.hints);
}

/** What all pages share, for whoever it may be: a page that needs nobody to be signed in. */
export function readerModel(reader: Reader | Visit): PageModel {
  const { mfa, web, words, base, hints, req, res } = reader;
  const asker = 'asker' in reader ? reader.asker : undefined;
  return pageModel({
    words,
    appName: mfa.config.settings.appName,
    brand: mfa.config.web.brand,
    base,
    assets: web.assets,
    csrfToken: asker ? csrfTokenOf(mfa, req, asker.signIn) : '',
    signedInAs: asker && shownName(asker.user),
    nonce: mfa.config.web.nonce?.(req, res),
    requestId: hints.requestId,
  });
}

/** A refusal on a page is not torn at a hyphen; in JSON it is plain text. */
function onPages(words: Words): Words {
  return { ...words, t: words.forPages };
}

type Link = ViewModels['error']['links'][number];

/** Where a page leads of which nobody said where: no error is the end of the way. */
function anyLink(reader: Reader | Visit): Link {
  if ('asker' in reader) return { to: 'manage', url: reader.base };
  return { to: 'sign-in', url: reader.mfa.config.web.signInUrl };
}

/** Refused outside a form, or before anybody is known: a page of its own, with what helps. */
export async function refuse(
  reader: Reader | Visit,
  refused: Omit<Refused, 'accepted'>,
  links: Link[] = [],
): Promise<void> {
  if (reader.json) {
    refuseJson(reader, refused);
    return;
  }
  const { reason, details } = refused;
  setErrorHeaders(reader.res, reason, details);
  const { words } = reader;
  const common = readerModel(reader);
  const status = statusOf[reason];
  const hasNoWay: readonly ErrorCode[] = [
    'session.mfa.suspended',
    'session.mfa.blocked',
    'session.mfa.upstream_insufficient',
  ];
  const help = hasNoWay.includes(reason) ? { help: true as const } : {};
  await sendPage(
    reader,
    'error',
    {
      ...common,
      error: pageError(onPages(words), reason, details),
      status,
      links: links.length > 0 ? links : [anyLink(reader)],
      ...help,
    },
    status,
  );
}
