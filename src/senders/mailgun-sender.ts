// E-mail through Mailgun's Messages API.
import type { Sender } from '../core/kernel/ports.js';
import type { Mailbox } from './address.js';
import { formatMailbox } from './address.js';
import { automatic, subjectOf } from './email-headers.js';
import type { ProviderAnswer, Reading } from './http-provider.js';
import { httpSender } from './http-provider.js';
import { readOptions } from './sender-options.js';

/** Options of mailgunSender. */
export type MailgunOptions = {
  /** A domain sending key, or the account's API key. */
  apiKey: string | undefined;
  /** The sending domain: `mg.acme.example`. */
  domain: string | undefined;
  /** `Acme <no-reply@mg.acme.example>`. */
  from: string | Mailbox;
  replyTo?: string | Mailbox;
  /** Where the domain was created. Default `us`. */
  region?: 'us' | 'eu';
  /** Default https://api.mailgun.net, or https://api.eu.mailgun.net with region `eu`. */
  baseUrl?: string;
  /** Default 10000. */
  timeoutMs?: number;
};

const known = ['apiKey', 'domain', 'from', 'replyTo', 'region', 'baseUrl', 'timeoutMs'];
const servers = { us: 'https://api.mailgun.net', eu: 'https://api.eu.mailgun.net' };
const domainName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i;

/**
 * Sends e-mail through Mailgun, with tracking switched off: a rewritten link or a pixel in a message with a code
 * teaches people what phishing looks like.
 * https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function mailgunSender(options: MailgunOptions): Sender {
  const read = readOptions('mailgunSender', options, known);
  const apiKey = read.text('apiKey', 'an API key of Mailgun');
  const domain = read.text('domain', 'a domain name such as mg.acme.example', domainName);
  const from = formatMailbox(read.mailbox('from'));
  const replyTo = read.optionalMailbox('replyTo');
  const baseUrl = read.url('baseUrl', servers[read.oneOf('region', ['us', 'eu'], 'us')]);
  const authorization = `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`;

  return httpSender({
    name: 'mailgun',
    channel: 'email',
    timeoutMs: read.timeoutMs(),
    secrets: [apiKey, authorization],
    compose: (message) => {
      const body = new FormData();
      body.append('from', from);
      body.append('to', message.to);
      body.append('subject', subjectOf(message));
      body.append('text', message.text);
      if (message.html !== undefined) body.append('html', message.html);
      if (replyTo !== undefined) body.append('h:Reply-To', formatMailbox(replyTo));
      body.append(`h:${automatic.name}`, automatic.value);
      body.append('o:tracking', 'no');
      body.append('o:tracking-clicks', 'no');
      body.append('o:tracking-opens', 'no');
      return { url: `${baseUrl}/v3/${domain}/messages`, headers: { authorization }, body };
    },
    read: readAnswer,
  });
}

/** Errors: `{ message }`, or the bare word `Forbidden` for a wrong key. */
function readAnswer({ json, text }: ProviderAnswer): Reading {
  const { message } = (json ?? {}) as { message?: unknown };
  return { detail: typeof message === 'string' ? message : text };
}
