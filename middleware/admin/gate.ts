// Who gets through to a page of administration, asked anew at each request: somebody signed in whom the app calls an
// administrator, with the right for this route, by a proof of their own; a form by its token. Everybody else reads 404.
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { primaryKinds } from '../../src/core/rules/permission.js';
import { adminRights } from '../../src/core/rules/admin-rights.js';
import { MfaError } from '../../src/core/words/errors.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import { refused, type Refused } from '../../src/core/words/outcome.js';
import type { MfaCore } from '../../src/mfa.js';
import { checkOrigin } from '../http/csrf.js';
import { readBody } from '../http/forms.js';
import { checkEnvironment } from '../http/loopback.js';
import { closeToOtherSites, setPageHeaders } from '../http/page-headers.js';
import { isSafePath } from '../http/safe-path.js';
import { withinAnswer } from '../http/within-answer.js';
import { checkSession, keepSignIn, openSession, saveSession } from '../sign-in/session.js';
import { redirect, refuse } from '../visit/answers.js';
import { refuseShutOut, shutOutBy, stoppedBy } from '../visit/barred.js';
import { checkToken } from '../visit/check-token.js';
import { currentSituation } from '../visit/current-situation.js';
import { answerThrown } from '../visit/error-handler.js';
import { refuseHeld } from '../visit/held.js';
import { lead } from '../visit/refusal-redirect.js';
import { refuseShown } from '../visit/shown.js';
import { answerOwed, isOwed } from '../visit/upstream.js';
import { basePath, mustSignInAnew, readerOf, userOf, visitOf, type Reader } from '../visit/visit.js';
import type { AdminRoute } from './admin-route.js';
import { hasRight, type ActingAdmin, type AdminVisit, type MfaAdminRouterOptions } from './admin-visit.js';
import { leaveDraft } from './left-behind.js';
import { owedProof } from './owed-proof.js';
import { typedIn } from './typed-fields.js';

export function behindGate(mfa: MfaCore, options: MfaAdminRouterOptions, route: AdminRoute): RequestHandler {
  return function mfaAdminRoute(req: Request, res: Response, next: NextFunction) {
    const answered = (own: MfaCore) =>
      answer(own, options, route, req, res).catch((error: unknown) =>
        answerThrown(mfa, req, res, error, basePath(mfa)),
      );
    withinAnswer(mfa, answered).catch(next);
  };
}

/** Every other address below the mount: nothing, to whoever asks. */
export function nothingElse(mfa: MfaCore): RequestHandler {
  return function mfaAdminNothing(req: Request, res: Response, next: NextFunction) {
    setPageHeaders(req, res, mfa.config.web);
    refuseStranger(readerOf(mfa, req, res, basePath(mfa))).catch(next);
  };
}

async function answer(
  mfa: MfaCore,
  options: MfaAdminRouterOptions,
  route: AdminRoute,
  req: Request,
  res: Response,
): Promise<void> {
  setPageHeaders(req, res, mfa.config.web);
  closeToOtherSites(req, res, mfa.config.web.origins);
  checkEnvironment(mfa, req);
  checkSession(mfa, req);
  const user = await userOf(mfa, req);
  const reader = readerOf(mfa, req, res, basePath(mfa), user ?? undefined);
  // A machine with a token never gets here: what is done needs a person who says why.
  const isPerson = user && user.via !== 'token' && !mustSignInAnew(mfa, user);
  const admin = isPerson ? await actingOf(mfa, options, req, user) : undefined;
  if (!user || !admin) return refuseStranger(reader, user ?? undefined);
  if (user.shown) return refuseShown(mfa, reader, user);
  await openSession(mfa, req, user);
  const home = options.publicBasePath?.replace(/\/+$/, '') ?? (isSafePath(req.baseUrl) ? req.baseUrl : '');
  const visit: AdminVisit = { ...visitOf(reader, user), admin, home, fresh: false };
  if (route.method === 'POST') {
    checkOrigin(mfa, req);
    visit.body = await readBody(mfa, req, res, user.id);
    await checkToken(visit);
  }
  if (!hasRight(admin, route.rights)) return refuseRight(visit, route);
  await passProof(visit, route).catch(async (error: unknown) => {
    if (isOwed(error)) return answerOwed(visit);
    const reason = shutOutBy(error);
    if (!reason) throw error;
    mfa.kernel.tell(visit.asker, [stoppedBy[reason]]);
    await refuseShutOut(visit, reason);
  });
}

async function passProof(visit: AdminVisit, route: AdminRoute): Promise<void> {
  const { kernel } = visit.mfa;
  const situation = await currentSituation(visit);
  visit.fresh = owedProof(kernel, visit.asker, situation, true) === undefined;
  const owed = owedProof(kernel, visit.asker, situation, route.does === 'change');
  if (!owed) return route.flow(visit);
  const { req, base, asker } = visit;
  const back = req.method === 'GET' ? req.originalUrl : `${req.baseUrl}${route.form?.(visit) ?? ''}`;
  if (isSafePath(back)) asker.signIn = { ...asker.signIn, returnTo: back };
  if (owed.reason === 'session.mfa.on_hold') return refuseHeld(visit, situation, { factors: primaryKinds(kernel) });
  if (owed.reason === 'user.missing_mfa') return leadToSetUp(visit, owed);
  if (req.method === 'POST' && !visit.json)
    await leaveDraft(visit, { about: `${visit.home}${req.path}`, fields: typedIn(visit.body) });
  await lead(visit, owed, isSafePath(back) ? back : base);
}

async function leadToSetUp(visit: AdminVisit, owed: Refused): Promise<void> {
  const { mfa, req, base, asker } = visit;
  const url = `${base}/setup`;
  keepSignIn(mfa, req, asker.signIn);
  await saveSession(mfa, req);
  if (!visit.json && req.method === 'GET') return redirect(visit, url);
  await refuse(visit, { ...owed, details: { ...owed.details, url } }, [{ to: 'setup', url }]);
}

async function refuseRight(visit: AdminVisit, { path }: AdminRoute): Promise<void> {
  const { mfa, asker, admin, home } = visit;
  const refusal = refused('admin.not_allowed');
  const { reason } = refusal;
  mfa.kernel.tell({ hints: asker.hints, signIn: asker.signIn }, [
    { name: 'admin-refused', actor: 'admin', by: admin.name, outcome: 'refused', reason, detail: { page: path } },
  ]);
  await refuse(visit, refusal, [{ to: 'back', url: `${home}/` }]);
}

/** The same whoever it is and whatever was asked for; somebody whose sign-in is over finds the way. */
async function refuseStranger(reader: Reader, user?: MfaUser): Promise<void> {
  const { signInUrl } = reader.mfa.config.web;
  const link = user ? { to: 'manage' as const, url: reader.base } : { to: 'sign-in' as const, url: signInUrl };
  await refuse(reader, refused('session.verification_session_not_found'), [link]);
}

/** @throws MfaError `host.user_failed` where the app's function throws, `config.invalid_option` for an answer that is none */
async function actingOf(
  { config }: MfaCore,
  { admin }: MfaAdminRouterOptions,
  req: Request,
  { id }: MfaUser,
): Promise<ActingAdmin | undefined> {
  const told = await Promise.resolve()
    .then(() => admin(req))
    .catch((cause: unknown) => {
      throw new MfaError('host.user_failed', '`admin(req)` threw, so nobody can be let through.', { cause });
    });
  if (!told) return undefined;
  const { name = id, may, tenant } = told as { name?: unknown; may?: unknown; tenant?: unknown };
  const isList = Array.isArray(may) && may.every((right) => (adminRights as readonly unknown[]).includes(right));
  if (!isList) throw misuse(`\`may\` takes a list of ${adminRights.join(', ')}`);
  if (typeof name !== 'string' || name === '') throw misuse('`name` takes a text');
  const rights = may as ActingAdmin['may'];
  if (tenant === undefined) return { id, name, may: rights };
  if (typeof tenant !== 'string' || !config.administration.directory)
    throw misuse('`tenant` takes a text, and needs `administration.directory`');
  return { id, name, may: rights, tenant };
}

function misuse(words: string): MfaError {
  return new MfaError('config.invalid_option', `mfaAdminRouter: of what \`admin(req)\` returned, ${words}.`);
}
