// The guard. Installed once for the whole app, or per route; gates on what is true of the session and the record,
// never on a list of log-in paths. Only "elevated, nothing owed" is believed from memory; all else loads.
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { MfaError } from '../src/core/errors.js';
import { factorOf } from '../src/core/kernel.js';
import { isDemanded } from '../src/core/next-step.js';
import { lacking, type Demand } from '../src/core/policy.js';
import { emptyRecord } from '../src/core/record.js';
import { situationOf, type Situation } from '../src/core/situation.js';
import { loadRecord } from '../src/core/transact.js';
import type { MfaCore } from '../src/mfa.js';
import { checkGuardOptions } from '../src/validation.js';
import { answerThrown } from './error-handler.js';
import { stopAnonymous, stopForStepUp, stopForSuggestion, stopUntilDone } from './guard-answers.js';
import { checkEnvironment } from './loopback.js';
import { standIn } from './trust.js';
import { dropSignIn, requireSession, sessionSignsIn } from './session.js';
import { basePath, readerOf, userOf, visitOf, type Visit } from './visit.js';

export type RequireMfaOptions = {
  /** How old a proof may be: a step-up. Seconds. */
  maxAgeSeconds?: number;
  /** Which kinds of proof count here. */
  factors?: readonly string[];
  /** What happens to requests of nobody. Default `refuse`. */
  anonymous?: 'refuse' | 'pass';
  /** Decides itself what to do with a request other than GET that owes a step-up. */
  onStepUp?: (req: Request, res: Response, next: NextFunction) => void | Promise<void>;
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
  checkGuardOptions(options);
  return function mfaGuard(req: Request, res: Response, next: NextFunction) {
    guard(mfa, options, req, res).then(
      (passes) => {
        if (passes === 'pass') next();
        else if (passes === 'host') Promise.resolve(options.onStepUp?.(req, res, next)).catch(next);
      },
      (error: unknown) => answerThrown(mfa, req, res, error).catch(next),
    );
  };
}

type Passes = 'pass' | 'stopped' | 'host';

async function guard(mfa: MfaCore, options: RequireMfaOptions, req: Request, res: Response): Promise<Passes> {
  checkEnvironment(mfa, req);
  const user = await userOf(mfa, req);
  if (!user) {
    dropSignIn(req);
    if (options.anonymous === 'pass') return 'pass';
    await stopAnonymous(readerOf(mfa, req, res, basePath(mfa)));
    return 'stopped';
  }
  if (user.via === 'token' && !sessionSignsIn(req)) {
    mfa.kernel.tell({ user, hints: readerOf(mfa, req, res, basePath(mfa), user).hints }, [
      { name: 'token-request-passed', actor: 'system' },
    ]);
    return 'pass';
  }
  requireSession(req);
  if (isAllowed(mfa, req)) return 'pass';
  checkMountOrder(mfa, req);
  const demand = demandOf(options);
  const visit = visitOf(readerOf(mfa, req, res, basePath(mfa), user), user);
  const remembered = demand ? undefined : rememberedSituation(mfa, visit);
  const situation = remembered ?? (await standIn(visit, await loadedSituation(mfa, visit)));
  return decide(mfa, visit, situation, demand, options);
}

function demandOf({ maxAgeSeconds, factors }: RequireMfaOptions): Demand | undefined {
  if (maxAgeSeconds === undefined && factors === undefined) return undefined;
  return { ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }), ...(factors === undefined ? {} : { factors }) };
}

async function decide(
  mfa: MfaCore,
  visit: Visit,
  situation: Situation,
  demand: Demand | undefined,
  options: RequireMfaOptions,
): Promise<Passes> {
  const { next } = situation;
  visit.req.mfa = { state: situation.state, proofs: situation.proofs, amr: amrOf(mfa, situation), next };
  if (isDemanded(next)) {
    await stopUntilDone(visit, situation);
    return 'stopped';
  }
  if (demand) {
    const why = lacking(situation.proofs, demand, mfa.kernel.now());
    if (why !== undefined) {
      if (options.onStepUp && visit.req.method !== 'GET' && situation.record.protected) return 'host';
      await stopForStepUp(visit, situation, demand, why);
      return 'stopped';
    }
  }
  return (await stopForSuggestion(visit, situation)) ? 'stopped' : 'pass';
}

/** Only an elevated session is believed from memory, and only when nothing is owed. */
function rememberedSituation({ kernel }: MfaCore, { asker }: Visit): Situation | undefined {
  const record = kernel.remembered.recall(asker.user.id, kernel.now());
  if (record?.epoch !== asker.signIn.epoch || record === undefined) return undefined;
  const situation = situationOf(kernel, asker.user, asker.signIn, record);
  return situation.state === 'elevated' && situation.next.step === 'nothing' ? situation : undefined;
}

/** One load at a time per user and process; whoever comes meanwhile shares it. */
async function loadedSituation({ kernel }: MfaCore, { asker }: Visit): Promise<Situation> {
  const { record } = await kernel.remembered.share(asker.user.id, () => loadRecord(kernel, asker.user));
  return situationOf(kernel, asker.user, asker.signIn, record ?? emptyRecord(''));
}

function amrOf({ kernel }: MfaCore, { proofs }: Situation): string[] {
  const values = proofs.flatMap(({ kind }) => factorOf(kernel, kind)?.amr ?? []);
  return proofs.length === 0 ? [] : [...new Set([...values, 'mfa'])];
}

/** An exact path, and method where one is named; the sign-out is always among them. */
function isAllowed({ config }: MfaCore, req: Request): boolean {
  const { allow, signOut } = config.web;
  const path = req.originalUrl.split('?', 1)[0];
  return [signOut, ...allow].some((route) =>
    typeof route === 'string' ? route === path : route.path === path && route.method.toUpperCase() === req.method,
  );
}

/** The guard before the routers would send people in a circle. */
function checkMountOrder(mfa: MfaCore, req: Request): void {
  // Only a GET tells: there is no POST of that path, so one reaches the guard wherever it stands.
  if (req.method !== 'GET' || req.originalUrl.split('?', 1)[0] !== `${basePath(mfa)}/verify`) return;
  throw new MfaError(
    'config.invalid_option',
    `The guard stands before the MFA pages. Mount \`app.use('${basePath(mfa)}', mfaRouter(mfa))\` before \`app.use(requireMfa(mfa))\`; ` +
      'if they are mounted elsewhere, say where with `publicBasePath`.',
  );
}
