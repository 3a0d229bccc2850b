// Which paths may stand in a `Location` or a link: one of this very origin. What does not read as such is refused, never
// repaired (OWASP Unvalidated Redirects).
import type { Request } from 'express';
import { urlOf } from '../../src/core/words/url.js';

const maxLength = 2048;

/** What most paths are: segments of which none is a step up, empty, or written with anything but plain characters. */
const plain = /^(\/[\w~-][\w.~-]*)+$/;

/** One slash, then anything but what browsers read as another origin: `//`, `/\\`, encoded or control variants. */
export function isSafePath(path: string): boolean {
  if (path.length > maxLength || !path.startsWith('/')) return false;
  // Reading an address takes longer than all else here.
  if (plain.test(path)) return true;
  // Browsers drop tabs and newlines, which makes `/\t/evil` `//evil`.
  if (/[\u0000-\u0020\u007f-\u009f\\]/.test(path)) return false;
  if (/^\/(\/|%2f|%5c|%09|%0a|%0d)/i.test(path)) return false;
  const url = urlOf(path, 'http://localhost');
  return url?.origin === 'http://localhost' && !url.pathname.startsWith('//');
}

/** The path that was asked for, as it came: not decoded, not tidied up. */
export function pathOf(req: Request): string {
  return req.originalUrl.split('?', 1)[0] ?? '';
}

/** Whether `url` leads a browser to the very path of this request: redirected there, it would come back for ever. */
export function standsAt(req: Request, url: string): boolean {
  const here = `${req.protocol}://${req.headers.host ?? ''}`;
  const led = urlOf(url, here);
  return led !== undefined && led.host === urlOf(here)?.host && led.pathname === pathOf(req);
}
