// What the guard goes by in the path of a request: what a pending person may reach, and whether our own pages stand where
// it leads to. Knows neither session nor record.
import type { Request } from 'express';
import { MfaError } from '../../src/core/words/errors.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { MfaCore } from '../../src/mfa.js';
import { pathOf } from '../http/safe-path.js';
import { basePath } from '../visit/visit.js';
import { isAmong } from './allowed-routes.js';
import { urlOf } from '../../src/core/words/url.js';

/** An exact path but for its parameters, and method where one is named; the sign-out is always among them. */
export function isAllowed(mfa: MfaCore, req: Request): boolean {
  const { allow, signOut } = mfa.config.web;
  return isAmong(allow, req) || (signOut.method === req.method && isAt(mfa, signOut.path, pathOf(req)));
}

/** Whether this leads back from somebody who is shown, which whoever acts may do whatever they owe. */
export function isLeaving(mfa: MfaCore, req: Request, { shown }: MfaUser): boolean {
  return shown?.leavePath !== undefined && isAt(mfa, shown.leavePath, pathOf(req));
}

/**
 * What nobody in particular may reach in front of any guard: what is allowed, and the page and form at `signInUrl`, to
 * which a guard would lead them from itself for ever.
 */
export function isOpenToVisitors(mfa: MfaCore, req: Request): boolean {
  const asksToSignIn = ['GET', 'HEAD', 'POST'].includes(req.method);
  return isAllowed(mfa, req) || (asksToSignIn && isSignInPath(mfa, pathOf(req)));
}

/** Where what signs in may answer as it likes: the form at `signInUrl`, and what is open to whoever owes a factor anyway. */
export function takesSignIn(mfa: MfaCore, req: Request): boolean {
  return isAllowed(mfa, req) || (req.method === 'POST' && isSignInPath(mfa, pathOf(req)));
}

/** With a slash at the end or without, as a folder of files redirects. An address of another site is none of this app. */
function isSignInPath(mfa: MfaCore, path: string): boolean {
  const { signInUrl, origins } = mfa.config.web;
  const own = 'http://this.invalid';
  const { origin = '', pathname = '' } = urlOf(signInUrl, own) ?? {};
  if (origin !== own && !origins.includes(origin)) return false;
  return [path, path.replace(/(?<=.)\/$/, ''), `${path}/`].some((one) => isAt(mfa, pathname, one));
}

/** `wanted` is as browsers see it: it may have a prefix that a proxy strips. */
function isAt({ config }: MfaCore, wanted: string, path: string): boolean {
  if (wanted === path) return true;
  const prefix = wanted.endsWith(path) ? wanted.slice(0, -path.length) : '';
  return prefix !== '' && (config.web.publicBasePath ?? '').startsWith(`${prefix}/`);
}

/** Pages that only our routers answer: a GET of one that reaches the guard is one that nobody will answer. */
const ownPages = ['/verify', '/setup', '/confirm', '/wait'];

/**
 * The guard before the routers would send people in a circle; routers at another place, to pages that are not there.
 * @throws MfaError `config.invalid_option`
 */
export function checkMountOrder(mfa: MfaCore, req: Request): void {
  const path = pathOf(req);
  const base = basePath(mfa);
  if (req.method !== 'GET' || !path.startsWith(base) || !ownPages.includes(path.slice(base.length))) return;
  throw new MfaError(
    'config.invalid_option',
    `No MFA pages at ${base} answered before the guard. Mount \`app.use('${base}', mfaRouter(mfa))\` before ` +
      '`app.use(requireMfa(mfa))`; if they are mounted elsewhere, say where with `publicBasePath`.',
  );
}
