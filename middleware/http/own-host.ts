// The host of this app as a request tells it: for apps that named no `origin`. A page of another site can set none of these
// headers in a form that it sends.
import type { Request } from 'express';
import { urlOf } from '../../src/core/words/url.js';

type Trusts = (address: string, hop: number) => boolean;

/** `Host`, and what a proxy that the app trusts says it was before the proxy rewrote it. */
export function ownHosts(req: Request): string[] {
  const { host = '', 'x-forwarded-host': given } = req.headers;
  const forwarded = String(given ?? '')
    .split(',', 1)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return isBehindTrusted(req) ? [...forwarded, host] : [host];
}

/** A request without an app never was at Express. */
function isBehindTrusted(req: Request): boolean {
  const app = req.app as Request['app'] | undefined;
  const trusts = app?.get('trust proxy fn') as Trusts | undefined;
  return trusts?.(req.socket.remoteAddress ?? '', 0) === true;
}

/** Whether `origin` is this very app, as far as the request tells; the port that goes without saying may be left out. */
export function isOwnOrigin(req: Request, origin: string): boolean {
  const { protocol = '', host = '' } = urlOf(origin) ?? {};
  const at = (own: string) => urlOf(`${protocol}//${own}`)?.host;
  return host !== '' && ownHosts(req).some((own) => own !== '' && at(own) === host);
}
