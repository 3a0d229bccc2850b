// Error answers to JSON clients: `application/problem+json` (RFC 9457), and the headers that help program code.
import type { Response } from 'express';
import { helpFor, statusOf, type ErrorCode, type ErrorDetails } from '../../src/core/words/errors.js';
import type { RequestHints } from '../../src/core/words/events.js';
import { pageError } from '../pages/page-errors.js';
import { sendJson } from './send-json.js';
import type { Words } from '../pages/messages.js';

/** A wait, where waiting helps; and the challenge of RFC 9470 §3 where a step-up is owed. */
export function setErrorHeaders(res: Response, code: ErrorCode, details: ErrorDetails): void {
  if (typeof details.retryAfterSeconds === 'number') res.setHeader('Retry-After', String(details.retryAfterSeconds));
  if (code !== 'session.mfa.step_up_required') return;
  const maxAge = details.stepUp?.maxAgeSeconds;
  const challenge =
    'Bearer error="insufficient_user_authentication", error_description="A fresh second factor is required"';
  res.setHeader('WWW-Authenticate', maxAge === undefined ? challenge : `${challenge}, max_age=${maxAge}`);
}

/** The body of a problem answer. */
export function problemOf(words: Words, code: ErrorCode, details: ErrorDetails, { requestId }: RequestHints): object {
  const { definite: _definite, params: _params, hint, ...told } = details;
  return {
    type: helpFor(code),
    title: pageError(words, code, details).message,
    status: statusOf[code],
    code,
    ...(details.remainingAttempts === undefined ? {} : { retryAfterSeconds: null }),
    ...told,
    ...(hint === undefined ? {} : { hint }),
    requestId,
  };
}

export function sendProblem(
  res: Response,
  words: Words,
  code: ErrorCode,
  details: ErrorDetails,
  hints: RequestHints,
): void {
  sendJson(res, problemOf(words, code, details, hints), statusOf[code], 'application/problem+json');
}
