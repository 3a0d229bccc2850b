// Refuses in place of an answer that a route has given already: nothing of it is left, but cookies that it set. Leads
// nowhere by itself, for where it would lead to may know as little of this person as the guard did.
import type { Request, Response } from 'express';
import { statusOf, type ErrorCode } from '../../src/core/words/errors.js';
import type { MfaCore } from '../../src/mfa.js';
import { refuse } from '../visit/answers.js';
import { setPageHeaders } from '../http/page-headers.js';
import { problemOf } from '../http/problem.js';
import { basePath, readerOf } from '../visit/visit.js';

export type Answered = {
  readonly mfa: MfaCore;
  readonly req: Request;
  readonly res: Response;
  /** What stood at the answer before any route was asked. */
  readonly headers: readonly string[];
};

/** Takes away what routes have said of their answer: its type, its length, where it leads. */
export function clearAnswer({ res, headers }: Pick<Answered, 'res' | 'headers'>): void {
  for (const name of res.getHeaderNames()) {
    // A cookie that signs in once has been used up: without the next one its owner would be signed out.
    if (!headers.includes(name) && name !== 'set-cookie') res.removeHeader(name);
  }
  res.statusCode = 200;
  res.statusMessage = '';
}

/** @param end the only way to answer, where the usual one is closed */
export async function refuseInstead(answered: Answered, code: ErrorCode, end?: (text: string) => void): Promise<void> {
  const { mfa, req, res } = answered;
  clearAnswer(answered);
  const reader = readerOf(mfa, req, res, basePath(mfa));
  const { signInUrl } = mfa.config.web;
  const url = code === 'session.not_signed_in' ? signInUrl : reader.base;
  if (end) {
    res.statusCode = statusOf[code];
    res.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    res.setHeader('Cache-Control', 'no-store');
    end(JSON.stringify(problemOf(reader.words, code, { url }, reader.hints)));
    return;
  }
  setPageHeaders(req, res, mfa.config.web);
  const to = code === 'session.not_signed_in' ? 'sign-in' : 'manage';
  await refuse(reader, { reason: code, details: { url } }, code === 'host.user_failed' ? [] : [{ to, url }]);
}
