// Lets something be written before an answer ends, as express-session does: whoever reads the answer finds it written.
import type { Response } from 'express';

type End = (...given: unknown[]) => Response;

const waiting = new WeakMap<Response, Set<() => Promise<void>>>();

/** Runs `write` once, before the end of `res`. Where it fails, the answer is a 503, or cut off if it had begun. */
export function beforeEnd(res: Response, write: () => Promise<void>): void {
  const known = waiting.get(res);
  if (known) {
    known.add(write);
    return;
  }
  const writes = new Set([write]);
  waiting.set(res, writes);
  const end = res.end.bind(res) as End;
  const target = res as unknown as { end: End };
  target.end = (...given) => {
    target.end = end;
    waiting.delete(res);
    Promise.all([...writes].map((each) => each())).then(
      () => end(...given),
      () => {
        if (res.headersSent) {
          res.destroy();
          return;
        }
        for (const name of res.getHeaderNames()) res.removeHeader(name);
        res.statusCode = 503;
        res.setHeader('Retry-After', '5');
        end();
      },
    );
    return res;
  };
}
