// "Sign out" on our pages: drops what was proved, then hands the request on to the host's own log-out. One that answers
// for programs, or that is not there, leads on to the page that the host names.
import type { Request, Response } from 'express';
import { holdAnswer } from '../http/hold-answer.js';
import { endSignIn } from '../sign-in/session.js';
import { withoutPrefix } from '../visit/return-to.js';
import type { Visit } from '../visit/visit.js';

/** As Express has it; typed by nobody. */
type Handler = { handle(req: Request, res: Response, done?: (error?: unknown) => void): void; parent?: Handler };

export async function signOut(visit: Visit): Promise<void> {
  const { req, res, mfa, json } = visit;
  const { method, path, then } = mfa.config.web.signOut;
  await endSignIn(mfa, req);
  if (then === undefined || json) res.redirect(method === 'GET' ? 303 : 307, path);
  else handOver(visit, then);
}

/**
 * The host's log-out is asked here and now, in this very request: a browser that was redirected to it would show what it
 * says. Its cookies are kept, and so is an answer that leads on, shows a page or refuses.
 */
function handOver(visit: Visit, then: string): void {
  const { req, res, mfa } = visit;
  const { method, path } = mfa.config.web.signOut;
  holdAnswer(res, () => {
    if (!leavesAlone(res)) return undefined;
    return Promise.resolve((end) => {
      for (const name of ['Content-Type', 'Content-Length', 'Content-Encoding', 'ETag']) res.removeHeader(name);
      res.statusCode = 303;
      res.statusMessage = '';
      res.setHeader('Location', then);
      if (end) end('');
      else res.end();
    });
  });
  const url = withoutPrefix(visit, path);
  Object.assign(req, { method, url, originalUrl: url, baseUrl: '' });
  topOf(req.app as unknown as Handler).handle(req, res);
}

/** An app that is mounted in another one does not know that one's log-out. */
function topOf(app: Handler): Handler {
  return app.parent ? topOf(app.parent) : app;
}

/** Whether this answer says nothing to a person: it signed them out, or there is nobody to do so. */
function leavesAlone(res: Response): boolean {
  const { statusCode } = res;
  if (statusCode === 404) return true;
  return statusCode < 300 && !/^text\/html\b/i.test(String(res.getHeader('Content-Type') ?? ''));
}
