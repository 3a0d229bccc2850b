// Whatever a flow throws becomes an answer here: our own errors with their code and status, misconfiguration handed to
// the host's error handler. Nothing that was thrown is shown to people.
import type { NextFunction, Request, Response } from 'express';
import { isMfaError, statusOf, type ErrorCode, type MfaError } from '../../src/core/words/errors.js';
import type { MfaCore } from '../../src/mfa.js';
import { refuse } from './answers.js';
import { setPageHeaders } from '../http/page-headers.js';
import { isSafePath } from '../http/safe-path.js';
import { basePath, readerOf } from './visit.js';

/** Codes of answers, not of misuse: `config.*` belongs to the host's developers. */
function isAnswer(error: unknown): error is MfaError & { code: ErrorCode } {
  return isMfaError(error) && error.code in statusOf;
}

/**
 * @param base where our pages for people are, as browsers see it
 * @throws what is not ours to answer, for the host's error handler
 */
export async function answerThrown(
  mfa: MfaCore,
  req: Request,
  res: Response,
  error: unknown,
  base = basePath(mfa, req.baseUrl === '' ? undefined : req),
): Promise<void> {
  if (!isAnswer(error) || res.headersSent) throw error;
  if (statusOf[error.code] >= 500) warnOf(error);
  setPageHeaders(req, res, mfa.config.web);
  const reader = readerOf(mfa, req, res, base);
  const retryAfterSeconds =
    statusOf[error.code] === 503 ? (error.details.retryAfterSeconds ?? 5) : error.details.retryAfterSeconds;
  const details = { ...error.details, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  const links =
    req.method === 'GET' && isSafePath(req.originalUrl)
      ? [{ to: 'retry' as const, url: req.originalUrl }]
      : [{ to: 'back' as const, url: reader.base }];
  await refuse(reader, { reason: error.code, details }, links);
}

/** The cause goes to the process, once a minute, code and kind of cause: a dead store must not flood the log. */
const warned = new Map<string, number>();
export function warnOf(error: MfaError): void {
  const now = Date.now();
  const { cause } = error;
  const what = `${error.code} ${cause instanceof Error ? cause.name : typeof cause}`;
  if (now - (warned.get(what) ?? 0) < 60_000) return;
  warned.set(what, now);
  const thrown = cause instanceof Error ? ` (${cause.name}: ${cause.message})` : '';
  process.emitWarning(`${error.message}${thrown}`, { type: 'ExpressMfaWarning', code: error.code });
}

/**
 * An error handler for the host's own stack: answers what express-mfa throws elsewhere in its own words, and passes
 * everything else on. Optional.
 */
export function mfaErrorHandler(mfa: MfaCore) {
  return function mfaErrors(error: unknown, req: Request, res: Response, next: NextFunction): void {
    answerThrown(mfa, req, res, error).catch(next);
  };
}
