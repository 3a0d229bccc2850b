// What kind of answer a client wants. `*/*` alone is no wish for HTML: scripts send it.
import type { Request } from 'express';

const json = /^application\/json\s*(;|$)/i;

/** JSON when the client sends it, or does not ask for HTML, or prefers JSON over HTML. */
export function wantsJson(req: Request): boolean {
  if (isJson(req) || isHtmx(req)) return true;
  const accept = req.headers.accept ?? '';
  if (!/\b(text\/html|application\/xhtml\+xml)\b/i.test(accept)) return true;
  return req.accepts(['html', 'json']) === 'json';
}

/** Whether the body is declared as JSON, by the exact media type: `text/plain` smuggles none. */
export function isJson(req: Request): boolean {
  return json.test(req.headers['content-type'] ?? '');
}

export function isForm(req: Request): boolean {
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(req.headers['content-type'] ?? '');
}

export function isHtmx(req: Request): boolean {
  return req.headers['hx-request'] === 'true';
}

/** Fetched beforehand, or only looked at: nobody asked for this page yet, and perhaps nobody will. */
export function isPrefetch({ headers }: Request): boolean {
  const said = [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']].join(' ');
  return /prefetch|prerender|preview/i.test(said);
}

/** A page that a person opens in a tab of its own: no prefetch, no script, no frame, no scanner. */
export function isNavigation(req: Request): boolean {
  const { method, headers } = req;
  if (method !== 'GET' || headers['sec-purpose'] !== undefined || isPrefetch(req)) return false;
  const destination = headers['sec-fetch-dest'];
  return headers['sec-fetch-mode'] === 'navigate' && (destination === undefined || destination === 'document');
}
