// The security headers of our own pages and answers, by helmet. They replace the host's; on our own routes the host's
// CORS headers are taken off, so that no other site reads or calls them.
import type { Request, Response } from 'express';
import helmet from 'helmet';

type HeaderSource = string | ((req: object, res: object) => string);

/** @param forms where the answer to a form may lead on to, beside the app itself */
const headersWith = (forms: readonly string[], ...more: HeaderSource[]) => {
  const self = ["'self'"];
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': [...self, ...more],
        'style-src': [...self, ...more],
        'img-src': self,
        'font-src': self,
        'connect-src': self,
        'form-action': [...self, ...forms],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    referrerPolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    // Whether the whole host is https for ever is the host's to say.
    strictTransportSecurity: false,
  });
};

type Headers = ReturnType<typeof headersWith>;
type Target = Pick<Response, 'setHeader' | 'removeHeader'>;

const nonces = new WeakMap<object, string>();

function apply(headers: Headers, req: object, res: object): void {
  let outcome: unknown = 'waited for';
  headers(req as Request, res as Response, (error?: unknown) => {
    outcome = error;
  });
  if (outcome !== undefined) throw outcome instanceof Error ? outcome : new Error('The page headers cannot be set.');
}

/** Of each app, built once, for building takes longer than setting; without a nonce they are the same in every answer. */
type Own = { steps: ((res: Target) => void)[]; withNonce: Headers };
const built = new WeakMap<object, Own>();

function headersOf(web: Pages): Own {
  const steps: Own['steps'] = [];
  const recorder = {
    setHeader: (name: string, value: string) => steps.push((res) => res.setHeader(name, value)),
    removeHeader: (name: string) => steps.push((res) => res.removeHeader(name)),
  };
  apply(headersWith(web.formOrigins), {}, recorder);
  const withNonce = headersWith(web.formOrigins, (_req, res) => `'nonce-${nonces.get(res) ?? ''}'`);
  const own = { steps, withNonce };
  built.set(web, own);
  return own;
}

/** `nonce`: where the host's CSP cannot be replaced and asks for one. */
type Pages = { nonce?: (req: Request, res: Response) => string | undefined; formOrigins: readonly string[] };

const varies = 'Cookie, Accept, Accept-Language';

export function setPageHeaders(req: Request, res: Response, web: Pages): void {
  const { steps, withNonce } = built.get(web) ?? headersOf(web);
  const nonce = web.nonce?.(req, res);
  if (nonce === undefined) for (const step of steps) step(res);
  else {
    nonces.set(res, nonce);
    apply(withNonce, req, res);
  }
  res.setHeader('Cache-Control', 'no-store');
  if (res.hasHeader('Vary')) res.vary(varies);
  else res.setHeader('Vary', varies);
}

/**
 * Takes off what lets other sites read our own routes and pages, whose forms hold tokens; an origin that `origins` names is
 * none. What the guard tells programs on the host's routes keeps it: a client that the host admits must be able to read what is
 * owed.
 */
export function closeToOtherSites({ headers }: Request, res: Response, origins: readonly string[]): void {
  if (headers.origin !== undefined && origins.includes(headers.origin)) return;
  for (const name of res.getHeaderNames()) if (name.startsWith('access-control-')) res.removeHeader(name);
}
