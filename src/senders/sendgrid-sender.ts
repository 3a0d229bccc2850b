// E-mail through Twilio SendGrid's Mail Send API, version 3.
import type { Sender } from '../core/kernel/ports.js';
import type { Mailbox } from './address.js';
import { automatic, subjectOf } from './email-headers.js';
import type { ProviderAnswer, Reading } from './http-provider.js';
import { clampWait, httpSender } from './http-provider.js';
import { readOptions } from './sender-options.js';

/** Options of sendGridSender. */
export type SendGridOptions = {
  /** An API key with the permission "Mail Send". */
  apiKey: string | undefined;
  /** A verified sender: `Acme <no-reply@acme.example>`. */
  from: string | Mailbox;
  replyTo?: string | Mailbox;
  /** Where the account lives. Default `global`. */
  region?: 'global' | 'eu';
  /** Default https://api.sendgrid.com, or https://api.eu.sendgrid.com with region `eu`. */
  baseUrl?: string;
  /** Default 10000. */
  timeoutMs?: number;
};

const known = ['apiKey', 'from', 'replyTo', 'region', 'baseUrl', 'timeoutMs'];
const servers = { global: 'https://api.sendgrid.com', eu: 'https://api.eu.sendgrid.com' };

/**
 * Sends e-mail through SendGrid, with click, open and subscription tracking switched off: a rewritten link or a pixel
 * in a message with a code teaches people what phishing looks like.
 * https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function sendGridSender(options: SendGridOptions): Sender {
  const read = readOptions('sendGridSender', options, known);
  const apiKey = read.text('apiKey', 'an API key of SendGrid');
  const from = read.mailbox('from');
  const replyTo = read.optionalMailbox('replyTo');
  const baseUrl = read.url('baseUrl', servers[read.oneOf('region', ['global', 'eu'], 'global')]);

  return httpSender({
    name: 'sendgrid',
    channel: 'email',
    timeoutMs: read.timeoutMs(),
    secrets: [apiKey],
    compose: (message) => ({
      url: `${baseUrl}/v3/mail/send`,
      headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({
        personalizations: [{ to: [{ email: message.to }] }],
        from: { email: from.address, name: from.name },
        ...(replyTo === undefined ? {} : { reply_to: { email: replyTo.address, name: replyTo.name } }),
        subject: subjectOf(message),
        // text/plain must come first.
        content: [
          { type: 'text/plain', value: message.text },
          ...(message.html === undefined ? [] : [{ type: 'text/html', value: message.html }]),
        ],
        headers: { [automatic.name]: automatic.value },
        tracking_settings: {
          click_tracking: { enable: false, enable_text: false },
          open_tracking: { enable: false },
          subscription_tracking: { enable: false },
        },
      }),
    }),
    read: readAnswer,
  });
}

/** Errors: `{ errors: [{ message, field, help }] }`; the wait after a 429 is a point in time, Unix seconds. */
function readAnswer({ status, headers, json }: ProviderAnswer): Reading {
  const { errors } = (json ?? {}) as { errors?: { message?: string; field?: string | null }[] };
  const first = Array.isArray(errors) ? errors[0] : undefined;
  const reset = status === 429 ? Number(headers.get('x-ratelimit-reset') ?? NaN) : NaN;
  return {
    ...(typeof first?.field === 'string' ? { code: first.field } : {}),
    ...(typeof first?.message === 'string' ? { detail: first.message } : {}),
    ...(Number.isNaN(reset) ? {} : { retryAfterSeconds: clampWait(reset - Date.now() / 1000) }),
  };
}
