// Hands a rendered message to a service of the host's own, over HTTP and signed as Standard Webhooks has it, so that
// the receiver can be sure who sent it, and when. What httpEmailSender and httpSmsSender share.
import { randomUUID } from 'node:crypto';
import type { Channel, Sender } from '../core/kernel/ports.js';
import { signingKey, signWebhook } from '../crypto/webhook-signature.js';
import { httpSender } from './http-provider.js';
import { readOptions } from './sender-options.js';

/** Options of httpEmailSender and httpSmsSender. */
export type WebhookOptions = {
  /** Where the message is posted to: https, or http on this machine. */
  url: string | undefined;
  /**
   * The signing secret, shared with the receiver: `whsec_` and 24 to 64 octets in base64, or any text of at least 32
   * characters. Several while one is being replaced: each signs.
   */
  secret: string | undefined | readonly (string | undefined)[];
  /** Headers to send along, as a gateway in between may ask for. */
  headers?: { [name: string]: string };
  /** Default 10000. */
  timeoutMs?: number;
};

const known = ['url', 'secret', 'headers', 'timeoutMs'];
const own = /^(content-type|content-length|host|webhook-.*)$/i;

/** The sender of either channel; see `httpEmailSender`. */
export function webhookSender(factory: string, channel: Channel, options: WebhookOptions): Sender {
  const read = readOptions(factory, options, known);
  const url = read.url('url');
  const secrets = [options.secret].flat();
  const keys = secrets.map((secret) => signingKey(secret) ?? read.fail('secret', 'whsec_… or at least 32 characters'));
  if (keys.length === 0) read.fail('secret', 'at least one secret');
  const { headers = {} } = options;
  for (const [name, value] of Object.entries(headers)) {
    const fits = /^[\w-]+$/.test(name) && !own.test(name) && typeof value === 'string' && /^[\x20-\x7e]*$/.test(value);
    if (!fits)
      read.fail('headers', `names and printable ASCII values, without content-type, host and webhook-* (${name})`);
  }

  return httpSender({
    name: 'http',
    channel,
    timeoutMs: read.timeoutMs(),
    secrets: [...secrets, ...Object.values(headers)].filter((secret) => secret !== undefined),
    compose: (message) => {
      const body = JSON.stringify({ channel, ...message });
      const id = `msg_${randomUUID()}`;
      const timestamp = Math.floor(Date.now() / 1000);
      return {
        url,
        headers: {
          ...headers,
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': keys.map((key) => signWebhook(key, id, timestamp, body)).join(' '),
        },
        body,
      };
    },
  });
}
