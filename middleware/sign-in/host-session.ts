// The host's session: the only file that touches `req.session`, by its parts, not by its package, of which the host
// brings its own copy or none. Gives it a new id and saves it; knows nothing of what stands in it.
import type { Request } from 'express';
import { MfaError } from '../../src/core/words/errors.js';
import type { SignIn } from '../../src/core/kernel/sign-in.js';
import type { MfaCore } from '../../src/mfa.js';
import { isPlainHttp } from '../http/cookies.js';
import { keptOf, signInOfKept, type KeptSignIn } from './kept-sign-in.js';

type Cookie = {
  secure?: boolean | 'auto' | undefined;
  originalMaxAge: number | null;
  [setting: string]: unknown;
};

type Done = (error?: unknown) => void;

/** What express-session makes of `req.session`, as far as we go by it. */
export type HostSession = {
  id?: string;
  mfa?: SignIns;
  cookie: Cookie;
  regenerate(done: Done): void;
  save(done?: Done): unknown;
  [key: string]: unknown;
};

/** By the namespace of the store: apps that share one session leave each other's proofs alone. */
export type SignIns = { [namespace: string]: KeptSignIn };

/** What express-session lets every store do. */
type HostStore = { generate(req: Request): void; destroy(id: string, done: Done): void };

export function sessionOf(req: Request): HostSession | undefined {
  return (req as unknown as { session?: HostSession }).session ?? undefined;
}

const nameOf = ({ kernel }: MfaCore) => kernel.store.namespace ?? 'default';

/** What this app keeps of a sign-in in the host's session. */
export function signInIn(core: MfaCore, session: HostSession | undefined): SignIn | undefined {
  const kept = signInsOf(session);
  const name = nameOf(core);
  const own = Object.hasOwn(kept, name) ? kept[name] : undefined;
  return own && signInOfKept(own);
}

export function putSignIn(core: MfaCore, session: HostSession, signIn: SignIn): void {
  session.mfa = { ...signInsOf(session), [nameOf(core)]: keptOf(signIn) };
}

/** Leaves nothing of ours behind where no other app keeps anything. */
export function takeSignIn(core: MfaCore, session: HostSession): void {
  const others = othersIn(core, session);
  if (others) session.mfa = others;
  else delete session.mfa;
}

/** A host that writes something of its own there loses it. */
function signInsOf(session: HostSession | undefined): SignIns {
  return typeof session?.mfa === 'object' ? (session.mfa ?? {}) : {};
}

function othersIn(core: MfaCore, session: HostSession): SignIns | undefined {
  const others = Object.entries(signInsOf(session)).filter(([name]) => name !== nameOf(core));
  return others.length > 0 ? Object.fromEntries(others) : undefined;
}

/** The id by which the host's session store knows this browser; a secret, for the host's own ears. */
export function sessionIdOf(req: Request): string | undefined {
  return sessionOf(req)?.id;
}

/**
 * The host's session, fit for use.
 * @throws MfaError `config.no_session_middleware`, `config.session_cannot_regenerate` or
 * `config.secure_cookie_without_trust_proxy`, each with what to do
 */
export function requireSession(req: Request): HostSession {
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
  if (session.cookie.secure === true && isPlainHttp(req)) throw secureOverHttp('The session cookie is `secure`');
  return session;
}

export function secureOverHttp(what: string): MfaError {
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

/** What the host keeps in its session, without its cookie's settings and without what is ours; undefined: there is none. */
export function sessionDataOf(req: Request): [key: string, value: unknown][] | undefined {
  const session = sessionOf(req);
  if (session === undefined) return undefined;
  return Object.entries(session).filter(([key, value]) => key !== 'cookie' && key !== 'mfa' && holdsData(value));
}

/** Passport and flash messages leave empty objects behind. */
function holdsData(value: unknown): boolean {
  if (typeof value !== 'object') return value !== undefined && typeof value !== 'function';
  return value !== null && Object.keys(value).length > 0;
}

const cookieSettings = ['path', 'domain', 'httpOnly', 'secure', 'sameSite', 'priority', 'partitioned'];

/** Sessions that ended with a new id, while their store deletes them. */
const leaving = new WeakMap<Request, Promise<void>>();

/**
 * A new id, with the host's own data and the settings of its cookie, and nothing of ours; of other apps, what they
 * keep. The session of the old id is deleted beside whatever follows; `saveHostSession` waits for both.
 */
export async function renewId(core: MfaCore, req: Request): Promise<HostSession> {
  const before = requireSession(req);
  const { cookie, mfa: _mfa, ...data } = { ...before };
  await leaveOldId(req, before);
  const session = requireSession(req);
  const others = othersIn(core, before);
  if (others) session.mfa = others;
  for (const [key, value] of Object.entries(data))
    if (typeof value !== 'function' && key !== 'id' && key !== 'req') session[key] = value;
  for (const setting of cookieSettings) {
    if (cookie[setting] !== undefined) session.cookie[setting] = cookie[setting];
  }
  // "Remember me" sets maxAge after the log-in: the new cookie keeps that length, counted from now.
  if (cookie.originalMaxAge !== session.cookie.originalMaxAge) session.cookie['maxAge'] = cookie.originalMaxAge;
  saveWhatChanged(session);
  return session;
}

/** A session with a new id and nothing in it. */
export async function emptyHostSession(req: Request): Promise<void> {
  const session = requireSession(req);
  await called('given a new id', (done) => {
    session.regenerate(done);
  });
}

/** Does what `regenerate` does, but for waiting; a host that wrapped `regenerate` gets its own. */
async function leaveOldId(req: Request, session: HostSession): Promise<void> {
  const store = (req as { sessionStore?: Partial<HostStore> }).sessionStore;
  const { id } = session;
  const isWrapped = Object.hasOwn(session, 'regenerate') || (store !== undefined && Object.hasOwn(store, 'regenerate'));
  if (id === undefined || isWrapped || !isHostStore(store)) return emptyHostSession(req);
  const gone = called('given a new id', (done) => {
    store.destroy(id, done);
  });
  // Whoever saves hears of it.
  gone.catch(() => undefined);
  leaving.set(req, gone);
  store.generate(req);
}

function isHostStore(store: Partial<HostStore> | undefined): store is HostStore {
  return typeof store?.generate === 'function' && typeof store.destroy === 'function';
}

/**
 * express-session saves a session with a new id once more at the end of every answer; what it saved already, unchanged,
 * need not travel again.
 */
function saveWhatChanged(session: HostSession): void {
  const save = session.save;
  let saved: string | undefined;
  const saveOnce = function (this: HostSession, done: Done = () => undefined): unknown {
    const content = contentOf(this);
    // At once: then express-session ends the answer in one piece.
    if (content === saved) done();
    else {
      save.call(this, (error) => {
        if (error === undefined || error === null) saved = content;
        done(error);
      });
    }
    return this;
  };
  Object.defineProperty(session, 'save', { configurable: true, enumerable: false, writable: true, value: saveOnce });
}

/** All that a store would keep, but for the moment at which the cookie ends, which moves with every look at it. */
function contentOf(session: HostSession): string {
  const { originalMaxAge, ...cookie } = session.cookie;
  return JSON.stringify([
    { ...session, cookie: undefined },
    originalMaxAge,
    cookieSettings.map((each) => cookie[each]),
  ]);
}

/**
 * Saves the session, and waits until the one of its old id is gone.
 * @throws MfaError `store.unavailable`
 */
export async function saveHostSession(req: Request): Promise<void> {
  const session = requireSession(req);
  const saved = called('saved', (done) => {
    session.save(done);
  });
  await Promise.all([saved, leaving.get(req)]);
}

async function called(doing: string, run: (done: Done) => void): Promise<void> {
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
