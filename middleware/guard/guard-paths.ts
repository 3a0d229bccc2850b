// What the guard goes by in the path of a request: what a pending person may reach, and whether our own pages stand where
// it leads to. Knows neither session nor record.
import type { Request } from 'express';
import { MfaError } from '../../src/core/words/errors.js';
import type { MfaCore } from '../../src/mfa.js';
import type { AllowedRoute } from '../../src/options.js';
import { basePath } from '../visit/visit.js';

/** An exact path, and method where one is named; the sign-out is always among them. */
export function isAllowed({ config }: MfaCore, req: Request): boolean {
  const { allow, signOut, publicBasePath = '' } = config.web;
  const path = req.originalUrl.split('?', 1)[0] ?? '';
  const is = (route: AllowedRoute) =>
    typeof route === 'string' ? route === path : route.path === path && route.method.toUpperCase() === req.method;
  if (is(signOut) || allow.some(is)) return true;
  // As browsers see it, the sign-out may have a prefix that a proxy strips.
  const prefix = signOut.path.slice(0, -path.length);
  return (
    prefix !== '' &&
    publicBasePath.startsWith(`${prefix}/`) &&
    is({ ...signOut, path: signOut.path.slice(prefix.length) })
  );
}

/** Pages that only our routers answer: a GET of one that reaches the guard is one that nobody will answer. */
const ownPages = ['/verify', '/setup'];

/**
 * The guard before the routers would send people in a circle; routers at another place, to pages that are not there.
 * @throws MfaError `config.invalid_option`
 */
export function checkMountOrder(mfa: MfaCore, req: Request): void {
  const path = req.originalUrl.split('?', 1)[0] ?? '';
  const base = basePath(mfa);
  if (req.method !== 'GET' || !path.startsWith(base) || !ownPages.includes(path.slice(base.length))) return;
  throw new MfaError(
    'config.invalid_option',
    `No MFA pages at ${base} answered before the guard. Mount \`app.use('${base}', mfaRouter(mfa))\` before ` +
      '`app.use(requireMfa(mfa))`; if they are mounted elsewhere, say where with `publicBasePath`.',
  );
}
