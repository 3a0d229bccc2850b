// Walks over every route of a host's app as somebody who must not get in, and fails with those that let them in. Asks
// the app over HTTP, with real methods; what it cannot see into it reports.
import type { RequestListener } from 'node:http';
import { statusOf } from '../core/words/errors.js';
import type { AllowedRoute } from '../options.js';
import { discoverRoutes } from './route-walk.js';
import { codeIn, routesAt, signInWithMfa, type SecondFactor, type State } from './sign-in-with-mfa.js';
import { serve, type TestAgent, type TestAnswer, type Visitor } from './test-agent.js';
import { baseOf, isAllowed, targetsOf, type Target, type Targets } from './walk-targets.js';

/** Who walks, and what is open on purpose. */
export type WalkPendingOptions = SecondFactor & {
  /** The host's own sign-in of a person whom the walk may use up. Who has no second factor yet is given one. */
  as: (agent: TestAgent) => unknown;
  /** Routes that are open on purpose: log-in, log-out. As the app wrote them, with every method or one. */
  allow?: readonly AllowedRoute[];
  /**
   * Headers of requests that sign in by themselves, `{ Authorization: 'Basic …' }` or a cookie that remembers, one for
   * each way; each of somebody who owes the second factor. None may open what `allow` does not name.
   */
  credentials?: readonly { readonly [header: string]: string }[];
  /** Further ones that are open to whoever is not signed in, but not to somebody who owes the second factor. */
  allowAnonymous?: readonly AllowedRoute[];
};

/** What a walk saw. */
export type WalkReport = {
  /** `GET /account`, in the order of the app. */
  visited: string[];
  /** What answers and was not visited, because nothing tells its paths. */
  unseen: string[];
  /** Functions for all paths that no guard stands before: whether one of them answers by itself, nothing tells. */
  functions: string[];
};

type Judge = (answer: TestAnswer, target: Target) => boolean;

/**
 * Asks for every route as somebody who owes the second factor, and as nobody, and with credentials of one request; and for
 * our set-up pages as all of them.
 * @throws Error whose message lists the routes that answered, and what was not seen
 */
export async function walkPending(app: RequestListener, options: WalkPendingOptions): Promise<WalkReport> {
  const found = discoverRoutes(app);
  const base = options.base ?? baseOf(found);
  const targets = targetsOf(found, base);
  const { unseen, functions } = targets;
  const visited: string[] = [];
  if (targets.routes.length === 0) throw failure('it sees no route', [], targets);
  const host = await serve(app);
  try {
    const pending = await pendingOf(host.visitor, base, options);
    const ours = [(await pending()).state.next.url.replace(/\/[^/]+$/, '')];
    const { headers } = await host.visitor().get(base).set('Accept', 'text/html');
    const stopsPending: Judge = (answer, { method }) => isOfGuard(answer, method) || leadsTo(answer, ours);
    const stopsNobody: Judge = (answer) =>
      answer.status === 401 || answer.status === 403 || leadsTo(answer, [...ours, pathOf(headers['location'])]);

    const answered: string[] = [];
    const visit = async (target: Target, isStopped: Judge, visitor: Visitor, state?: State, named?: string) => {
      const who = named ?? (state ? 'a pending person' : 'an anonymous visitor');
      const answer = await ask(visitor, target, state);
      if (typeof answer !== 'string' && (isStopped(answer, target) || (target.mount && answer.status === 404))) return;
      const said = typeof answer === 'string' ? answer : `${answer.status} ${pathOf(answer.headers['location'])}`;
      answered.push(`${target.method} ${target.path} answered ${who} with ${said.trim()}`);
    };
    for (const target of targets.routes.filter((one) => !isAllowed(one, options.allow))) {
      visited.push(`${target.method} ${target.path}`);
      const { visitor, state } = await pending();
      await visit(target, stopsPending, visitor, state);
      if (isAllowed(target, options.allowAnonymous)) continue;
      await visit(target, stopsNobody, host.visitor());
      for (const { visitor: fresh, name } of waysIn(host.visitor, options.credentials)) {
        await visit(target, stopsNobody, fresh, undefined, `somebody with ${name} and no second factor`);
      }
    }
    for (const target of targets.closed) {
      const { visitor, state } = await pending();
      await visit(target, isRefusal, visitor, state);
      await visit(target, isRefusal, host.visitor());
      for (const { visitor: fresh } of waysIn(host.visitor, options.credentials)) await visit(target, isRefusal, fresh);
    }
    if (answered.length > 0) throw failure('these let in whom they should not', answered, targets);
    return { visited, unseen, functions };
  } finally {
    await host.close();
  }
}

/** A visitor for each way in, and the headers' names: their values are secrets. */
function waysIn(visitor: () => Visitor, credentials: WalkPendingOptions['credentials'] = []) {
  return credentials.map((headers) => {
    const fresh = visitor();
    for (const [name, value] of Object.entries(headers)) fresh.set?.(name, value);
    return { visitor: fresh, name: Object.keys(headers).join(', ') };
  });
}

/**
 * Somebody who owes the second factor, now: a route may have ended the session of the last one.
 * @throws Error where whoever signs in does not owe it
 */
async function pendingOf(visitor: () => Visitor, base: string, options: WalkPendingOptions) {
  const signedIn = async () => {
    const fresh = visitor();
    await options.as(fresh);
    return { visitor: fresh, state: await routesAt(fresh, base).state() };
  };
  let last = await signedIn();
  if (last.state.state !== 'pending') {
    await signInWithMfa(visitor(), {}, { ...options, base, signIn: options.as });
    last = await signedIn();
  }
  return async () => {
    const state = await routesAt(last.visitor, base)
      .state()
      .catch(() => undefined);
    last = state?.state === 'pending' ? { ...last, state } : await signedIn();
    if (last.state.state === 'pending') return last;
    throw new Error(`walkPending: whoever \`as\` signs in owes no second factor; the state is ${last.state.state}.`);
  };
}

/** @returns what went wrong, where there was no answer */
async function ask(visitor: Visitor, { method, sample }: Target, state?: State): Promise<TestAnswer | string> {
  const asked = visitor.ask(method, sample).set('Accept', 'application/json');
  if (state) asked.set('X-CSRF-Token', state.csrfToken);
  try {
    return await (['POST', 'PUT', 'PATCH', 'DELETE'].includes(method) ? asked.send({}) : asked);
  } catch (error) {
    return `nothing (${(error as Error).message})`;
  }
}

/** How the guard stops people, see `guard-answers.ts`. */
const guardCodes = [
  'session.not_signed_in',
  'session.mfa.require_mfa_verification',
  'session.mfa.step_up_required',
  'session.mfa.recovery_required',
  'session.mfa.backup_code_required',
  'user.missing_mfa',
];

function isOfGuard(answer: TestAnswer, method: string): boolean {
  if (answer.status !== 401 && answer.status !== 403) return false;
  // The answer to a HEAD tells no code.
  if (method === 'HEAD') return String(answer.headers['content-type']).startsWith('application/problem+json');
  return guardCodes.includes(codeIn(answer) ?? '');
}

/** Our own routes, rather than their guard: any refusal of ours. */
function isRefusal(answer: TestAnswer): boolean {
  return answer.status >= 400 && answer.status < 500 && (codeIn(answer) ?? '') in statusOf;
}

/** Whether it is a redirect to one of these pages, or to a page below. */
function leadsTo({ status, headers }: TestAnswer, pages: readonly string[]): boolean {
  const path = pathOf(headers['location']);
  if (status < 300 || status > 399 || path === '') return false;
  return pages.some((page) => page !== '' && (path === page || path.startsWith(`${page}/`)));
}

/** Of another site, with its origin. */
function pathOf(location: unknown): string {
  if (typeof location !== 'string') return '';
  const { hostname, origin, pathname } = new URL(location, 'http://127.0.0.1');
  return hostname === '127.0.0.1' ? pathname : origin + pathname;
}

function failure(what: string, answered: readonly string[], { unseen, functions }: Targets): Error {
  const lines = [
    `walkPending: ${what}.`,
    ...answered.map((line) => `  ${line}`),
    ...(answered.length > 0 ? ['What is open on purpose is named in `allow`.'] : []),
    ...(unseen.length > 0 ? [`Not seen, and so not visited: ${unseen.join('; ')}.`] : []),
    ...(functions.length > 0 ? [`May answer by themselves, before any guard: ${functions.join(', ')}.`] : []),
  ];
  return new Error(lines.join('\n'));
}
