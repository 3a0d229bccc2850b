// The guard. Installed once for the whole app, or per route; gates on what is true of the session and the record,
// never on a list of log-in paths. Only "elevated, nothing owed" is believed from memory; all else loads.
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { isMfaError, MfaError, type ErrorCode } from '../../src/core/words/errors.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import { guardMark, type GuardMark } from '../../src/core/words/guard-mark.js';
import type { Demand } from '../../src/core/kernel/policy.js';
import type { Situation } from '../../src/core/rules/situation.js';
import type { MfaCore } from '../../src/mfa.js';
import { checkGuardOptions } from '../../src/validation.js';
import { judgeMachine, stopSuspended } from './machine.js';
import { answerThrown } from '../visit/error-handler.js';
import { checkMountOrder, isAllowed, isLeaving, isOpenToVisitors } from './guard-paths.js';
import { stopAnonymous, stopForStepUp, stopHeld, stopUntilDone, suggestionOf } from './guard-answers.js';
import type { Judge } from './named-later.js';
import { letVisitorPass, passesAsVisitor } from './visitors.js';
import { isDisowned } from './disowned.js';
import { enforces, tellReported, warnOfPrefix, warnOfSignInId } from './enforcement.js';
import { checkEnvironment } from '../http/loopback.js';
import { withinAnswer } from '../http/within-answer.js';
import { demandOf, rememberedMfa, requestMfaOf, stopOf } from './request-mfa.js';
import { warnOfSessionStore } from '../sign-in/session-store.js';
import { checkSession, dropSignIn, openSession, ownSignIn } from '../sign-in/session.js';
import { situationHere } from './situation-here.js';
import { basePath, mustSignInAnew, readerOf, userOf, visitOf, type Reader, type Visit } from '../visit/visit.js';

/** What a guard asks for, and what it does with whoever owes it. */
export type RequireMfaOptions = {
  /** How old a proof may be: a step-up. Seconds. */
  maxAgeSeconds?: number;
  /** Which kinds of proof count here. */
  factors?: readonly string[];
  /** What happens to requests of nobody. Default `refuse`. */
  anonymous?: 'refuse' | 'pass';
  /** Decides itself what to do with a request other than GET that owes a step-up. */
  onStepUp?: (req: Request, res: Response, next: NextFunction) => void | Promise<void>;
  /**
   * A form that owes a step-up is offered again after it, by one press: what it held is kept on the server, sealed, for five
   * minutes. Never a file, nor more than 32 KB; then, and without this, the page says to submit it again.
   */
  repeat?: boolean;
  /** What is stopped at a step-up, for the page that says so: "Change the payout account". */
  label?: string | ((req: Request) => string);
  /** `report` stops nobody; the event `verification-required` with `reported` says whom it would have stopped. */
  mode?: 'enforce' | 'report';
  /** Also stops whoever is held after a support pass; a step-up always does. */
  whileHeld?: 'refuse';
  /** Stops this share of people only, 0–100, chosen by their id; the others are reported. */
  rollOutPercent?: number;
};

/**
 * Lets only those pass who owe nothing: the second factor proved in this sign-in, or none needed.
 * @throws MfaError `config.*` at once for options that cannot work
 */
export function requireMfa(mfa: MfaCore, options: RequireMfaOptions = {}): RequestHandler {
  if (typeof (mfa as Partial<MfaCore> | undefined)?.kernel !== 'object') {
    throw new MfaError(
      'config.middleware_not_called',
      '`requireMfa` was mounted without being called. Write `app.use(requireMfa(mfa))`, with what `createMfa` returned.',
    );
  }
  checkGuardOptions(
    options,
    mfa.kernel.factors.map(({ kind }) => kind),
  );
  const isForAll = options.anonymous === 'pass' && demandOf(options) === undefined;
  const believes =
    demandOf(options) === undefined && options.whileHeld === undefined && mfa.config.web.proofs === 'session';
  function mfaGuard(req: Request, res: Response, next: NextFunction) {
    let user: ReturnType<typeof userOf>;
    let passesAtOnce = false;
    try {
      checkEnvironment(mfa, req);
      if (isForAll) warnOfPrefix(mfa, req);
      user = userOf(mfa, req);
      passesAtOnce =
        user === null
          ? options.anonymous === 'pass' && passesAsVisitor(mfa, req, res, later(mfa, options, req, res))
          : believes && isPerson(user) && isBelieved(mfa, req, user);
    } catch (error) {
      user = thrown(error);
    }
    // Most requests are of this kind: nothing is waited for, so a promise would be the larger part of the cost.
    if (passesAtOnce) next();
    else void decideLater(mfa, options, { req, res, next }, user);
  }
  return Object.assign(mfaGuard, { [guardMark]: markOf(options) });
}

async function thrown(error: unknown): Promise<never> {
  throw error;
}

function markOf({ mode = 'enforce', rollOutPercent = 100, anonymous = 'refuse' }: RequireMfaOptions): GuardMark {
  return { mode, rollOutPercent, anonymous };
}

function isPerson(user: ReturnType<typeof userOf>): user is MfaUser {
  return user !== null && !(user instanceof Promise) && user.via !== 'token';
}

/** Elevated and owing nothing, as far as this process remembers; then `req.mfa` is set. */
function isBelieved(mfa: MfaCore, req: Request, user: MfaUser): boolean {
  const signIn = ownSignIn(mfa, req, user);
  const believed = signIn && rememberedMfa(mfa.kernel, user, signIn);
  if (believed) req.mfa = believed;
  return believed !== undefined;
}

type Asked = { req: Request; res: Response; next: NextFunction };

async function decideLater(
  mfa: MfaCore,
  options: RequireMfaOptions,
  { req, res, next }: Asked,
  user: ReturnType<typeof userOf>,
): Promise<void> {
  const judged = (own: MfaCore) =>
    guard(own, options, req, res, user)
      .then(async (found) => {
        if (typeof found !== 'object') return found;
        await found.stop();
        return undefined;
      })
      .catch((error: unknown) => passOrAnswer(mfa, options, { req, res }, user, error));
  // What the host does from here on is no part of it.
  const passes = await withinAnswer(mfa, judged).catch(next);
  if (passes === 'pass') next();
  else if (passes === 'host') await hostsOwn(options, { req, res, next });
}

/** A guard that only reports stops nobody for a store that fails either. Misuse is told in any case. */
async function passOrAnswer(
  mfa: MfaCore,
  options: RequireMfaOptions,
  { req, res }: Pick<Asked, 'req' | 'res'>,
  given: ReturnType<typeof userOf>,
  error: unknown,
): Promise<'pass' | undefined> {
  const user = await Promise.resolve(given).catch(() => null);
  const isMisuse = !isMfaError(error) || error.code.startsWith('config.');
  if (isMisuse || enforces(mfa, options, user ?? undefined)) {
    await answerThrown(mfa, req, res, error);
    return undefined;
  }
  if (user) tellReported(mfa, readerOf(mfa, req, res, basePath(mfa), user), user, error.code);
  return 'pass';
}

async function hostsOwn({ onStepUp }: RequireMfaOptions, { req, res, next }: Asked): Promise<void> {
  try {
    await onStepUp?.(req, res, next);
  } catch (error) {
    next(error);
  }
}

/** `host`: `onStepUp` decides. Else what stands in the way, and how it is answered. */
type Passes = 'pass' | 'host' | Stopped;
type Stopped = { code: ErrorCode; stop: () => Promise<void>; isOffer?: true };

async function guard(
  mfa: MfaCore,
  options: RequireMfaOptions,
  req: Request,
  res: Response,
  given: ReturnType<typeof userOf>,
): Promise<Passes> {
  const user = await given;
  const reader = () => readerOf(mfa, req, res, basePath(mfa), user ?? undefined);
  if (!user) {
    warnOfSessionStore(mfa, req);
    const open = !enforces(mfa, options, undefined) || isOpenToVisitors(mfa, req);
    if (!open && (await isDisowned(mfa, req, () => reader().hints))) return stopOfNobody(reader);
    if (open || options.anonymous === 'pass') {
      letVisitorPass(mfa, req, res, later(mfa, options, req, res));
      return 'pass';
    }
    dropSignIn(mfa, req);
    return stopOfNobody(reader);
  }
  if (mustSignInAnew(mfa, user)) {
    if (isOpenToVisitors(mfa, req)) return 'pass';
    if (!enforces(mfa, options, user)) {
      tellReported(mfa, reader(), user, 'session.not_signed_in');
      return 'pass';
    }
    warnOfSignInId(mfa);
    return stopOfNobody(reader);
  }
  if (user.via === 'token') {
    const found = await judgeMachine({ mfa, req, res, reader }, user, enforces(mfa, options, user));
    if (found === 'pass') return found;
    if (found === 'session.not_signed_in') return stopOfNobody(reader);
    if (found !== 'person') return { code: found, stop: () => stopSuspended(reader()) };
  }
  checkSession(mfa, req);
  if (isAllowed(mfa, req) || isLeaving(mfa, req, user)) return 'pass';
  checkMountOrder(mfa, req);
  const demand = demandOf(options);
  await openSession(mfa, req, user);
  if (!demand && !options.whileHeld && isBelieved(mfa, req, user)) return 'pass';
  const visit = visitOf(reader(), user);
  const situation = await situationHere(visit);
  req.mfa = requestMfaOf(mfa.kernel, situation, visit.asker.signIn);
  return decide(visit, situation, demand, options);
}

async function decide(
  visit: Visit,
  situation: Situation,
  demand: Demand | undefined,
  options: RequireMfaOptions,
): Promise<Passes> {
  const { kernel } = visit.mfa;
  const stop = stopOf(kernel, situation, demand, options.whileHeld);
  if (!enforces(visit.mfa, options, visit.asker.user)) {
    if (stop) tellReported(visit.mfa, visit, visit.asker.user, stop.code);
    return 'pass';
  }
  if (!stop) {
    const offer = suggestionOf(visit, situation);
    return offer ? { code: 'user.missing_mfa', stop: offer, isOffer: true } : 'pass';
  }
  const { code, why } = stop;
  if (code === 'session.mfa.on_hold') return { code, stop: () => stopHeld(visit, situation, demand) };
  if (!why) return { code, stop: () => stopUntilDone(visit, situation, code) };
  if (options.onStepUp && visit.req.method !== 'GET' && situation.record.protected) return 'host';
  return { code, stop: () => stopForStepUp(visit, situation, { demand: demand ?? {}, why, ...options }) };
}

function stopOfNobody(reader: () => Reader): Stopped {
  return { code: 'session.not_signed_in', stop: () => stopAnonymous(reader()) };
}

/** What this guard would have said of somebody whom it took for nobody. */
function later(mfa: MfaCore, given: RequireMfaOptions, req: Request, res: Response): Judge {
  return async (user) => {
    const { onStepUp: _, ...options } = given;
    const judged = (own: MfaCore) => guard(own, options, req, res, user);
    const found = await withinAnswer(mfa, judged).catch((error: unknown) => {
      if (enforces(mfa, options, user)) throw error;
      return 'pass';
    });
    return typeof found === 'object' && !found.isOffer ? found : undefined;
  };
}
