// A backup code answered on a route of the host's own, for apps that build that page themselves. The same check, budget
// and elevation as on our page; the form carries `code` and `_csrf`.
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { MfaError, statusOf, type ErrorCode, type ErrorDetails } from '../../src/core/words/errors.js';
import { backupFactorOf } from '../../src/core/kernel/kernel.js';
import type { MfaCore } from '../../src/mfa.js';
import { checkCallOptions } from '../../src/validation.js';
import { refuse } from '../visit/answers.js';
import { answerThrown } from '../visit/error-handler.js';
import { answerOnHostRoute, hostReader } from './host-route.js';
import { pageError } from '../pages/page-errors.js';
import { setPageHeaders } from '../http/page-headers.js';
import { setErrorHeaders } from '../http/problem.js';
import { withinAnswer } from '../http/within-answer.js';

/** Why a code was refused: the code of the reason, its status, a sentence for the person, and what helps. */
export type Refusal = ErrorDetails & { code: ErrorCode; status: number; message: string };

/** What a refused backup code leads to on a page of the host's own. */
export type VerifyBackupCodeOptions = {
  /** Shows the host's own page again. Default: our error page, or problem+json to programs. */
  onRefused?: (req: Request, res: Response, next: NextFunction, refusal: Refusal) => void | Promise<void>;
};

/**
 * Route middleware: goes on only after a right backup code, with the session elevated and `req.mfa` set.
 * @throws MfaError `config.invalid_option` at once without `backupCodes()` among the factors; `config.unknown_option`
 */
export function verifyBackupCode(mfa: MfaCore, options: VerifyBackupCodeOptions = {}): RequestHandler {
  checkCallOptions('verifyBackupCode', options);
  const { onRefused } = options;
  const kind = backupFactorOf(mfa.kernel)?.kind;
  if (kind === undefined) {
    throw new MfaError('config.invalid_option', '`verifyBackupCode` needs `backupCodes()` among the `factors`.');
  }
  const check = async (req: Request, res: Response, next: NextFunction): Promise<boolean> => {
    const reader = hostReader(mfa, req, res);
    const outcome = await withinAnswer(mfa, (own) => answerOnHostRoute({ ...reader, mfa: own }, kind));
    if (outcome.accepted) return true;
    const { reason: code, details } = outcome;
    if (onRefused) {
      setErrorHeaders(res, code, details);
      const { message } = pageError(reader.words, code, details);
      await onRefused(req, res, next, { ...details, code, status: statusOf[code], message });
      return false;
    }
    setPageHeaders(req, res, mfa.config.web);
    const { url } = outcome.details;
    await refuse(reader, outcome, url === undefined ? [] : [{ to: 'verify', url }]);
    return false;
  };
  return function mfaBackupCode(req, res, next) {
    check(req, res, next).then(
      (passes) => {
        if (passes) next();
      },
      (error: unknown) => answerThrown(mfa, req, res, error).catch(next),
    );
  };
}
