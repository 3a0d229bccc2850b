// Carries a rendered message to a provider over HTTP: one request, one time limit, one reading of the answer. Tells
// failures apart for all providers alike and knows none of them.
import type { Channel, Message, Sender } from '../core/kernel/ports.js';
import { requireRecipient } from './address.js';
import { neverReached, redact, sendFailed, throttled } from './failure.js';

/** A POST. A form (`FormData`, `URLSearchParams`) brings its own content type. */
export type ProviderRequest = {
  url: string;
  headers?: { [name: string]: string };
  body: string | FormData | URLSearchParams;
};

/** A provider's answer; `json` is `undefined` where the body is none. */
export type ProviderAnswer = { status: number; headers: Headers; text: string; json: unknown };

/** What an answer says beyond its HTTP status. Absent fields are taken from the status. */
export type Reading = {
  refused?: boolean;
  throttled?: boolean;
  /** The provider's own name or number of the error: `21211`. */
  code?: string;
  /** The provider's own words; kept, with everything personal struck out, as the cause. */
  detail?: string;
  /** false where a refusal may yet have been delivered. */
  definite?: boolean;
  retryAfterSeconds?: number;
};

/** What makes one provider different from the next. */
export type Provider = {
  name: string;
  channel: Channel;
  timeoutMs: number;
  /** Never repeated in an error, should the provider echo them. */
  secrets: readonly string[];
  compose(message: Message): ProviderRequest | Promise<ProviderRequest>;
  read?(answer: ProviderAnswer): Reading;
};

/** An answer that says more than this says nothing that is needed. */
const answerLimitBytes = 64 * 1024;

/**
 * A Sender that asks `provider` over HTTP. `send` rejects with MfaError `connector.rate_limit_exceeded` on status 429
 * or where the provider's answer says so, with `connector.send_failed` on everything else but success.
 */
export function httpSender(provider: Provider): Sender {
  const { name, channel, timeoutMs, secrets } = provider;
  return {
    name,
    channel,
    async send(message) {
      requireRecipient(name, channel, message.to);
      // One clock for signing, connecting, writing and reading.
      const signal = AbortSignal.timeout(timeoutMs);
      const request = await within(signal, async () => provider.compose(message)).catch((error: unknown) => {
        throw sendFailed(name, 'the request could not be made; nothing was sent.', true, error);
      });
      const answer = await post(request, signal).catch((error: unknown) => {
        if (signal.aborted) throw sendFailed(name, `no answer within ${timeoutMs} ms.`, false, error);
        const { code = '' } = ((error as Error).cause ?? {}) as { code?: string };
        const unreached = neverReached.has(code);
        throw sendFailed(name, unreached ? `not reachable (${code}).` : 'the connection broke.', unreached, error);
      });
      judge(provider, message, answer, secrets);
    },
  };
}

function judge(provider: Provider, message: Message, answer: ProviderAnswer, secrets: readonly string[]): void {
  const { status } = answer;
  const { refused, throttled: isThrottle, code, detail, definite, retryAfterSeconds } = provider.read?.(answer) ?? {};
  const said = redact(detail ?? answer.text, message, secrets);
  const cause = said === '' ? undefined : new Error(said);
  const saidCode = code !== undefined && /^[\w.:-]{1,64}$/.test(code) ? `, ${code}` : '';
  if (isThrottle ?? status === 429) {
    const wait = retryAfterSeconds ?? retryAfter(answer.headers);
    throw throttled(provider.name, `the provider throttles (HTTP ${status}${saidCode}).`, wait, cause);
  }
  const accepted = status >= 200 && status < 300;
  if (accepted && refused !== true) return;
  // 408 says that the request did not arrive in time, which a retry by a proxy may have mended.
  const final = definite ?? (accepted || (status >= 400 && status < 500 && status !== 408));
  throw sendFailed(provider.name, `the provider refused the message (HTTP ${status}${saidCode}).`, final, cause);
}

async function post({ url, headers = {}, body }: ProviderRequest, signal: AbortSignal): Promise<ProviderAnswer> {
  // A redirect would carry credentials and code to wherever it points.
  const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).byteLength;
    if (length > answerLimitBytes) break;
    chunks.push(chunk as Uint8Array);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: response.status, headers: response.headers, text, json: parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function within<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return await Promise.race([
    work(),
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    }),
  ]);
}

/** RFC 9110 §10.2.3: seconds, or a date. At least 1 s, at most a day. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : clampWait(seconds);
}

/** A wait that can be told to a person: whole seconds from 1 to a day. */
export function clampWait(seconds: number): number {
  return Math.min(Math.max(Math.ceil(seconds), 1), 86_400);
}
