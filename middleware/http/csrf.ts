// Cross-site requests change nothing: Origin and Fetch Metadata are looked at first, then the synchroniser token
// (OWASP CSRF Prevention). Where a browser sends neither header, the token decides.
import type { Request } from 'express';
import { MfaError } from '../../src/core/words/errors.js';
import type { Json } from '../../src/core/words/json.js';
import type { SignIn } from '../../src/core/kernel/sign-in.js';
import type { MfaCore } from '../../src/mfa.js';
import { fieldOf } from '../../src/validation.js';
import { tellRefusedRequest } from './refused-request.js';

/** @throws MfaError `request.csrf` where the request comes from another site or from nowhere that can be named */
export function checkOrigin(mfa: MfaCore, req: Request): void {
  const { origins } = mfa.config.web;
  const { origin } = req.headers;
  const site = req.headers['sec-fetch-site'];
  if (origin !== undefined) {
    if (origins.includes(origin)) return;
    if (origins.length > 0 || !isOwnHost(req, origin)) throw foreign(mfa, req, 'an origin that is not in `origins`');
  }
  if (site === 'cross-site' || site === 'same-site') throw foreign(mfa, req, 'another site');
}

function isOwnHost(req: Request, origin: string): boolean {
  try {
    return new URL(origin).host === new URL(`${req.protocol}://${req.headers.host ?? ''}`).host;
  } catch {
    return false;
  }
}

function foreign(mfa: MfaCore, req: Request, where: string): MfaError {
  tellRefusedRequest(mfa, req, undefined, 'request.csrf', 'origin');
  return new MfaError('request.csrf', `This request comes from ${where}. Reload the page and try again.`);
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
  const right: unknown = csrf
    ? comes && (await csrf.verify(req, token))
    : isToken(mfa.kernel.sealer.equal, token, signIn.csrf);
  // A check of the host's that returns a promise in a list, a text or an error has not said yes.
  if (right === true) return;
  tellRefusedRequest(mfa, req, signIn.userId, 'request.csrf', 'token');
  throw new MfaError('request.csrf', 'The form has expired. Reload the page and try again.');
}

function isToken(equal: MfaCore['kernel']['sealer']['equal'], token: unknown, secret: string): boolean {
  return typeof token === 'string' && token.length === secret.length && equal(token, secret);
}

function given(req: Request, body: Json): unknown {
  return fieldOf(body, '_csrf') ?? req.headers['x-csrf-token'];
}

/**
 * The token for forms and JSON clients.
 * @throws MfaError `config.invalid_option` for a host's own that is none: every form with it would be refused
 */
export function csrfTokenOf({ config }: MfaCore, req: Request, signIn: Pick<SignIn, 'csrf'>): string {
  if (!config.web.csrf) return signIn.csrf;
  const token: unknown = config.web.csrf.token(req);
  if (typeof token === 'string' && token !== '') return token;
  throw new MfaError(
    'config.invalid_option',
    `\`csrf.token(req)\` returned ${typeof token === 'string' ? 'an empty text' : typeof token}. Return the token of this session, made where there is none yet.`,
  );
}
