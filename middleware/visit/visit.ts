// One request of a signed-in person to one of our routes: who asks, in which sign-in and language, and what they want
// back. Read once per request; routers and answers work with it.
import type { Request, Response } from 'express';
import { MfaError } from '../../src/core/words/errors.js';
import type { RequestHints } from '../../src/core/words/events.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { Asker } from '../../src/core/kernel/kernel.js';
import type { Json } from '../../src/core/words/json.js';
import type { MfaCore } from '../../src/mfa.js';
import { browserOf } from '../http/browser-cookies.js';
import { parseAcceptLanguage, type Words } from '../pages/messages.js';
import { signInOf } from '../sign-in/session.js';
import { hintsOf } from '../http/request-hints.js';
import { wantsJson } from '../http/request-kind.js';
import { isSafePath } from '../http/safe-path.js';
import { webOf, type Web } from '../pages/page-resources.js';

/** What can be said of any request, signed in or not. */
export type Reader = {
  mfa: MfaCore;
  web: Web;
  req: Request;
  res: Response;
  words: Words;
  base: string;
  json: boolean;
  hints: RequestHints;
};

/** `unusual`: whoever is not elevated yet is told that their sign-in looks so, and nothing else of it. */
export type Visit = Reader & { asker: Asker; body: Json; unusual?: boolean };

/** @param base the path of our routers as browsers see it */
export function readerOf(mfa: MfaCore, req: Request, res: Response, base: string, user?: MfaUser): Reader {
  const web = webOf(mfa);
  const wanted = [mfa.config.web.locale?.(req), user?.locale].filter((locale) => locale !== undefined);
  const locale = web.messages.negotiate([...wanted, ...parseAcceptLanguage(req.headers['accept-language'])]);
  return {
    mfa,
    web,
    req,
    res,
    words: web.messages.words(locale, user?.timeZone),
    base,
    json: wantsJson(req),
    hints: hintsOf(mfa, req),
  };
}

export function visitOf(reader: Reader, user: MfaUser): Visit {
  const { mfa, req, words, hints } = reader;
  const signIn = signInOf(mfa, req, user);
  const asker: Asker = {
    user,
    signIn,
    locale: words.lang,
    hints,
    ...browserOf(mfa, req, user.id),
  };
  return { ...reader, asker, body: {} };
}

/**
 * Where our routers are mounted, as browsers see it; `/mfa` where nothing says otherwise. Under a wildcard the mount is
 * whatever the request says, and may read as another site.
 */
export function basePath(mfa: MfaCore, req?: Request): string {
  const mounted = req?.baseUrl ?? '/mfa';
  return mfa.config.web.publicBasePath ?? (mounted === '' || isSafePath(mounted) ? mounted : '/mfa');
}

/**
 * Who is signed in, as the host says; at once where the host says it at once.
 * @throws MfaError `host.user_failed` when the host's function throws: nobody is let through for it, and no program is
 * told to send the same token again
 */
export function userOf(mfa: MfaCore, req: Request): MfaUser | null | Promise<MfaUser | null> {
  try {
    const user = mfa.config.web.user(req);
    return user instanceof Promise ? user.catch(refuseLookUp) : user;
  } catch (cause) {
    return refuseLookUp(cause);
  }
}

function refuseLookUp(cause: unknown): never {
  if (cause instanceof Error && cause.name === 'MfaError') throw cause;
  throw new MfaError('host.user_failed', '`user(req)` threw, so nobody can be let through.', { cause });
}

/** Whether this person signed in before it was told which sign-in it is: what they proved has no place to stand. */
export function mustSignInAnew({ config }: MfaCore, { signInId, via }: MfaUser): boolean {
  return config.web.proofs !== 'session' && via !== 'token' && !signInId;
}
