// Identity providers, as a visit meets them: what one said at a sign-in is kept with it; who must be vouched for and is not
// goes back to the provider once, and gets no further after that. What counts is decided in `src/core/`.
import type { Request } from 'express';
import { isMfaError, MfaError } from '../../src/core/words/errors.js';
import { beginTrip, vouch } from '../../src/core/flows/vouch.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import { refused } from '../../src/core/words/outcome.js';
import type { Upstream } from '../../src/core/words/upstream.js';
import type { MfaCore } from '../../src/mfa.js';
import type { UpstreamAsk } from '../../src/options.js';
import { hintsOf } from '../http/request-hints.js';
import { isSafePath } from '../http/safe-path.js';
import { keepSignIn, renewSignIn, saveSession, signInOf } from '../sign-in/session.js';
import { redirect, refuse } from './answers.js';
import { returnToOf } from './return-to.js';
import type { Visit } from './visit.js';
import { urlOf } from '../../src/core/words/url.js';

const reason = 'session.mfa.upstream_insufficient';

/** Keeps with the sign-in that was just begun what the provider vouches for; the session gets a new id by it. */
export async function keepVouching(core: MfaCore, req: Request, user: MfaUser, said: Upstream): Promise<void> {
  const signIn = signInOf(core, req, user);
  const about = { user, hints: hintsOf(core, req), signIn };
  const { vouched, enforced } = await vouch(core.kernel, about, said);
  if (vouched === undefined && enforced === undefined) return;
  const kept = { ...signIn, ...(enforced === undefined ? {} : { enforced }) };
  if (vouched) await renewSignIn(core, req, { ...kept, vouched });
  else keepSignIn(core, req, kept);
  await saveSession(core, req);
}

/** Thrown where a page would have been made; `answerOwed` answers it. */
export function owedVisit(): MfaError {
  return new MfaError(reason, 'The identity provider has not said that a second factor was used.');
}

export function isOwed(error: unknown): boolean {
  return isMfaError(error) && error.code === reason;
}

/**
 * Back to the provider, once; else 403 with the way out. Programs, and what is no document, are told where people go on.
 * @throws MfaError `config.invalid_option` where `reauthenticate` does not say where to
 */
export async function answerOwed(visit: Visit): Promise<void> {
  const { mfa, req, res, base, asker } = visit;
  keepSignIn(mfa, req, asker.signIn);
  const to = await tripOf(visit);
  await saveSession(mfa, req);
  if (to !== undefined) return redirect(visit, to);
  mfa.kernel.tell(asker, [{ name: 'session-refused', outcome: 'refused', reason, detail: { why: 'upstream' } }]);
  res.setHeader('Cache-Control', 'no-store');
  await refuse(visit, refused(reason, { url: base }), [{ to: 'sign-out', url: `${base}/sign-out`, isForm: true }]);
}

async function tripOf(visit: Visit): Promise<string | undefined> {
  const { mfa, req, asker } = visit;
  const issuer = asker.signIn.enforced?.issuer;
  const way = issuer === undefined ? undefined : mfa.config.web.reauthenticate.get(issuer);
  const path = returnToOf(req);
  if (!way || issuer === undefined || path === undefined) return undefined;
  // Before anybody is led there: an error of the provider leaves it counted.
  if (!(await beginTrip(mfa.kernel, asker.user.id, issuer))) return undefined;
  const to: unknown = await way(req, askOf(visit, issuer, path));
  if (typeof to === 'string' && (isSafePath(to) || isWeb(to))) return to;
  throw new MfaError(
    'config.invalid_option',
    '`reauthenticate` must return where to: an address of the provider, or a path of this app.',
  );
}

function isWeb(to: string): boolean {
  return ['https:', 'http:'].includes(urlOf(to)?.protocol ?? '');
}

/** What the provider is to be asked, in the words of both protocols. What it then says is what counts. */
function askOf({ mfa, asker, req, base }: Visit, issuer: string, path: string): UpstreamAsk {
  const { upstream } = mfa.kernel.settings;
  const { vouched, enforced, returnTo } = asker.signIn;
  const { acr = [], maxAgeSeconds = 0 } = upstream.get(issuer) ?? {};
  // It vouched, and does no longer: its own session is not enough, nor where what it said was too old at once.
  const isStale = vouched !== undefined || enforced?.isStale === true;
  const isOurs = req.originalUrl === base || req.originalUrl.startsWith(`${base}/`);
  const back = isOurs ? returnTo : path;
  return {
    issuer,
    ...(back === undefined ? {} : { returnTo: back }),
    oidc: {
      max_age: isStale ? 0 : maxAgeSeconds,
      ...(acr.length > 0
        ? {
            acr_values: acr.join(' '),
            claims: JSON.stringify({ id_token: { acr: { essential: true, values: acr } } }),
          }
        : {}),
    },
    saml: { forceAuthn: true as const, authnContext: [...acr] },
  };
}
