// An answer given on a route of the host's own, rather than on our pages: the same order as everywhere (user, Origin,
// body, CSRF token, lock, verify, save, elevate), and an outcome instead of an answer. What the page says is the host's.
import type { Request, Response } from 'express';
import { isMfaError, statusOf, type ErrorCode } from '../../src/core/words/errors.js';
import { accepted, refused, type Outcome, type Refused } from '../../src/core/words/outcome.js';
import { isUnproved } from '../../src/core/rules/next-step.js';
import { proofOwed } from '../../src/core/rules/permission.js';
import type { MfaCore } from '../../src/mfa.js';
import type { Next } from '../visit/answers.js';
import { checkOrigin, csrfTokenOf } from '../http/csrf.js';
import { checkToken } from '../visit/check-token.js';
import { answerChallenge } from '../visit/answer-challenge.js';
import { readBody } from '../http/forms.js';
import { checkEnvironment } from '../http/loopback.js';
import { withinAnswer } from '../http/within-answer.js';
import { requestMfaOf, type RequestMfa } from '../guard/request-mfa.js';
import { checkSession, dropSignIn, keepSignIn, openSession, saveSession } from '../sign-in/session.js';
import { mustSignInAnew, basePath, readerOf, userOf, visitOf, type Reader, type Visit } from '../visit/visit.js';

/** Where to go from here, and what `req.mfa` says from now on. */
export type Passed = { next: Next; mfa: RequestMfa };

/**
 * Checks the answer in the body of this request and elevates its sign-in; `req.mfa` is set when it is accepted.
 * @throws MfaError for what is no answer: `config.*`, `store.unavailable`, `server.busy`
 */
export async function answerOnHostRoute(reader: Reader, kind: string): Promise<Outcome<Passed>> {
  const { mfa, req } = reader;
  try {
    if (req.method === 'GET' || req.method === 'HEAD') return refused('request.invalid', { field: 'method' });
    const visit = await visitHostRoute(reader);
    if (!visit) return refused('session.not_signed_in', { url: mfa.config.web.signInUrl });
    checkOrigin(mfa, req);
    visit.body = await readBody(mfa, req, reader.res, visit.asker.user.id);
    await checkToken(visit);
    const outcome = await answerChallenge(visit, kind);
    if (!outcome.accepted) return outcome;
    keepSignIn(mfa, req, visit.asker.signIn);
    await saveSession(mfa, req);
    const { situation } = outcome;
    // A code that was spent and proves nothing yet lets nobody in, whatever the host takes a success for.
    if (isUnproved(situation.next)) {
      const { reason, details } = proofOwed(mfa.kernel, visit.asker, situation.record, situation.next);
      return refused(reason, { ...details, url: outcome.next.url });
    }
    req.mfa = requestMfaOf(mfa.kernel, situation, visit.asker.signIn);
    return accepted({ next: outcome.next, mfa: req.mfa });
  } catch (error) {
    return refusalOf(error);
  }
}

/** @throws what is no answer: misuse, a dead store */
export function refusalOf(error: unknown): Refused {
  if (!isMfaError(error) || !(error.code in statusOf) || error.status >= 500) throw error;
  return refused(error.code as ErrorCode, error.details);
}

/** The visit of a person; a machine with a token has no second factor to answer with. */
async function visitHostRoute(reader: Reader): Promise<Visit | undefined> {
  const { mfa, req } = reader;
  checkEnvironment(mfa, req);
  checkSession(mfa, req);
  const user = await userOf(mfa, req);
  if (!user) dropSignIn(mfa, req);
  if (!user || user.via === 'token' || mustSignInAnew(mfa, user)) return undefined;
  await openSession(mfa, req, user);
  return visitOf(reader, user);
}

export function hostReader(mfa: MfaCore, req: Request, res: Response): Reader {
  return readerOf(mfa, req, res, basePath(mfa));
}

/**
 * The CSRF token for a form of the host's own that a strategy or `verifyBackupCode` answers: field `_csrf` or header
 * `X-CSRF-Token`.
 * @returns undefined while nobody is signed in
 */
export async function mfaCsrfToken(mfa: MfaCore, req: Request): Promise<string | undefined> {
  const { res } = req;
  if (!res) return undefined;
  const visit = await withinAnswer(mfa, (own) => visitHostRoute(hostReader(own, req, res)));
  if (!visit) return undefined;
  keepSignIn(mfa, req, visit.asker.signIn);
  return csrfTokenOf(mfa, req, visit.asker.signIn);
}
