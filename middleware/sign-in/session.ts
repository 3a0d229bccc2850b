// The only file that touches `req.session`. Finds, starts, keeps and drops what is true of one sign-in, and gives the
// session a new id when somebody is elevated; in `proof-store.ts` where the host has no server session. Decides nothing.
import type { Request } from 'express';
import { MfaError } from '../../src/core/words/errors.js';
import type { MfaUser } from '../../src/core/kernel/factor.js';
import type { SignIn } from '../../src/core/kernel/sign-in.js';
import type { MfaCore } from '../../src/mfa.js';
import { isPlainHttp } from '../http/cookies.js';
import type { HostSession } from './host-session.js';
import { newSignIn } from './new-sign-in.js';
import { openProofs, proofStoreOf } from './proof-store.js';

function sessionOf(req: Request): HostSession | undefined {
  return (req as unknown as { session?: HostSession }).session ?? undefined;
}

/**
 * Whether sign-ins can be kept at all, before anything else is asked of the request.
 * @throws MfaError `config.*` as below
 */
export function checkSession({ config }: MfaCore, req: Request): void {
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

/**
 * The host's session, fit for use.
 * @throws MfaError `config.no_session_middleware`, `config.session_cannot_regenerate` or
 * `config.secure_cookie_without_trust_proxy`, each with what to do
 */
function requireSession(req: Request): HostSession {
  const session = sessionOf(req);
  if (session === undefined) {
    throw new MfaError(
      'config.no_session_middleware',
      '`req.session` is missing. Mount express-session before express-mfa: `app.use(session({ … }))`. ' +
        "An app that has no server session takes the option `proofs: 'cookie'` or `proofs: 'token'`.",
    );
  }
  if (typeof session.regenerate !== 'function' || typeof session.save !== 'function') {
    throw new MfaError(
      'config.session_cannot_regenerate',
      '`req.session` cannot be given a new id; this looks like cookie-session, whose content can be replayed. ' +
        "Set the option `proofs: 'cookie'`, which keeps proofs on the server, or use express-session.",
    );
  }
  if (session.cookie.secure === true && isPlainHttp(req)) {
    throw secureOverHttp('The session cookie is `secure`');
  }
  return session;
}

function secureOverHttp(what: string): MfaError {
  return new MfaError(
    'config.secure_cookie_without_trust_proxy',
    `${what}, and this request came over plain http, so the browser never gets it. ` +
      "Behind a proxy that ends TLS, set `app.set('trust proxy', 1)`.",
  );
}

/** Whether the host's session holds anything but its cookie's settings. */
export function hasSessionData(req: Request): boolean {
  return Object.entries(sessionOf(req) ?? {}).some(([key, value]) => key !== 'cookie' && holdsData(value));
}

/** Passport and flash messages leave empty objects behind. */
function holdsData(value: unknown): boolean {
  if (typeof value !== 'object') return value !== undefined && typeof value !== 'function';
  return value !== null && Object.keys(value).length > 0;
}

export function startSignIn(core: MfaCore, req: Request, user: MfaUser, moment: SignIn['moment']): void {
  keepSignIn(req, newSignIn(core.kernel, user, moment));
}

/**
 * What is true of this sign-in. Bound to the user id and, where the host tells it, to the sign-in: another person in
 * the same browser starts at zero, and so does the first when they come back. A fresh one is not kept yet, so that a
 * person without MFA gets no session by us.
 */
export function signInOf(core: MfaCore, req: Request, user: MfaUser): SignIn {
  const own = ownSignIn(core, req, user);
  if (own) return own;
  dropSignIn(req);
  return newSignIn(core.kernel, user, 'sign-in', core.config.web.proofs === 'session' ? sessionOf(req)?.id : undefined);
}

/** What is true of this sign-in, where anything was kept of it. */
export function ownSignIn(core: MfaCore, req: Request, user: MfaUser): SignIn | undefined {
  const kept = keptSignIn(core, req);
  return kept?.userId === user.id && kept.signInId === user.signInId ? kept : undefined;
}

/** The sign-in as it was kept, whosever it is. */
function keptSignIn({ config }: MfaCore, req: Request): SignIn | undefined {
  if (config.web.proofs === 'session') return requireSession(req).mfa;
  const proofs = proofStoreOf(req);
  // Read before it was loaded, it would look like nobody's, and be written over.
  if (!proofs) throw new MfaError('store.unavailable', 'The sign-in was read before it was loaded.');
  return proofs.current;
}

/** The page that this very person was on their way to, where they were pending in this session already. */
export function returnToOf(core: MfaCore, req: Request, userId: string): string | undefined {
  const kept = core.config.web.proofs === 'session' ? requireSession(req).mfa : proofStoreOf(req)?.current;
  return kept?.userId === userId ? kept.returnTo : undefined;
}

/** Keeps the sign-in; express-session, or our own store, saves it at the end of the answer. */
export function keepSignIn(req: Request, signIn: SignIn): void {
  const proofs = proofStoreOf(req);
  if (proofs) proofs.keep(signIn);
  else requireSession(req).mfa = signIn;
}

/** Drops what was proved; in a store of ours, only of the person whom it was opened for. */
export function dropSignIn(req: Request): void {
  proofStoreOf(req)?.drop();
  const session = sessionOf(req);
  if (session?.mfa !== undefined) delete session.mfa;
}

/**
 * Drops what was proved as another sign-in begins or this one ends. A session that was elevated gets a new id: under the
 * old one a slow request with `resave: true` would write the proofs back.
 * @throws MfaError `store.unavailable` when the session store fails
 */
export async function dropProofs({ config }: MfaCore, req: Request): Promise<void> {
  const session = sessionOf(req);
  const elevated = config.web.proofs === 'session' && (session?.mfa?.proofs.length ?? 0) > 0;
  if (elevated && typeof session?.regenerate === 'function') await renew(req, undefined);
  else dropSignIn(req);
}

/** Saves the session now; to be awaited before a redirect, which may overtake express-session's own saving. */
export async function saveSession(req: Request): Promise<void> {
  const proofs = proofStoreOf(req);
  if (proofs) return proofs.save();
  const session = requireSession(req);
  await called('saved', (done) => {
    session.save(done);
  });
}

/**
 * Gives the session a new id (against fixation), carries over the host's own data and the settings of its cookie, and
 * saves it. The CSRF secret is a new one too.
 * @throws MfaError `store.unavailable` when the session cannot be saved: the answer stays spent, and nobody is elevated
 */
export async function elevate(core: MfaCore, req: Request, signIn: SignIn): Promise<SignIn> {
  const next: SignIn = { ...signIn, csrf: core.kernel.random.token(32) };
  if (core.config.web.proofs !== 'session') {
    keepSignIn(req, next);
    await saveSession(req);
    return next;
  }
  await renew(req, next);
  return next;
}

/**
 * Drops what was proved, for good: under its old id a slow request with `resave: true` would write it back.
 * @throws MfaError `store.unavailable` when the session store fails
 */
export async function endSignIn(core: MfaCore, req: Request): Promise<void> {
  if (core.config.web.proofs === 'session') return renew(req, undefined);
  dropSignIn(req);
  await saveSession(req);
}

/** A new id, with the host's own data and cookie settings, and this sign-in or none. */
async function renew(req: Request, signIn: SignIn | undefined): Promise<void> {
  const before = requireSession(req);
  const { cookie, mfa: _mfa, ...data } = { ...before };
  await called('given a new id', (done) => {
    before.regenerate(done);
  });
  const session = requireSession(req);
  for (const [key, value] of Object.entries(data))
    if (typeof value !== 'function' && key !== 'id' && key !== 'req') session[key] = value;
  if (signIn) session.mfa = signIn;
  for (const setting of ['path', 'domain', 'httpOnly', 'secure', 'sameSite', 'priority', 'partitioned']) {
    if (cookie[setting] !== undefined) session.cookie[setting] = cookie[setting];
  }
  // "Remember me" sets maxAge after the log-in: the new cookie keeps that length, counted from now.
  if (cookie.originalMaxAge !== session.cookie.originalMaxAge) session.cookie['maxAge'] = cookie.originalMaxAge;
  await saveSession(req).catch((error: unknown) => {
    // express-session tries once more at the end of the answer, which says that nobody was elevated.
    delete session.mfa;
    throw error;
  });
}

/**
 * A session with a new id and nothing in it: whoever was signed in before, and whatever a stranger planted, is gone.
 * @throws MfaError `store.unavailable` when the session store fails
 */
export async function emptySession(core: MfaCore, req: Request): Promise<void> {
  if (core.config.web.proofs !== 'session') {
    dropSignIn(req);
    return;
  }
  const session = requireSession(req);
  await called('given a new id', (done) => {
    session.regenerate(done);
  });
}

async function called(doing: string, run: (done: (error?: unknown) => void) => void): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      run((error) => {
        if (error === undefined || error === null) resolve();
        else reject(error instanceof Error ? error : new Error('The session store failed.'));
      });
    });
  } catch (cause) {
    throw new MfaError('store.unavailable', `The session could not be ${doing}.`, { cause });
  }
}
