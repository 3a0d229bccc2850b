// E-mail through Amazon Simple Email Service, API version 2, without the SDK.
import { domainToASCII } from 'node:url';
import type { Sender } from '../core/kernel/ports.js';
import type { Mailbox } from './address.js';
import { formatMailbox } from './address.js';
import type { AwsCredentialsOption } from './aws-signature.js';
import { readCredentials, signAws } from './aws-signature.js';
import { automatic, subjectOf } from './email-headers.js';
import type { ProviderAnswer, Reading } from './http-provider.js';
import { httpSender } from './http-provider.js';
import { readOptions } from './sender-options.js';

/** Options of sesSender. */
export type SesOptions = {
  /** `eu-central-1`. */
  region: string | undefined;
  /** Allowed to `ses:SendEmail`; a function is asked before every message. */
  credentials: AwsCredentialsOption;
  /** A verified identity: `Acme <no-reply@acme.example>`. */
  from: string | Mailbox;
  replyTo?: string | Mailbox;
  configurationSet?: string;
  /** Default https://email.<region>.amazonaws.com. */
  baseUrl?: string;
  /** Default 10000. */
  timeoutMs?: number;
};

const known = ['region', 'credentials', 'from', 'replyTo', 'configurationSet', 'baseUrl', 'timeoutMs'];

/** "Errors related to the sending quotas": both the rate and the daily quota; and the errors of SendEmail. */
const throttles = new Set(['TooManyRequestsException', 'ThrottlingException', 'Throttling', 'LimitExceededException']);

/**
 * Sends e-mail through Amazon SES.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html,
 * https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function sesSender(options: SesOptions): Sender {
  const read = readOptions('sesSender', options, known);
  const region = read.text('region', 'an AWS region such as eu-central-1', /^[a-z]{2}(-[a-z]+)+-\d$/);
  const credentials = readCredentials(read, options.credentials);
  const from = formatMailbox(read.mailbox('from'));
  const replyTo = read.optionalMailbox('replyTo');
  const configurationSet = read.optionalText('configurationSet', 'the name of a configuration set');
  const baseUrl = read.url('baseUrl', `https://email.${region}.amazonaws.com`);

  return httpSender({
    name: 'ses',
    channel: 'email',
    timeoutMs: read.timeoutMs(),
    secrets: [],
    compose: async (message) => {
      const url = `${baseUrl}/v2/email/outbound-emails`;
      const body = JSON.stringify({
        FromEmailAddress: from,
        Destination: { ToAddresses: [withAsciiDomain(message.to)] },
        ...(replyTo === undefined ? {} : { ReplyToAddresses: [formatMailbox(replyTo)] }),
        ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
        Content: {
          Simple: {
            Subject: utf8(subjectOf(message)),
            Body: {
              Text: utf8(message.text),
              ...(message.html === undefined ? {} : { Html: utf8(message.html) }),
            },
            Headers: [{ Name: automatic.name, Value: automatic.value }],
          },
        },
      });
      const headers = { 'content-type': 'application/json' };
      const at = new Date();
      const keys = await credentials();
      return {
        url,
        headers: signAws({ method: 'POST', url, headers, body, region, service: 'ses', credentials: keys, at }),
        body,
      };
    },
    read: readAnswer,
  });
}

/** Errors: `{ message }`, their name in the header x-amzn-ErrorType, at times with a `:` and an address after it. */
function readAnswer({ status, headers, json }: ProviderAnswer): Reading {
  if (status === 200) return {};
  const body = (json ?? {}) as { message?: unknown; Message?: unknown; __type?: unknown };
  const type = headers.get('x-amzn-errortype') ?? body.__type;
  const code = typeof type === 'string' ? (type.split(':')[0] ?? '').replace(/^.*#/, '') : undefined;
  const detail = body.message ?? body.Message;
  return {
    ...(code === undefined ? {} : { code }),
    ...(code !== undefined && throttles.has(code) ? { throttled: true } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
  };
}

// SES does not speak SMTPUTF8 and takes domains in Punycode only.
function withAsciiDomain(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
}

function utf8(data: string): { Data: string; Charset: string } {
  return { Data: data, Charset: 'UTF-8' };
}
