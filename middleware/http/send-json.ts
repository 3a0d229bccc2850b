// Answers to programs: whole, in one write, without the host's settings for JSON and without an `ETag` of what nobody may keep.
import type { Response } from 'express';

/** Ends the answer with `value`. */
export function sendJson(res: Response, value: object, status = 200, type = 'application/json'): void {
  const text = JSON.stringify(value);
  res.statusCode = status;
  res.setHeader('Content-Type', `${type}; charset=utf-8`);
  res.setHeader('Content-Length', Buffer.byteLength(text));
  // express-session sends all but the last byte, and that once its store has answered: together they are one packet. HTTP/2
  // has no such method.
  (res as { cork?: () => void }).cork?.();
  if (res.req.method === 'HEAD') res.end();
  else res.end(text);
}
