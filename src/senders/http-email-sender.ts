// E-mail handed to a service of the host's own.
import type { Sender } from '../core/kernel/ports.js';
import type { WebhookOptions } from './webhook.js';
import { webhookSender } from './webhook.js';

/**
 * Posts each e-mail as JSON, `{ channel: 'email', to, usage, subject, text, html, code, locale, expiresInMinutes,
 * appName, ip }`, signed by the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`
 * (https://www.standardwebhooks.com). 2xx is success, 429 a throttle, any other 4xx a definite refusal.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function httpEmailSender(options: WebhookOptions): Sender {
  return webhookSender('httpEmailSender', 'email', options);
}
