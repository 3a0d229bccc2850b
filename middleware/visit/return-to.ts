// Where a person wanted to go. Remembered by the guard only, for documents only, as a path of this very origin; used
// once. What does not read as such a path is refused, never repaired (OWASP Unvalidated Redirects).
import type { Request } from 'express';
import type { Reader } from './visit.js';
import { isHtmx, wantsJson } from '../http/request-kind.js';
import { isSafePath } from '../http/safe-path.js';

/** The path of this request, if it is a document that one can come back to. */
export function returnToOf(req: Request): string | undefined {
  if (req.method !== 'GET' || wantsJson(req) || isHtmx(req)) return undefined;
  const destination = req.headers['sec-fetch-dest'];
  if (destination !== undefined && destination !== 'document') return undefined;
  return isSafePath(req.originalUrl) ? req.originalUrl : undefined;
}

/**
 * A path of the app as browsers see it. The guard remembers it as it reached the app; a proxy may have stripped a prefix,
 * which our own routers know by where they are mounted and where they are seen.
 */
export function withPrefix({ base, req }: Pick<Reader, 'base' | 'req'>, path: string): string {
  const mounted = req.baseUrl;
  if (mounted === '' || base === mounted || !base.endsWith(mounted)) return path;
  const prefix = base.slice(0, -mounted.length);
  return path.startsWith(`${prefix}/`) ? path : prefix + path;
}
