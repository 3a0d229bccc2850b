// SMS through Twilio's Messages resource.
import type { Sender } from '../core/kernel/ports.js';
import type { ProviderAnswer, Reading } from './http-provider.js';
import { httpSender } from './http-provider.js';
import { readOptions } from './sender-options.js';

/** Options of twilioSender. */
export type TwilioOptions = {
  /** `AC` and 32 hexadecimal digits. */
  accountSid: string | undefined;
  /** The account's token; or an API key in its stead. */
  authToken?: string | undefined;
  /** `SK` and 32 hexadecimal digits, with `apiKeySecret`: can be revoked on its own. */
  apiKeySid?: string | undefined;
  apiKeySecret?: string | undefined;
  /** A number of yours in E.164 form, a short code or an alphanumeric sender. Either this or a messaging service. */
  from?: string | undefined;
  /** `MG` and 32 hexadecimal digits. */
  messagingServiceSid?: string | undefined;
  /** Default https://api.twilio.com. */
  baseUrl?: string;
  /** Default 10000. */
  timeoutMs?: number;
};

const known = [
  'accountSid',
  'authToken',
  'apiKeySid',
  'apiKeySecret',
  'from',
  'messagingServiceSid',
  'baseUrl',
  'timeoutMs',
];
const sid = (prefix: string): RegExp => new RegExp(`^${prefix}[0-9a-fA-F]{32}$`);

/** Rates and queues: https://www.twilio.com/docs/api/errors/20429, …/14107, …/21611, …/30022. */
const throttles = new Set([20429, 14107, 21611, 30022]);

/**
 * Sends SMS through Twilio. A message that stays queued for longer than its code lives is dropped (`ValidityPeriod`).
 * https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function twilioSender(options: TwilioOptions): Sender {
  const read = readOptions('twilioSender', options, known);
  const accountSid = read.text('accountSid', 'AC and 32 hexadecimal digits', sid('AC'));
  const apiKeySid = read.optionalText('apiKeySid', 'SK and 32 hexadecimal digits', sid('SK'));
  const secret =
    apiKeySid === undefined
      ? read.text('authToken', 'the auth token of the account (or give apiKeySid and apiKeySecret)')
      : read.text('apiKeySecret', 'the secret of the API key');
  const service = read.optionalText('messagingServiceSid', 'MG and 32 hexadecimal digits', sid('MG'));
  if (service !== undefined && options.from !== undefined)
    read.fail('from', 'absent where messagingServiceSid is given');
  const wanted = 'a number in E.164 form, a short code or a sender name (or give messagingServiceSid)';
  const origin = service ?? read.text('from', wanted, /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/);
  const baseUrl = read.url('baseUrl', 'https://api.twilio.com');
  const authorization = `Basic ${Buffer.from(`${apiKeySid ?? accountSid}:${secret}`).toString('base64')}`;

  return httpSender({
    name: 'twilio',
    channel: 'sms',
    timeoutMs: read.timeoutMs(),
    secrets: [secret, authorization],
    compose: ({ to, text, expiresInMinutes }) => {
      const body = new URLSearchParams({ To: to, Body: text });
      body.set(service === undefined ? 'From' : 'MessagingServiceSid', origin);
      if (expiresInMinutes !== undefined) body.set('ValidityPeriod', String(validity(expiresInMinutes)));
      return { url: `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`, headers: { authorization }, body };
    },
    read: readAnswer,
  });
}

/** Seconds from 1 to 36000: https://www.twilio.com/docs/api/errors/90007. */
function validity(minutes: number): number {
  return Math.min(Math.max(Math.ceil(minutes * 60), 1), 36_000);
}

/** Errors: `{ code, message, more_info, status }`; a message made and failed at once: `{ status: "failed", error_code }`. */
function readAnswer({ json }: ProviderAnswer): Reading {
  const body = (json ?? {}) as { [field: string]: unknown };
  const code = Number(body.code ?? body.error_code ?? NaN);
  const detail = body.message ?? body.error_message;
  return {
    ...(body.status === 'failed' || body.status === 'undelivered' ? { refused: true } : {}),
    ...(throttles.has(code) ? { throttled: true } : {}),
    ...(Number.isNaN(code) ? {} : { code: String(code) }),
    ...(typeof detail === 'string' ? { detail } : {}),
  };
}
