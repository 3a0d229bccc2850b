// A request that passed the guard as nobody's, and turns out to be somebody's: basic auth or a token that a route checks
// for itself, a cookie that signs in behind the guard, a guard that stands before whatever finds the user. The answer is
// looked at as its head is about to leave, and refused where that person owes a factor; what signs in may go on.
import type { Request, Response } from 'express';
import { isMfaError, statusOf, type ErrorCode } from '../../src/core/words/errors.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import { isDemanded } from '../../src/core/rules/next-step.js';
import type { MfaCore } from '../../src/mfa.js';
import { holdAnswer, type Verdict } from '../http/hold-answer.js';
import { pathOf } from '../http/safe-path.js';
import { warnOnce } from '../http/warn-once.js';
import { hasSession, markSession, signedInSince, type SessionMark } from '../sign-in/session-mark.js';
import { basePath, readerOf, userOf } from '../visit/visit.js';
import { namesAnother } from './credentials-beside-token.js';
import { clearAnswer, refuseInstead } from './refuse-instead.js';
import { takesSignIn } from './guard-paths.js';

/** What a guard in its right place would say: nothing, or a code and how it answers. */
export type Judge = (user: MfaUser) => Promise<{ code: ErrorCode; stop: () => Promise<void> } | undefined>;

type Watched = {
  readonly mfa: MfaCore;
  readonly req: Request;
  readonly res: Response;
  readonly judge: Judge;
  readonly session: SessionMark;
  /** What stood at the answer before any route was asked. */
  readonly headers: readonly string[];
};

/** To be called as a request passes for nobody's. */
export function watchVisitor(mfa: MfaCore, req: Request, res: Response, judge: Judge): void {
  const watched = { mfa, req, res, judge, session: markSession(mfa, req), headers: res.getHeaderNames() };
  holdAnswer(res, () => {
    let user: ReturnType<typeof userOf>;
    try {
      user = userOf(mfa, req);
    } catch {
      return whereNobodyCanSay(watched);
    }
    if (!(user instanceof Promise)) return user ? verdictOn(watched, user) : undefined;
    return user.then(
      (found) => (found ? verdictOn(watched, found) : 'go'),
      () => whereNobodyCanSay(watched) ?? 'go',
    );
  });
}

/** To be called as a request passes for a machine's: its routes may go by another credential that they find themselves. */
export function watchMachine(mfa: MfaCore, req: Request, res: Response, machine: MfaUser): void {
  const headers = res.getHeaderNames();
  holdAnswer(res, () => {
    if (!namesAnother(req, machine)) return undefined;
    tell({ mfa, req, res }, machine, 'session.not_signed_in', 'another-beside-token');
    return Promise.resolve((end) => refuseInstead({ mfa, req, res, headers }, 'session.not_signed_in', end));
  });
}

/** A log-out takes the session away, and with it what `user(req)` reads. Else the answer may be anybody's. */
function whereNobodyCanSay({ mfa, req, res, headers }: Watched): Promise<Verdict> | undefined {
  if (mfa.config.web.proofs === 'session' && !hasSession(req)) return undefined;
  return Promise.resolve((end) => refuseInstead({ mfa, req, res, headers }, 'host.user_failed', end));
}

async function verdictOn(watched: Watched, user: MfaUser): Promise<Verdict> {
  const { mfa, req, res, judge, session, headers } = watched;
  // Another guard stood behind whatever found the user.
  if (req.mfa && req.mfa.state !== 'pending' && !isDemanded(req.mfa.next)) return 'go';
  if (takesSignIn(mfa, req)) return 'go';
  const signsIn = signedInSince(session, mfa, req, res, user);
  // A log-in answers a form, or leads on. A page that is shown at once was asked for with a cookie that signs in again
  // and again: "remember me", its session thrown away each time.
  const shows = (req.method === 'GET' || req.method === 'HEAD') && res.statusCode < 300;
  if (signsIn && !shows) return 'go';
  const judged = await judge(user).catch((error: unknown) => codeOf(error));
  if (typeof judged === 'string') return (end) => refuseInstead({ mfa, req, res, headers }, judged, end);
  if (!judged) {
    if (!signsIn) warn(mfa, req, 'This time nothing was owed');
    return 'go';
  }
  tell(watched, user, judged.code, 'named-after-guard');
  warn(mfa, req, 'The answer was refused');
  return (end) => {
    // The next request finds them in their session, so what the guard leads to will know them.
    if (signsIn && !end) {
      clearAnswer(watched);
      return judged.stop();
    }
    return refuseInstead({ mfa, req, res, headers }, judged.code, end);
  };
}

/** What kept the judge from judging; misuse is for whoever wrote the app. */
function codeOf(error: unknown): ErrorCode {
  if (isMfaError(error) && error.code in statusOf) return error.code as ErrorCode;
  process.emitWarning(error instanceof Error ? error : String(error));
  return 'host.user_failed';
}

type Why = 'named-after-guard' | 'another-beside-token';

function tell(
  { mfa, req, res }: Pick<Watched, 'mfa' | 'req' | 'res'>,
  user: MfaUser,
  reason: ErrorCode,
  why: Why,
): void {
  const { hints } = readerOf(mfa, req, res, basePath(mfa), user);
  const detail = { why, route: routeOf(req) };
  mfa.kernel.tell({ user, hints }, [{ name: 'session-refused', outcome: 'refused', reason, detail }]);
}

/** As the app wrote it, where one of its routes answered. */
function routeOf(req: Request): string {
  const written: unknown = (req.route as { path?: unknown } | undefined)?.path;
  return `${req.method} ${typeof written === 'string' ? req.baseUrl + written : pathOf(req)}`;
}

/** Each route once: whoever mounted it must hear of it. */
function warn(mfa: MfaCore, req: Request, what: string): void {
  const route = routeOf(req);
  warnOnce(
    mfa,
    route,
    `${route} answered a person whom the guard before it took for nobody. ${what}. Mount what sets the user before ` +
      '`requireMfa`, or put `requireMfa(mfa)` behind it on that route. If people sign in there, name it in `allow`.',
    'named_after_guard',
  );
}
