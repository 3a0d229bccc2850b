// SMS through Vonage's SMS API (once Nexmo), which answers 200 to almost everything and says the rest in the body.
import type { Sender } from '../core/kernel/ports.js';
import type { ProviderAnswer, Reading } from './http-provider.js';
import { httpSender } from './http-provider.js';
import { readOptions } from './sender-options.js';

/** Options of vonageSender. */
export type VonageOptions = {
  apiKey: string | undefined;
  apiSecret: string | undefined;
  /** A number without plus, or up to 11 letters and digits where the country allows it. */
  from: string | undefined;
  /** Default https://rest.nexmo.com. */
  baseUrl?: string;
  /** Default 10000. */
  timeoutMs?: number;
};

const known = ['apiKey', 'apiSecret', 'from', 'baseUrl', 'timeoutMs'];

/** "Throttled" and "Too Many Existing Binds". "Partner Quota Violation" (9) is an empty purse: waiting does not help. */
const throttles = new Set(['1', '10']);

/** The GSM 7-bit default alphabet and its extension (3GPP TS 23.038 §6.2.1): anything else needs `type=unicode`. */
const gsm7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/;

/**
 * Sends SMS through Vonage. A message that cannot be delivered while its code lives is dropped (`ttl`).
 * https://developer.vonage.com/en/api/sms, https://developer.vonage.com/en/api-errors/sms
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function vonageSender(options: VonageOptions): Sender {
  const read = readOptions('vonageSender', options, known);
  const apiKey = read.text('apiKey', 'an API key of Vonage');
  const apiSecret = read.text('apiSecret', 'the secret of the API key');
  const from = read.text(
    'from',
    'a number without plus, or up to 11 letters and digits',
    /^(\d{3,15}|[A-Za-z0-9 ]{1,11})$/,
  );
  const baseUrl = read.url('baseUrl', 'https://rest.nexmo.com');
  const authorization = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;

  return httpSender({
    name: 'vonage',
    channel: 'sms',
    timeoutMs: read.timeoutMs(),
    secrets: [apiSecret, authorization],
    compose: ({ to, text, expiresInMinutes }) => {
      const body = new URLSearchParams({ from, to: to.slice(1), text, type: gsm7.test(text) ? 'text' : 'unicode' });
      // Milliseconds, at least 20 seconds.
      if (expiresInMinutes !== undefined)
        body.set('ttl', String(Math.max(20_000, Math.ceil(expiresInMinutes * 60_000))));
      return { url: `${baseUrl}/sms/json`, headers: { authorization }, body };
    },
    read: readAnswer,
  });
}

/** `{ messages: [{ status, "error-text" }] }`, one for each part of a long text; status "0" is success. */
function readAnswer({ status, json }: ProviderAnswer): Reading {
  const { messages } = (json ?? {}) as { messages?: { status?: unknown; 'error-text'?: unknown }[] };
  if (!Array.isArray(messages) || messages.length === 0)
    return status === 200 ? { refused: true, definite: false } : {};
  const failed = messages.find((part) => part.status !== '0');
  if (failed === undefined) return {};
  const code = String(failed.status);
  return {
    refused: true,
    code: `status:${code}`,
    // 5 is an internal error, which may come after the message left; so may one failed part among several.
    definite: code !== '5' && messages.every((part) => part.status !== '0'),
    ...(throttles.has(code) ? { throttled: true } : {}),
    ...(typeof failed['error-text'] === 'string' ? { detail: failed['error-text'] } : {}),
  };
}
