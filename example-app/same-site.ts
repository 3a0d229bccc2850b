// The app's protection of its own forms against other sites: no token, but what every browser of today says of a
// request (OWASP CSRF Prevention, Fetch Metadata). So a form of the MFA pages may be sent on to `POST /logout`.
import type { NextFunction, Request, Response } from 'express';

/** Refuses requests that change something and come from another site. */
export function sameSiteOnly(req: Request, res: Response, next: NextFunction): void {
  if (req.method === 'GET' || req.method === 'HEAD' || isOwn(req)) next();
  else res.status(403).type('text/plain').send('This request comes from another site.\n');
}

/** Where a browser says neither, it is no browser, or too old to be led here by another site with a `Lax` cookie. */
function isOwn({ headers: { origin, host, 'sec-fetch-site': site } }: Request): boolean {
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  return origin === undefined || origin === `http://${host ?? ''}` || origin === `https://${host ?? ''}`;
}
