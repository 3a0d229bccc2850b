// Posts the log in batches to a service of the host's own, signed as Standard Webhooks has it. Halves what is refused
// until it knows which item it is; tries everything else again.
import { createHash } from 'node:crypto';
import { signingKey, signWebhook } from '../../crypto/webhook-signature.js';
import type { Clock } from '../../core/kernel/ports.js';
import { urlOf } from '../../core/words/url.js';
import type { FormatOptions } from '../formats/format.js';
import { settingsOf, valueOf } from '../formats/format.js';
import { jsonLine } from '../formats/typed.js';
import type { AuditItem, AuditSink } from '../sink.js';
import { backOff } from './back-off.js';
import { readSinkOptions } from './sink-options.js';
import { post } from './webhook-post.js';
import type { PostAnswer } from './webhook-post.js';

/** Options of `webhookSink`. */
export type WebhookSinkOptions = FormatOptions & {
  /** Where to post: https; http only on this machine. */
  url: string;
  /** `whsec_` and 24 to 64 octets in base64, or any text of at least 32 characters. Several while one is replaced. */
  secrets: readonly (string | undefined)[];
  /** Whether the address may be one of a private network, of this machine, or otherwise not public; default false. */
  allowPrivateAddresses?: boolean;
  /** Headers to send along. */
  headers?: { [name: string]: string };
  /** Items in one request; default 100. */
  batchSize?: number;
  /** Milliseconds for one request, from the name's look-up to the answer's end; default 10000. */
  timeoutMs?: number;
  /** Names its place in the log; default `webhook`. */
  name?: string;
  /** Where the time comes from, for tests. */
  clock?: Clock;
};

const dayMs = 86_400_000;
const hourMs = 3_600_000;

type Sending = {
  body: (items: readonly AuditItem[]) => string;
  send: (body: string, id: string) => Promise<PostAnswer>;
};

/**
 * Posts `{ type: 'express-mfa.audit', timestamp, data: [item, …] }`, signed (`webhook-id`, `webhook-timestamp`,
 * `webhook-signature`); 2xx is "taken". 400, 413 and 422 are for good, for the items that are left after halving;
 * everything else, redirects included, is tried again, from a second to five minutes apart, after a day hourly.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function webhookSink(options: WebhookSinkOptions): AuditSink {
  const read = readSinkOptions('webhookSink', options, [
    ...['url', 'secrets', 'allowPrivateAddresses', 'headers', 'batchSize', 'timeoutMs', 'clock'],
  ]);
  const url =
    receiverOf(options.url) ?? read.fail('url', 'an https address without credentials (http only on this machine)');
  const keys = readKeys(options.secrets) ?? read.fail('secrets', 'a list of whsec_… or of at least 32 characters each');
  const headers = readHeaders(options.headers) ?? read.fail('headers', 'names and printable values, none of our own');
  const allowPrivate = read.flag('allowPrivateAddresses');
  const timeoutMs = read.whole('timeoutMs', 50, 120_000, 10_000);
  const batchSize = read.whole('batchSize', 1, 1000, 100);
  const format = options.format ?? 'json';
  const now = () => options.clock?.now() ?? Date.now();
  const settings = settingsOf(options);
  const waits = backOff(1000, 300_000, now);

  const request = (signal: AbortSignal): Sending => ({
    body: (items) =>
      jsonLine({
        type: 'express-mfa.audit',
        timestamp: new Date(now()).toISOString(),
        data: items.map((item) => valueOf(format, item, settings)),
      }),
    send: async (body, id) => {
      const timestamp = Math.floor(now() / 1000);
      const signed = {
        ...headers,
        'content-type': 'application/json',
        'user-agent': 'express-mfa',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': keys.map((key) => signWebhook(key, id, timestamp, body)).join(' '),
      };
      return await post({ url, headers: signed, body, allowPrivate, timeoutMs, signal });
    },
  });

  const failed = ({ why, retryAfterMs = 0 }: PostAnswer & { is: 'later' }) => {
    const wait = waits.failed();
    const since = waits.since() ?? now();
    if (now() - since < dayMs) return { why, retryAfterMs: Math.max(wait, Math.min(retryAfterMs, hourMs)) };
    return { why: `down since ${new Date(since).toISOString()}: ${why}`, retryAfterMs: hourMs };
  };

  return {
    name: options.name ?? 'webhook',
    batchSize,
    async deliver(batch, signal) {
      const { done, refused, stopped } = await sendHalving(batch, request(signal));
      if (done > 0) waits.succeeded();
      return { done, ...(refused.length > 0 ? { refused } : {}), ...(stopped ? failed(stopped) : {}) };
    },
    async check(signal) {
      // A signed batch of nothing: whoever takes batches takes this.
      const sending = request(signal);
      const answer = await sending.send(sending.body([]), idOf([]));
      return answer.is === 'taken' ? undefined : answer.why;
    },
  };
}

type Progress = {
  done: number;
  refused: { index: number; why: string }[];
  /** Why it went no further. */
  stopped?: PostAnswer & { is: 'later' };
};

/** Sends all, or halves of it where the whole is refused, until one item stands alone. */
async function sendHalving(items: readonly AuditItem[], sending: Sending): Promise<Progress> {
  if (items.length === 0) return { done: 0, refused: [] };
  const answer = await sending.send(sending.body(items), idOf(items));
  if (answer.is === 'taken') return { done: items.length, refused: [] };
  if (answer.is === 'later') return { done: 0, refused: [], stopped: answer };
  if (items.length === 1) return { done: 1, refused: [{ index: 0, why: answer.why }] };
  const middle = Math.ceil(items.length / 2);
  const first = await sendHalving(items.slice(0, middle), sending);
  // Order is kept: the second half waits for the first.
  if (first.stopped) return first;
  const second = await sendHalving(items.slice(middle), sending);
  return {
    ...second,
    done: first.done + second.done,
    refused: [...first.refused, ...second.refused.map(({ index, why }) => ({ index: index + middle, why }))],
  };
}

/** The same for the same items, whoever sends them and however often: what a receiver knows a repetition by. */
function idOf(items: readonly AuditItem[]): string {
  const hash = createHash('sha256');
  for (const item of items) hash.update(`${'id' in item ? item.id : `${item.n}:${item.hash}`}\n`);
  return `msg_${hash.digest('base64url').slice(0, 27)}`;
}

function receiverOf(value: unknown): URL | undefined {
  const url = typeof value === 'string' ? urlOf(value) : undefined;
  if (!url) return undefined;
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && isHere);
  return isSecure && url.username === '' && url.password === '' ? url : undefined;
}

function readKeys(secrets: unknown): Buffer[] | undefined {
  if (!Array.isArray(secrets) || secrets.length === 0) return undefined;
  const keys = secrets.map(signingKey).filter((key) => key !== undefined);
  return keys.length === secrets.length ? keys : undefined;
}

function readHeaders(headers: unknown = {}): { [name: string]: string } | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const own = /^(content-type|content-length|host|user-agent|transfer-encoding|connection|webhook-.*)$/i;
  const fit = Object.entries(headers).every(
    ([name, value]) =>
      /^[\w-]+$/.test(name) && !own.test(name) && typeof value === 'string' && /^[\x20-\x7e]*$/.test(value),
  );
  return fit ? { ...(headers as { [name: string]: string }) } : undefined;
}
