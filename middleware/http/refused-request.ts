// What is refused before any flow sees it, by what the request itself is: told like any other refused attempt.
import type { Request } from 'express';
import type { Reason } from '../../src/core/words/outcome.js';
import type { MfaCore } from '../../src/mfa.js';
import { hintsOf } from './request-hints.js';

/** @param by what spoke against it */
export function tellRefusedRequest(
  mfa: MfaCore,
  req: Request,
  userId: string | undefined,
  reason: Reason,
  by: 'origin' | 'token' | 'body',
): void {
  mfa.kernel.tell({ hints: hintsOf(mfa, req), ...(userId === undefined ? {} : { user: { id: userId } }) }, [
    { name: 'request-refused', outcome: 'refused', reason, detail: { by } },
  ]);
}
