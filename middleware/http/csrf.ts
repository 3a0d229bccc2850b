// Cross-site requests change nothing: Origin and Fetch Metadata are looked at first, then the synchroniser token
// (OWASP CSRF Prevention). Where a browser sends neither header, the token decides.
import type { Request } from 'express';
import { MfaError } from '../../src/core/words/errors.js';
import type { Json } from '../../src/core/words/json.js';
import type { SignIn } from '../../src/core/kernel/sign-in.js';
import type { MfaCore } from '../../src/mfa.js';
import { fieldOf } from '../../src/validation.js';
import { isOwnOrigin, ownHosts } from './own-host.js';
import { tellRefusedRequest } from './refused-request.js';
import { warnOnce } from './warn-once.js';

/** @throws MfaError `request.csrf` where the request comes from another site or from nowhere that can be named */
export function checkOrigin(mfa: MfaCore, req: Request): void {
  const { origins } = mfa.config.web;
  const { origin } = req.headers;
  const site = req.headers['sec-fetch-site'];
  if (origin !== undefined) {
    if (origins.includes(origin)) return;
    // Browsers say so of every form on a page with `Referrer-Policy: no-referrer`, and of pages in a sandbox, which are
    // of no site: this one is our own, as the browser says in the other header; the token decides.
    if (origin === 'null' && site === 'same-origin') return;
    if (origins.length > 0) throw foreign(mfa, req, 'an origin that is not in `origins`');
    if (!isOwnOrigin(req, origin)) {
      warnOfHost(mfa, req, origin);
      throw foreign(mfa, req, 'another host than this one');
    }
  }
  if (site === 'cross-site' || site === 'same-site') throw foreign(mfa, req, 'another site');
}

/** Not where the browser says that it was another site's page: whoever attacks writes no advice into the log. */
function warnOfHost(mfa: MfaCore, req: Request, origin: string): void {
  if ((req.headers['sec-fetch-site'] ?? 'same-origin') !== 'same-origin') return;
  warnOnce(
    mfa,
    'origin of forms',
    `A form from ${origin.slice(0, 200)} was refused, for this request came to ${ownHosts(req).join(', ').slice(0, 200)}. ` +
      'A proxy that rewrites `Host` refuses every form so: name the address that browsers show in the option `origin`, or let ' +
      "the proxy send `X-Forwarded-Host` and say `app.set('trust proxy', 1)`.",
    'origin_unknown',
  );
}

function foreign(mfa: MfaCore, req: Request, where: string): MfaError {
  tellRefusedRequest(mfa, req, undefined, 'request.csrf', 'origin');
  return new MfaError('request.csrf', `This request comes from ${where}. Reload the page and try again.`);
}

/** Whether the browser itself says that this very origin sent the request; where it says nothing, nobody did. */
export function comesFromHere(mfa: MfaCore, req: Request): boolean {
  const { origins } = mfa.config.web;
  const { origin } = req.headers;
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin === undefined) return site === 'same-origin';
  return origins.includes(origin) || (origins.length === 0 && isOwnOrigin(req, origin));
}

/** @throws MfaError `request.csrf` where the token is missing or wrong */
export async function checkCsrfToken(
  mfa: MfaCore,
  req: Request,
  signIn: Pick<SignIn, 'csrf'> & Partial<SignIn>,
  body: Json,
): Promise<void> {
  const { csrf } = mfa.config.web;
  const token = given(req, body);
  // Where nothing came there is nothing to compare: a host's `undefined === undefined` would say yes.
  const comes = typeof token === 'string' && token !== '';
  const right: unknown = comes && csrf && (await csrf.verify(req, token));
  // A check of the host's that returns a promise in a list, a text or an error has not said yes.
  if (right === true) return;
  // Asked after that: some make another token each time.
  const isOurs = !csrf || (comes && hostTokenOf(csrf, req) === undefined);
  if (isOurs && isToken(mfa.kernel.sealer.equal, token, signIn.csrf)) return;
  tellRefusedRequest(mfa, req, signIn.userId, 'request.csrf', 'token');
  throw new MfaError('request.csrf', 'The form has expired. Reload the page and try again.');
}

function isToken(equal: MfaCore['kernel']['sealer']['equal'], token: unknown, secret: string): boolean {
  return typeof token === 'string' && token.length === secret.length && equal(token, secret);
}

function given(req: Request, body: Json): unknown {
  return fieldOf(body, '_csrf') ?? req.headers['x-csrf-token'];
}

type HostCsrf = NonNullable<MfaCore['config']['web']['csrf']>;

/** Undefined: the host's check is off here, as in development; then ours stands, which nobody can leave out. */
function hostTokenOf({ token }: HostCsrf, req: Request): unknown {
  return token(req) ?? undefined;
}

/**
 * The token for forms and JSON clients.
 * @throws MfaError `config.invalid_option` for a host's own that is none: every form with it would be refused
 */
export function csrfTokenOf({ config }: MfaCore, req: Request, signIn: Pick<SignIn, 'csrf'>): string {
  const token: unknown = config.web.csrf && hostTokenOf(config.web.csrf, req);
  if (token === undefined) return signIn.csrf;
  if (typeof token === 'string' && token !== '') return token;
  throw new MfaError(
    'config.invalid_option',
    `\`csrf.token(req)\` returned ${typeof token === 'string' ? 'an empty text' : typeof token}. Return the token of this session, made where there is none yet.`,
  );
}
