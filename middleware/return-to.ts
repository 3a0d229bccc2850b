// Where a person wanted to go. Remembered by the guard only, for documents only, as a path of this very origin; used
// once. What does not read as such a path is refused, never repaired (OWASP Unvalidated Redirects).
import type { Request } from 'express';
import { isHtmx, wantsJson } from './wants.js';

const maxLength = 2048;

/** The path of this request, if it is a document that one can come back to. */
export function returnToOf(req: Request): string | undefined {
  if (req.method !== 'GET' || wantsJson(req) || isHtmx(req)) return undefined;
  const destination = req.headers['sec-fetch-dest'];
  if (destination !== undefined && destination !== 'document') return undefined;
  return isSafePath(req.originalUrl) ? req.originalUrl : undefined;
}

/** One slash, then anything but what browsers read as another origin: `//`, `/\`, encoded or control variants. */
export function isSafePath(path: string): boolean {
  if (path.length > maxLength || !path.startsWith('/')) return false;
  // Browsers drop tabs and newlines, which makes `/\t/evil` `//evil`.
  if (/[\u0000-\u0020\u007f-\u009f\\]/.test(path)) return false;
  if (/^\/(\/|%2f|%5c|%09|%0a|%0d)/i.test(path)) return false;
  try {
    const url = new URL(path, 'http://localhost');
    return url.origin === 'http://localhost' && !url.pathname.startsWith('//');
  } catch {
    return false;
  }
}
