// Signs what is posted to a service of the host's own, as Standard Webhooks has it. What senders and sinks share.
import { createHmac } from 'node:crypto';

/**
 * `v1,` and the HMAC-SHA-256, in base64, of `<id>.<timestamp>.<body>`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 */
export function signWebhook(key: Buffer, id: string, timestamp: number, body: string): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** The octets that a secret stands for; `undefined` where it is too short to be one. */
export function signingKey(secret: unknown): Buffer | undefined {
  if (typeof secret !== 'string') return undefined;
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  return key.length >= (secret.startsWith('whsec_') ? 24 : 32) ? key : undefined;
}
