// The wrapper of every route of ours, in the order that security asks for: headers, user, Origin, body, CSRF token,
// then the flow; and one place for whatever is thrown. Express 4 hangs on a rejected async handler, so none is left.
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { MfaCore } from '../../src/mfa.js';
import { redirect, refuse } from './answers.js';
import { checkOrigin } from '../http/csrf.js';
import { warnOnce } from '../http/warn-once.js';
import { assessVisit } from './assess-visit.js';
import { refuseShutOut, shutOutBy, stoppedBy } from './barred.js';
import { checkToken } from './check-token.js';
import { letPass } from './pace.js';
import { answerThrown } from './error-handler.js';
import { readBody } from '../http/forms.js';
import { checkEnvironment } from '../http/loopback.js';
import { closeToOtherSites, setPageHeaders } from '../http/page-headers.js';
import { standsAt } from '../http/safe-path.js';
import { withinAnswer } from '../http/within-answer.js';
import { checkSession, dropSignIn, openSession } from '../sign-in/session.js';
import { answerOwed, isOwed } from './upstream.js';
import { isClosedToShown, refuseShown } from './shown.js';
import { basePath, mustSignInAnew, readerOf, userOf, visitOf, type Reader, type Visit } from './visit.js';

export type Flow = (visit: Visit) => Promise<void>;

/** A GET: pages and states. */
export function page(mfa: MfaCore, flow: Flow): RequestHandler {
  return route(mfa, flow, 'page');
}

/** A POST: everything that changes something. */
export function form(mfa: MfaCore, flow: Flow): RequestHandler {
  return route(mfa, flow, 'form');
}

/** A POST whose body is another route's, so that there is no token in it: the flow looks at one of its own. */
export function passedOn(mfa: MfaCore, flow: Flow): RequestHandler {
  return route(mfa, flow, 'passed-on');
}

type Kind = 'page' | 'form' | 'passed-on';

/** A route for whoever has its address, signed in or not: the token in the path is what counts. */
export function openRoute(mfa: MfaCore, flow: (reader: Reader) => Promise<void>): RequestHandler {
  return function mfaOpenRoute(req: Request, res: Response, next: NextFunction) {
    const run = async (own: MfaCore) => {
      setPageHeaders(req, res, mfa.config.web);
      closeToOtherSites(req, res, mfa.config.web.origins);
      checkEnvironment(mfa, req);
      if (req.method !== 'GET') checkOrigin(mfa, req);
      await flow(readerOf(own, req, res, basePath(mfa, req)));
    };
    const answered = (own: MfaCore) => run(own).catch((error: unknown) => answerThrown(mfa, req, res, error));
    withinAnswer(mfa, answered).catch(next);
  };
}

function route(mfa: MfaCore, flow: Flow, kind: Kind): RequestHandler {
  return function mfaRoute(req: Request, res: Response, next: NextFunction) {
    const answered = (own: MfaCore) =>
      answer(own, flow, kind, req, res).catch((error: unknown) => answerThrown(mfa, req, res, error));
    withinAnswer(mfa, answered).catch(next);
  };
}

async function answer(mfa: MfaCore, flow: Flow, kind: Kind, req: Request, res: Response): Promise<void> {
  const changes = kind !== 'page';
  setPageHeaders(req, res, mfa.config.web);
  closeToOtherSites(req, res, mfa.config.web.origins);
  checkEnvironment(mfa, req);
  checkSession(mfa, req);
  warnOfPlace(mfa, req);
  const user = await userOf(mfa, req);
  const reader = readerOf(mfa, req, res, basePath(mfa, req), user ?? undefined);
  // A machine with a token never gets at our routes: they belong to people.
  if (!user || user.via === 'token' || mustSignInAnew(mfa, user)) {
    if (!user) dropSignIn(mfa, req);
    const { signInUrl } = mfa.config.web;
    if (!reader.json && !changes && !standsAt(req, signInUrl)) redirect(reader, signInUrl);
    else
      await refuse(reader, { reason: 'session.not_signed_in', details: { url: signInUrl } }, [
        { to: 'sign-in', url: signInUrl },
      ]);
    return;
  }
  if (isClosedToShown(req, user)) return refuseShown(mfa, reader, user);
  await openSession(mfa, req, user);
  const visit = visitOf(reader, user);
  if (changes) await letPass(visit);
  if (changes) checkOrigin(mfa, req);
  if (kind === 'form') {
    visit.body = await readBody(mfa, req, res, user.id);
    await checkToken(visit);
  }
  await assessVisit(visit);
  await flow(visit).catch(async (error: unknown) => {
    if (isOwed(error)) return answerOwed(visit);
    const reason = shutOutBy(error);
    if (!reason) throw error;
    // Whatever is posted is told of by its flow, as an attempt.
    if (!changes) mfa.kernel.tell(visit.asker, [stoppedBy[reason]]);
    await refuseShutOut(visit, reason);
  });
}

/** Guard and notices stand elsewhere and cannot see where our pages are: what they lead to would not be there. */
function warnOfPlace(mfa: MfaCore, req: Request): void {
  if (req.baseUrl === basePath(mfa) || mfa.config.web.publicBasePath !== undefined) return;
  warnOnce(
    mfa,
    'place of the pages',
    `The MFA pages are mounted at ${req.baseUrl || '/'}, and guard and notices lead to ${basePath(mfa)}. ` +
      `Say where they are: createMfa({ publicBasePath: '${req.baseUrl}' }).`,
  );
}
