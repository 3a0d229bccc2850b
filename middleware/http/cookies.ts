// Our own cookies: names that carry the app, so that two apps on one host never meet; and those that end with the browser.
import type { Request, Response } from 'express';
import type { MfaCore } from '../../src/mfa.js';

/** `__Host-` binds a cookie to this host over https; over plain http, outside production only, the name is plain. */
export function cookieName(
  core: MfaCore,
  req: Request,
  what: 'proofs' | 'flow' | 'known' | 'trusted' | 'recovery',
): string {
  return `${isSecure(req, core.config.environment) ? '__Host-' : ''}mfa-${what}-${appIn(core, what)}`;
}

const names = new WeakMap<MfaCore['config'], Map<string, string>>();

/** Names the app, and tells nothing of it; drawn up once. */
function appIn({ kernel, config }: MfaCore, what: string): string {
  const known = names.get(config) ?? new Map<string, string>();
  names.set(config, known);
  const name = known.get(what) ?? kernel.sealer.hashToken(`${kernel.store.namespace ?? ''} ${what} `).slice(0, 16);
  known.set(what, name);
  return name;
}

export function isSecure(req: Request, environment: MfaCore['config']['environment']): boolean {
  // Express asks its list of trusted proxies each time.
  return environment === 'production' || req.secure;
}

/**
 * Whether no `secure` cookie can arrive. Behind a proxy that ended TLS it may, also where Express trusts no proxy:
 * express-session has an option `proxy` of its own, which shows nowhere. The upgrade of a websocket does not say.
 */
export function isPlainHttp(req: Request): boolean {
  if (/^\s*https\s*(,|$)/i.test(String(req.headers['x-forwarded-proto']))) return false;
  return (req as { secure?: boolean }).secure === false;
}

/** The value of a cookie as it came, of 1 KB at most; undefined where there is none. */
export function readCookie(req: Request, name: string): string | undefined {
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name)
      return pair
        .slice(at + 1)
        .trim()
        .slice(0, 1024);
  }
  return undefined;
}

/** The id of what was proved in this browser, where the host has no server session. */
export function proofsCookie(core: MfaCore, req: Request): string | undefined {
  return readCookie(req, cookieName(core, req, 'proofs'));
}

/** Ends with the browser; `undefined` takes it away. Comes with links from elsewhere, as the host's own sign-in does. */
export function setProofsCookie(core: MfaCore, req: Request, res: Response, value: string | undefined): void {
  const secure = isSecure(req, core.config.environment);
  const ended = value === undefined ? { maxAge: 0 } : {};
  const settings = { httpOnly: true, secure, sameSite: 'lax' as const, path: '/', ...ended };
  res.cookie(cookieName(core, req, 'proofs'), value ?? '', settings);
}

/** The flow of a browser in which nobody is signed in yet; no person's, so every browser's has the same name. */
export function flowCookie(core: MfaCore, req: Request): string | undefined {
  return readCookie(req, cookieName(core, req, 'flow'));
}

/** Ends with the browser, and comes with requests of our own site only; `undefined` takes it away. */
export function setFlowCookie(core: MfaCore, req: Request, res: Response, value: string | undefined): void {
  const secure = isSecure(req, core.config.environment);
  const ended = value === undefined ? { maxAge: 0 } : {};
  const settings = { httpOnly: true, secure, sameSite: 'strict' as const, path: '/', ...ended };
  res.cookie(cookieName(core, req, 'flow'), value ?? '', settings);
}
