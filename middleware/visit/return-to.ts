// Where a person wanted to go. Remembered by the guard only, for documents only, as a path of this very origin; used
// once. What does not read as such a path is refused, never repaired (OWASP Unvalidated Redirects).
import type { Request } from 'express';
import type { Reader } from './visit.js';
import { isOwnOrigin } from '../http/own-host.js';
import { isHtmx, isPrefetch, wantsJson } from '../http/request-kind.js';
import { isSafePath } from '../http/safe-path.js';
import { urlOf } from '../../src/core/words/url.js';

/** The path of this request, if it is a document that one can come back to. */
export function returnToOf(req: Request): string | undefined {
  if (req.method !== 'GET' || wantsJson(req) || isHtmx(req) || isPrefetch(req)) return undefined;
  const destination = req.headers['sec-fetch-dest'];
  if (destination !== undefined && destination !== 'document') return undefined;
  return isSafePath(req.originalUrl) ? req.originalUrl : undefined;
}

/**
 * The page on which this request was sent: where a form stood, or what HTMX put a part into. As the browser says, and only
 * where it is one of this very origin, and none of ours: hosts with `Referrer-Policy: no-referrer` tell none.
 */
export function pageBehind({ mfa, req, base }: Pick<Reader, 'mfa' | 'req' | 'base'>): string | undefined {
  const told = req.headers['hx-current-url'] ?? req.headers.referer;
  const behind = typeof told === 'string' ? urlOf(told) : undefined;
  if (!behind) return undefined;
  const { origin, pathname, search } = behind;
  const isOurs = pathname === base || pathname.startsWith(`${base}/`);
  const isOwn = origin === mfa.config.web.origins[0] || isOwnOrigin(req, origin);
  return isOwn && !isOurs && isSafePath(pathname + search) ? pathname + search : undefined;
}

/**
 * A path of the app as browsers see it. The guard remembers it as it reached the app; a proxy may have stripped a prefix,
 * which our own routers know by where they are mounted and where they are seen.
 */
export function withPrefix({ base, req }: Pick<Reader, 'base' | 'req'>, path: string): string {
  const prefix = strippedPrefix({ base, req });
  return !path.startsWith('/') || path.startsWith(`${prefix}/`) ? path : prefix + path;
}

/** The same the other way round: a path as browsers see it, as it reaches the app. */
export function withoutPrefix(reader: Pick<Reader, 'base' | 'req'>, path: string): string {
  const prefix = strippedPrefix(reader);
  return prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

function strippedPrefix({ base, req: { baseUrl } }: Pick<Reader, 'base' | 'req'>): string {
  return baseUrl !== '' && base.endsWith(baseUrl) ? base.slice(0, -baseUrl.length) : '';
}
