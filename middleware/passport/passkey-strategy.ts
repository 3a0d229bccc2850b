// A Passport strategy for sign-in with a passkey alone: the passkey says who it is, the host says whether they may come in,
// Passport logs them in, and what the passkey proved stands in that log-in.
import type { Request } from 'express';
import { tellDirectSignIn, type Recognised } from '../../src/core/flows/direct-sign-in.js';
import { MfaError } from '../../src/core/words/errors.js';
import { refused, type Outcome } from '../../src/core/words/outcome.js';
import type { MfaCore } from '../../src/mfa.js';
import { checkCallOptions } from '../../src/validation.js';
import { setKnownBrowserCookie } from '../http/browser-cookies.js';
import { setFlowCookie } from '../http/cookies.js';
import { checkOrigin } from '../http/csrf.js';
import { hostReader, refusalOf } from './host-route.js';
import { checkEnvironment } from '../http/loopback.js';
import { withinAnswer } from '../http/within-answer.js';
import { recogniseFrom, requireDirectFactor, signedIn } from '../passkey-sign-in/passkey-sign-in-router.js';
import { checkSession, openSession, renewSignIn, saveSession } from '../sign-in/session.js';
import { visitOf, type Reader } from '../visit/visit.js';
import { failWith } from './mfa-strategies.js';
import type { Actions, MfaStrategy } from './strategy.js';

/** Options of the strategy for sign-in with a passkey. */
export type PasskeyStrategyOptions = {
  /** The host's own user object of this id, to be logged in; `false`, or anything that is no object, where this account may not. */
  user: (req: Request, userId: string) => object | false | Promise<object | false>;
};

type Entering = { user: object; recognised: Recognised };

/**
 * `mfa-passkey`: answers the question of `passkeyQuestion(mfa)`, with the body `{ response, challenge }`. Right, it logs
 * in as any first factor does, and the second one is proved with it; in a callback, call `req.logIn(user, …)` as ever.
 * @throws MfaError `config.invalid_option` at once without `webauthn()` among the factors, or without `user`;
 * `config.unknown_option`
 */
export function passkeyStrategy(mfa: MfaCore, options: PasskeyStrategyOptions): MfaStrategy {
  const factor = requireDirectFactor(mfa, 'passkeyStrategy');
  checkCallOptions('passkeyStrategy', options);
  if (typeof (options as Partial<PasskeyStrategyOptions> | undefined)?.user !== 'function') {
    throw new MfaError('config.invalid_option', '`passkeyStrategy` takes `{ user: (req, userId) => … }`.');
  }
  const enter = async (reader: Reader): Promise<Outcome<Entering>> => {
    const { req } = reader;
    try {
      if (req.method === 'GET' || req.method === 'HEAD') return refused('request.invalid', { field: 'method' });
      checkEnvironment(mfa, req);
      checkSession(mfa, req);
      checkOrigin(mfa, req);
      const found: { user?: object | null | false } = {};
      const admits = async (userId: string) => {
        found.user = await options.user(req, userId);
        return typeof found.user === 'object' && (found.user as object | null) !== null;
      };
      const { stranger, outcome } = await recogniseFrom(reader, factor, admits);
      if (!outcome.accepted) return outcome;
      await tellDirectSignIn(mfa.kernel, factor, stranger, outcome);
      return found.user ? { accepted: true, user: found.user, recognised: outcome } : refused(factor.wrong);
    } catch (error) {
      return refusalOf(error);
    }
  };
  return {
    name: 'mfa-passkey',
    authenticate(req) {
      const actions = this as unknown as Actions;
      const { res } = req;
      if (!res) {
        actions.error(new MfaError('config.invalid_option', '`mfa-passkey` needs a request of Express.'));
        return;
      }
      const reader = hostReader(mfa, req, res);
      void withinAnswer(mfa, (own) => enter({ ...reader, mfa: own })).then(
        (outcome) => {
          if (!outcome.accepted) {
            failWith(actions, reader, outcome);
            return;
          }
          proveAtLogIn(reader, outcome.recognised);
          actions.success(outcome.user, { userId: outcome.recognised.userId });
        },
        (error: unknown) => {
          actions.error(error);
        },
      );
    },
  };
}

type Done = (error?: unknown) => void;
type LogIn = (...given: unknown[]) => void;

/**
 * The proof is written after `req.logIn`, whoever calls it: from Passport 0.6 on, that empties the session. Before 0.6 it
 * keeps the session's id, so a new one is given then (against fixation).
 */
function proveAtLogIn(reader: Reader, recognised: Recognised): void {
  const request = reader.req as unknown as { logIn: LogIn };
  const { logIn } = request;
  request.logIn = (...given) => {
    request.logIn = logIn;
    const done = given.at(-1) as Done;
    logIn.call(request, ...given.slice(0, -1), (error?: unknown) => {
      if (error !== undefined && error !== null) done(error);
      else withinAnswer(reader.mfa, (own) => prove({ ...reader, mfa: own }, recognised)).then(() => done(), done);
    });
  };
}

async function prove(reader: Reader, { userId, epoch, proof, knownBrowser }: Recognised): Promise<void> {
  const { mfa, req, res } = reader;
  const user = await signedIn(mfa, req, userId);
  await openSession(mfa, req, user);
  const { signIn } = visitOf(reader, user).asker;
  await renewSignIn(mfa, req, { ...signIn, epoch, proofs: [proof] });
  await saveSession(mfa, req);
  if (knownBrowser !== undefined) setKnownBrowserCookie(mfa, req, res, userId, knownBrowser);
  setFlowCookie(mfa, req, res, undefined);
}
