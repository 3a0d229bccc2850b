// A receiver of our webhooks, written from https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
// ("Verifying webhook authenticity") and not from our signer.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Channel } from '../../../src/core/kernel/ports.js';
import type { Delivered, Dialect, Request } from './provider-server.js';
import { json, parseJson, wrongFields } from './provider-server.js';

export const webhookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export function verifies(request: Request, secret: string): boolean {
  const id = String(request.headers['webhook-id'] ?? '');
  const timestamp = String(request.headers['webhook-timestamp'] ?? '');
  const signatures = String(request.headers['webhook-signature'] ?? '').split(' ');
  if (id === '' || !/^\d+$/.test(timestamp) || Math.abs(Number(timestamp) - Date.now() / 1000) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const mac = createHmac('sha256', key)
    .update(id)
    .update('.')
    .update(timestamp)
    .update('.')
    .update(request.body)
    .digest();
  return signatures.some((signature) => {
    const [version, value = ''] = signature.split(',');
    const given = Buffer.from(value, 'base64');
    return version === 'v1' && given.length === mac.length && timingSafeEqual(given, mac);
  });
}

export function webhook(channel: Channel): Dialect {
  return {
    check(request) {
      if (!verifies(request, webhookSecret)) return json(401, { error: 'no matching signature' });
      if (request.method !== 'POST' || request.headers['content-type'] !== 'application/json') return { status: 405 };
      const message = parseJson(request.body) as { [name: string]: string };
      const required = ['channel', 'to', 'usage', 'text', 'locale', 'appName'];
      const wrong = wrongFields(Object.keys(message), required, ['subject', 'html', 'code', 'expiresInMinutes', 'ip']);
      if (wrong.length > 0 || message.channel !== channel) return json(422, { error: wrong.join(', ') });
      return message as unknown as Delivered;
    },
    accepted: () => ({ status: 204 }),
    // A receiver that repeats all it got: nothing of that may reach an error.
    refused: (message) => json(422, { error: 'cannot deliver', request: message }),
    throttled: (message) => json(429, { error: 'slow down', request: message }, { 'retry-after': '17' }),
    failed: () => ({ status: 502, body: '<html>Bad Gateway</html>' }),
  };
}
