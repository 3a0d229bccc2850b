// One POST and what its answer means for whoever keeps a queue: taken, refused for good, or later. Follows no redirect,
// and connects to no address that is not public unless it may.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { withTimeLimit } from '../time-limit.js';
import { publicLookup, requirePublicLiteral } from './addresses.js';

/** A request, ready to be sent. */
export type Post = {
  url: URL;
  headers: { [name: string]: string };
  body: string;
  allowPrivate: boolean;
  timeoutMs: number;
  signal: AbortSignal;
};

/** What became of it; `retryAfterMs` where the receiver says when. */
export type PostAnswer =
  { is: 'taken' } | { is: 'refused'; why: string } | { is: 'later'; why: string; retryAfterMs?: number };

/** RFC 9110 §15.5.1, §15.5.14, §15.5.21: the content is what is wrong, and stays wrong. */
const forGood = [400, 413, 422];

/** Never rejects: a connection that fails is an answer too. */
export async function post({ url, headers, body, allowPrivate, timeoutMs, signal }: Post): Promise<PostAnswer> {
  try {
    if (!allowPrivate) requirePublicLiteral(url.hostname);
    const asking = (ends: AbortSignal) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
          method: 'POST',
          headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
          // A connection of its own: a kept one would go on to an address that the name has left.
          agent: false,
          signal: ends,
          ...(allowPrivate ? {} : { lookup: publicLookup }),
        });
        request.once('response', resolve);
        request.once('error', reject);
        request.end(body);
      });
    const answer = await withTimeLimit(timeoutMs, signal, asking);
    const { statusCode = 0 } = answer;
    // Nothing in the answer's text is needed; the connection ends with it.
    answer.destroy();
    return meaningOf(statusCode, answer.headers['retry-after']);
  } catch (error) {
    const { code, message, name } = error as NodeJS.ErrnoException;
    // Node.js says so of a request whatever ended its signal.
    const isLate = name === 'AbortError';
    return { is: 'later', why: isLate ? `no answer within ${timeoutMs} ms` : (code ?? message) };
  }
}

function meaningOf(status: number, retryAfter: string | undefined): PostAnswer {
  if (status >= 200 && status < 300) return { is: 'taken' };
  if (forGood.includes(status)) return { is: 'refused', why: `HTTP ${status}` };
  const retryAfterMs = waitOf(retryAfter);
  const why = status >= 300 && status < 400 ? `HTTP ${status}, a redirect, which is not followed` : `HTTP ${status}`;
  return { is: 'later', why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function waitOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
