// The state of a request that no guard sees, such as the upgrade of a websocket: told, not answered.
import type { Request } from 'express';
import type { ErrorCode } from '../../src/core/words/errors.js';
import type { Asker } from '../../src/core/kernel/kernel.js';
import type { MfaCore } from '../../src/mfa.js';
import { checkDemandOptions } from '../../src/validation.js';
import { openSession, signInOf } from '../sign-in/session.js';
import { knownBrowserCookie } from '../http/browser-cookies.js';
import { hintsOf } from '../http/request-hints.js';
import { withinAnswer } from '../http/within-answer.js';
import { mustSignInAnew, userOf } from '../visit/visit.js';
import { isDisowned } from './disowned.js';
import { weighed } from './situation-here.js';
import { demandOf, loadedSituation, requestMfaOf, stopOf, type DemandOptions, type RequestMfa } from './request-mfa.js';

/** As of the guard. `anonymous`: whether nobody passes; default `refuse`. */
export type ReadMfaOptions = DemandOptions & { anonymous?: 'refuse' | 'pass' };

/** `passes`: whether the guard would let this request through. `reason`: why not. */
export type ReadMfa = { passes: boolean; reason?: ErrorCode } & Partial<RequestMfa>;

/**
 * The state of a request that no guard sees: the upgrade of a websocket (`ws`, socket.io). Run the session middleware
 * and whatever sets the user on it first; then refuse the upgrade unless `passes`.
 * @throws MfaError `store.unavailable`, `store.record_missing`, `config.*` for options that cannot work: refuse too
 */
export async function readMfa(mfa: MfaCore, req: Request, options: ReadMfaOptions = {}): Promise<ReadMfa> {
  // A misspelt demand would demand nothing.
  checkDemandOptions(
    options,
    mfa.kernel.factors.map(({ kind }) => kind),
  );
  const user = await userOf(mfa, req);
  if (!user && options.anonymous === 'pass' && !(await isDisowned(mfa, req, () => hintsOf(mfa, req))))
    return { passes: true };
  if (!user || mustSignInAnew(mfa, user)) return { passes: false, reason: 'session.not_signed_in' };
  const { situation, signIn } = await withinAnswer(mfa, async (own) => {
    const { kernel } = own;
    await openSession(own, req, user);
    const knownBrowser = knownBrowserCookie(mfa, req, user.id);
    const asker: Asker = {
      user,
      signIn: signInOf(mfa, req, user),
      locale: user.locale ?? 'en',
      hints: hintsOf(mfa, req),
      ...(knownBrowser === undefined ? {} : { knownBrowser }),
    };
    // Nothing can be kept here: a sign-in that looks risky from where it is now is no less so for that.
    const situation = await weighed(kernel, asker, await loadedSituation(kernel, user, asker.signIn), false);
    return { situation, signIn: asker.signIn };
  });
  const { kernel } = mfa;
  const stop = stopOf(kernel, situation, demandOf(options));
  return { passes: !stop, ...(stop ? { reason: stop.code } : {}), ...requestMfaOf(kernel, situation, signIn) };
}
