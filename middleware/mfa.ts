// What the host holds in its hand: the assembled core with the calls that need a session. Types of `req.mfa` and
// `req.session.mfa` are declared here.
import type { NextFunction, Request, Response } from 'express';
import type {} from 'express-session';
import type { MfaUser } from '../src/core/kernel/mfa-user.js';
import { signInName, type SignIn } from '../src/core/kernel/sign-in.js';
import { loadRecord } from '../src/core/kernel/transact.js';
import type { Upstream } from '../src/core/words/upstream.js';
import { checkCallOptions } from '../src/validation.js';
import { createMfaCore, type MfaCore } from '../src/mfa.js';
import type { MfaOptions } from '../src/options.js';
import { warnOnce } from './http/warn-once.js';
import { withinAnswer } from './http/within-answer.js';
import { bindAtSignUp } from './visit/bind-at-sign-up.js';
import type { RequestMfa } from './guard/request-mfa.js';
import { forgetStart } from './sign-in/pending-start.js';
import { dropProofs, endSignIn, openSession, startSignIn } from './sign-in/session.js';
import { keepVouching } from './visit/upstream.js';
import { mustSignInAnew } from './visit/visit.js';

declare global {
  namespace Express {
    interface Request {
      mfa?: RequestMfa;
    }
  }
}

declare module 'express-session' {
  interface SessionData {
    mfa?: { [namespace: string]: SignIn };
  }
}

/** What createMfa makes: handed to the routers and the guard, and called by the host. */
export interface Mfa extends MfaCore {
  /** Tells that the person behind this request has just signed up; policies may tell sign-up from sign-in. */
  signedUp(req: Request): Promise<void>;
  /**
   * Tells of a new sign-in: proofs of an earlier one in the same session are dropped. `upstream`: what the identity provider
   * said, by which they came; it counts by the option `upstream`.
   * @throws MfaError `config.*` for what `upstreamFromIdToken` or `upstreamFromSaml` did not make
   */
  signedIn(req: Request, options?: { upstream?: Upstream | undefined }): Promise<void>;
  /**
   * For hosts that keep the session at log-out: drops what express-mfa holds in it, at once. With `proofs: 'cookie'` or
   * `'token'` await it while `user(req)` still says who it is: it ends the proofs on the server. Also as middleware before your
   * log-out: `app.post('/logout', mfa.signedOut, logOut)`.
   */
  signedOut(req: Request, res?: Response, next?: NextFunction): Promise<void>;
}

/**
 * Puts MFA together once, at start-up.
 * @throws MfaError `config.*` when the options cannot work, with what was received and what to do
 */
export function createMfa(options: MfaOptions): Mfa {
  const app = createMfaCore(options);
  const begin = async (core: MfaCore, req: Request, told: SignIn['moment'], said?: Upstream) => {
    await dropProofs(core, req, 'flow');
    const user = await core.config.web.user(req);
    if (!user) return;
    await openSession(core, req, user);
    // Whoever stole a password is no newcomer, and what the app vouches for at sign-up would prove a factor for them.
    const moment = told === 'sign-up' && (user.shown !== undefined || (await isKnown(core, user))) ? 'sign-in' : told;
    await startSignIn(core, req, user, moment);
    if (said) await keepVouching(core, req, user, said);
    if (moment === 'sign-up') await bindAtSignUp(core, req, user);
    else if (told !== moment) warnOfSignUp(core);
  };
  return {
    ...app,
    signedUp: (req) => withinAnswer(app, (core) => begin(core, req, 'sign-up')),
    signedIn: async (req, options) => {
      checkCallOptions('mfa.signedIn', options);
      await withinAnswer(app, (core) => begin(core, req, 'sign-in', options?.upstream));
    },
    signedOut: (req, _res, next) => {
      const left = withinAnswer(app, (core) => signOut(core, req));
      return next ? left.then(() => next(), next) : left;
    },
  };
}

/** Whether there is, or was, a record of this person. */
async function isKnown({ kernel }: MfaCore, user: MfaUser): Promise<boolean> {
  const { revision } = await loadRecord(kernel, user);
  return revision !== undefined;
}

function warnOfSignUp(core: MfaCore): void {
  warnOnce(
    core,
    'signedUp of somebody known',
    '`mfa.signedUp(req)` was called for somebody who is known already; it was taken for `mfa.signedIn(req)`. ' +
      'Call it where an account was made, and nowhere else.',
  );
}

async function signOut(core: MfaCore, req: Request): Promise<void> {
  await dropProofs(core, req, 'sign-in');
  if (core.config.web.proofs === 'session') return;
  const user = await core.config.web.user(req);
  if (!user || mustSignInAnew(core, user)) return;
  await openSession(core, req, user);
  const { id: userId, signInId } = user;
  if (signInId !== undefined) forgetStart(core.kernel, { userId, signInId: signInName(core.kernel, signInId) });
  await endSignIn(core, req);
}
