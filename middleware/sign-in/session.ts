// Finds, starts, keeps and drops what is true of one sign-in: in the host's session, or in `proof-store.ts` where the
// host has none. What a session may do changes by `renewSignIn` alone, which gives it a new id. Decides nothing.
import type { Request } from 'express';
import { MfaError } from '../../src/core/words/errors.js';
import { rememberEnd } from '../../src/core/flows/end-sign-ins.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import { rightsOf, signInName, type SignIn } from '../../src/core/kernel/sign-in.js';
import type { MfaCore } from '../../src/mfa.js';
import { isPlainHttp } from '../http/cookies.js';
import {
  emptyHostSession,
  putSignIn,
  renewId,
  requireSession,
  saveHostSession,
  secureOverHttp,
  sessionIdOf,
  sessionOf,
  signInIn,
  takeSignIn,
} from './host-session.js';
import { newSignIn } from './new-sign-in.js';
import { forgetStart, keepStart } from './pending-start.js';
import { openProofs, proofStoreOf } from './proof-store.js';
import { warnOfSessionStore } from './session-store.js';

/**
 * Whether sign-ins can be kept at all, before anything else is asked of the request.
 * @throws MfaError `config.*` as below
 */
export function checkSession(core: MfaCore, req: Request): void {
  const { config } = core;
  warnOfSessionStore(core, req);
  if (config.web.proofs === 'session') requireSession(req);
  else if (config.web.proofs === 'cookie' && config.environment === 'production' && isPlainHttp(req)) {
    throw secureOverHttp('The cookie of express-mfa is `secure`');
  }
}

/** Loads the sign-in of this person where it does not come with the host's session; before any other call for them. */
export async function openSession(core: MfaCore, req: Request, user: MfaUser): Promise<void> {
  checkSession(core, req);
  if (core.config.web.proofs !== 'session') await openProofs(core, req, user);
}

/** @throws MfaError `store.unavailable` */
export async function startSignIn(core: MfaCore, req: Request, user: MfaUser, moment: SignIn['moment']): Promise<void> {
  keepSignIn(core, req, await keepStart(core.kernel, newSignIn(core.kernel, user, moment)));
}

/**
 * What is true of this sign-in. Bound to the user id and, where the host tells it, to the sign-in: another person in
 * the same browser starts at zero, and so does the first when they come back. A fresh one is not kept yet, so that a
 * person without MFA gets no session by us.
 */
export function signInOf(core: MfaCore, req: Request, user: MfaUser): SignIn {
  const own = ownSignIn(core, req, user);
  if (own) return own;
  dropSignIn(core, req);
  return newSignIn(core.kernel, user, 'sign-in', core.config.web.proofs === 'session' ? sessionIdOf(req) : undefined);
}

/** What is true of this sign-in, where anything was kept of it. */
export function ownSignIn(core: MfaCore, req: Request, user: MfaUser): SignIn | undefined {
  const kept = keptSignIn(core, req);
  if (kept?.userId !== user.id) return undefined;
  const name = user.signInId === undefined ? undefined : signInName(core.kernel, user.signInId);
  return kept.signInId === name ? kept : undefined;
}

/** The sign-in as it was kept, whosever it is. */
function keptSignIn(core: MfaCore, req: Request): SignIn | undefined {
  if (core.config.web.proofs === 'session') return signInIn(core, requireSession(req));
  const proofs = proofStoreOf(core, req);
  // Read before it was loaded, it would look like nobody's, and be written over.
  if (!proofs) throw new MfaError('store.unavailable', 'The sign-in was read before it was loaded.');
  return proofs.current;
}

/** The page that this very person was on their way to, where they were pending in this session already. */
export function returnToOf(core: MfaCore, req: Request, userId: string): string | undefined {
  const kept =
    core.config.web.proofs === 'session' ? signInIn(core, requireSession(req)) : proofStoreOf(core, req)?.current;
  return kept?.userId === userId ? kept.returnTo : undefined;
}

/**
 * Keeps the sign-in; express-session, or our own store, saves it at the end of the answer. What it may do is as it was.
 * @throws Error where it would be able to do something else: that takes `renewSignIn`
 */
export function keepSignIn(core: MfaCore, req: Request, signIn: SignIn): void {
  const proofs = proofStoreOf(core, req);
  const kept = proofs ? proofs.current : signInIn(core, requireSession(req));
  if (rightsOf(signIn) !== rightsOf(kept)) {
    throw new Error('What a session may do changes together with its id, by `renewSignIn`.');
  }
  write(core, req, signIn);
}

function write(core: MfaCore, req: Request, signIn: SignIn): void {
  const proofs = proofStoreOf(core, req);
  if (proofs) proofs.keep(signIn);
  else putSignIn(core, requireSession(req), signIn);
}

/** Drops what was proved; in a store of ours, only of the person whom it was opened for. */
export function dropSignIn(core: MfaCore, req: Request): void {
  proofStoreOf(core, req)?.drop();
  const session = sessionOf(req);
  if (session && signInIn(core, session)) takeSignIn(core, session);
}

/** Sessions whose id was renewed in this request, and of which nobody knows yet whether they are saved. */
const renewed = new WeakSet<Request>();

/**
 * The one way to change what a session may do. It gets a new id, so that whoever planted or kept the old one has no part
 * in it (fixation), with the host's own data and the settings of its cookie; the CSRF secret is a new one too. Save it
 * before you answer: `saveSession`.
 * @throws MfaError `store.unavailable`
 */
export async function renewSignIn(core: MfaCore, req: Request, signIn: SignIn): Promise<SignIn> {
  const next: SignIn = { ...signIn, csrf: core.kernel.random.token(32) };
  if (core.config.web.proofs === 'session') {
    await renewId(core, req);
    renewed.add(req);
  }
  write(core, req, next);
  return next;
}

/**
 * Saves the session now; to be awaited before any answer, which may overtake express-session's own saving.
 * @throws MfaError `store.unavailable` when it cannot be saved: the answer stays spent, and nobody may do more by it
 */
export async function saveSession(core: MfaCore, req: Request): Promise<void> {
  const proofs = proofStoreOf(core, req);
  if (proofs) return proofs.save();
  await saveHostSession(req).catch((error: unknown) => {
    // express-session tries once more at the end of the answer, which says that nothing came of it.
    if (renewed.has(req)) takeSignIn(core, requireSession(req));
    throw error;
  });
}

/**
 * Drops what was proved as another sign-in begins or this one ends. A session that could do something by it gets a new
 * id: under the old one a slow request would write the proofs back.
 * @param as `flow` where another sign-in follows
 * @throws MfaError `store.unavailable` when a store fails
 */
export async function dropProofs(core: MfaCore, req: Request, as: 'sign-in' | 'flow'): Promise<void> {
  const session = sessionOf(req);
  const kept = signInIn(core, session);
  if (as === 'sign-in' && kept) forgetStart(core.kernel, kept);
  const could = core.config.web.proofs === 'session' && rightsOf(kept) !== '';
  if (!could || typeof session?.regenerate !== 'function') return dropSignIn(core, req);
  await leaveSession(core, req, as);
}

/**
 * The session ends even where the record cannot be told so, or the host gives no new id; who left is told of that, and may leave
 * once more.
 */
async function leaveSession(core: MfaCore, req: Request, as: 'sign-in' | 'flow'): Promise<void> {
  const ended = await Promise.allSettled([
    rememberEnd(core.kernel, signInIn(core, requireSession(req)), as),
    renewId(core, req),
  ]);
  dropSignIn(core, req);
  await saveSession(core, req);
  for (const part of ended) if (part.status === 'rejected') throw part.reason;
}

/**
 * Drops what was proved, for good: under its old id a slow request would write it back.
 * @throws MfaError `store.unavailable` when the session store fails
 */
export async function endSignIn(core: MfaCore, req: Request): Promise<void> {
  if (core.config.web.proofs === 'session') return leaveSession(core, req, 'sign-in');
  const remembered = rememberEnd(core.kernel, proofStoreOf(core, req)?.current, 'sign-in');
  remembered.catch(() => undefined);
  dropSignIn(core, req);
  await saveSession(core, req);
  await remembered;
}

/**
 * A session with a new id and nothing in it: whoever was signed in before, and whatever a stranger planted, is gone.
 * @throws MfaError `store.unavailable` when the session store fails
 */
export async function emptySession(core: MfaCore, req: Request): Promise<void> {
  if (core.config.web.proofs === 'session') await emptyHostSession(req);
  else dropSignIn(core, req);
}
