// Passport strategies for the second factor, one per factor in use: for apps that want `passport.authenticate('mfa-…')`
// in routes and pages of their own. The user comes from the request, never from the strategy.
import type { Request } from 'express';
import { MfaError, statusOf, type ErrorCode, type ErrorDetails } from '../../src/core/words/errors.js';
import type { Refused } from '../../src/core/words/outcome.js';
import type { MfaCore } from '../../src/mfa.js';
import type { Next } from '../visit/answers.js';
import { answerOnHostRoute, hostReader, type Passed } from './host-route.js';
import { pageError } from '../pages/page-errors.js';
import { setErrorHeaders } from '../http/problem.js';
import { withinAnswer } from '../http/within-answer.js';
import type { Reader } from '../visit/visit.js';
import { succeed, type Actions, type MfaStrategy } from './strategy.js';

/** `info` of an answer that was right: where the person goes from here, RFC 8176 values of what was proved. */
export type MfaInfo = { next: Next; amr: readonly string[] };

/** `info` of one that was not: the reason, a sentence in the person's language, and what helps. */
export type MfaFailure = ErrorDetails & { code: ErrorCode; message: string };

/**
 * `mfa-totp`, `mfa-webauthn`, `mfa-email`, … : one strategy for each of `factors`, to be handed to `passport.use`. The
 * body carries what our own forms carry (`code` or `response`, `trustBrowser`, `_csrf`).
 * - right: as any strategy's success (`successRedirect`, the callback, the next handler), but nobody is logged in anew;
 *   the callback gets `req.user` and `MfaInfo`;
 * - not right: as any strategy's failure, with `MfaFailure` and the status of its code;
 * - a dead store, misuse: `next(error)` with an MfaError.
 */
export function mfaStrategies(mfa: MfaCore): MfaStrategy[] {
  return mfa.kernel.factors.map(({ kind }) => strategyOf(mfa, kind));
}

function strategyOf(mfa: MfaCore, kind: string): MfaStrategy {
  return {
    name: `mfa-${kind}`,
    authenticate(req, options) {
      const actions = this as unknown as Actions;
      const { res } = req;
      if (!res) {
        actions.error(new MfaError('config.invalid_option', `\`mfa-${kind}\` needs a request of Express.`));
        return;
      }
      const reader = hostReader(mfa, req, res);
      // Both in one `then`: what the host's callback throws is the host's, and must not reach that callback again.
      void withinAnswer(mfa, (own) => answerOnHostRoute({ ...reader, mfa: own }, kind)).then(
        (outcome) => {
          if (outcome.accepted) succeed(actions, req, options, userOf(req), infoOf(outcome));
          else failWith(actions, reader, outcome);
        },
        (error: unknown) => {
          actions.error(error);
        },
      );
    },
  };
}

/** Whom the callback is told of: the host's own user object, where Passport keeps one. */
function userOf(req: Request): object {
  return (req as { user?: object }).user ?? {};
}

function infoOf({ next, mfa }: Passed): MfaInfo {
  return { next, amr: mfa.amr };
}

export function failWith(actions: Actions, { res, words }: Reader, { reason, details }: Refused): void {
  if (!res.headersSent) setErrorHeaders(res, reason, details);
  const { definite: _definite, ...told } = details;
  const failure: MfaFailure = { ...told, code: reason, message: pageError(words, reason, details).message };
  actions.fail(failure, statusOf[reason]);
}
