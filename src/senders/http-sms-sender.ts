// SMS handed to a service of the host's own.
import type { Sender } from '../core/kernel/ports.js';
import type { WebhookOptions } from './webhook.js';
import { webhookSender } from './webhook.js';

/**
 * Posts each SMS as JSON, `{ channel: 'sms', to, usage, text, code, locale, expiresInMinutes, appName, ip }`, signed
 * by the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` (https://www.standardwebhooks.com). 2xx is
 * success, 429 a throttle, any other 4xx a definite refusal.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function httpSmsSender(options: WebhookOptions): Sender {
  return webhookSender('httpSmsSender', 'sms', options);
}
