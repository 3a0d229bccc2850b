// Hints for the audit: an address can be forged, a user agent is what the client says. They decide nothing.
import type { Request } from 'express';
import type { RequestHints } from '../../src/core/words/events.js';
import type { MfaCore } from '../../src/mfa.js';
import { pathOf } from './safe-path.js';

export function hintsOf({ kernel }: MfaCore, req: Request): RequestHints {
  const userAgent = plain(req.headers['user-agent'], 513);
  const given = (req as { id?: unknown }).id ?? req.headers['x-request-id'];
  const requestId = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : kernel.random.token(9);
  const path = plain(withoutToken(req), 256);
  return {
    requestId,
    ...(req.ip === undefined ? {} : { ip: req.ip }),
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(typeof req.method === 'string' ? { method: req.method } : {}),
    ...(path === undefined ? {} : { path }),
  };
}

/** Without the query, which may carry a token; and without that of an answer to a notice, which stands in the path. */
function withoutToken(req: Request): string | undefined {
  // The upgrade of a websocket never was at a router.
  return (req.originalUrl as string | undefined) === undefined
    ? undefined
    : pathOf(req).replace(/(\/object\/)[^/]+/, '$1…');
}

function plain(text: string | undefined, length: number): string | undefined {
  // Nothing that ends up in a log line may break it.
  return text?.slice(0, length).replace(/[\u0000-\u001f\u007f]/g, ' ');
}
