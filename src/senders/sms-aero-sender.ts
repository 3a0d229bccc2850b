// SMS through SMS Aero's gate, API version 2.
import type { Sender } from '../core/kernel/ports.js';
import { isEmailAddress } from './address.js';
import type { ProviderAnswer, Reading } from './http-provider.js';
import { httpSender } from './http-provider.js';
import { readOptions } from './sender-options.js';

/** Options of smsAeroSender. */
export type SmsAeroOptions = {
  /** The e-mail address that the account signs in with. */
  email: string | undefined;
  /** From the account's settings, "API and SMPP". */
  apiKey: string | undefined;
  /** An approved signature. Default `SMS Aero`, which everybody may use. */
  sign?: string;
  /** Default https://gate.smsaero.ru. */
  baseUrl?: string;
  /** Default 10000. */
  timeoutMs?: number;
};

const known = ['email', 'apiKey', 'sign', 'baseUrl', 'timeoutMs'];

/** States of a message that was taken and will not arrive: "not delivered" and "rejected". */
const lost = new Set([2, 6]);

/**
 * Sends SMS through SMS Aero.
 * https://smsaero.ru/integration/documentation/api (method sms/send)
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function smsAeroSender(options: SmsAeroOptions): Sender {
  const read = readOptions('smsAeroSender', options, known);
  const email = isEmailAddress(options.email) ? options.email : read.fail('email', 'the e-mail address of the account');
  const apiKey = read.text('apiKey', 'an API key of SMS Aero');
  const sign = read.optionalText('sign', 'an approved signature') ?? 'SMS Aero';
  const baseUrl = read.url('baseUrl', 'https://gate.smsaero.ru');
  const authorization = `Basic ${Buffer.from(`${email}:${apiKey}`).toString('base64')}`;

  return httpSender({
    name: 'sms-aero',
    channel: 'sms',
    timeoutMs: read.timeoutMs(),
    secrets: [apiKey, authorization],
    compose: ({ to, text }) => ({
      url: `${baseUrl}/v2/sms/send`,
      headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ number: to.slice(1), text, sign }),
    }),
    read: readAnswer,
  });
}

/**
 * `{ success, data: { id, status, extendStatus, … }, message }`; refusals of the older kind: `{ result: "reject",
 * reason }` and `{ result: "no credits" }`. Success and `data` repeat the text, so only `message` is ever kept.
 */
function readAnswer({ status, json }: ProviderAnswer): Reading {
  const body = (json ?? {}) as {
    success?: unknown;
    message?: unknown;
    result?: unknown;
    reason?: unknown;
    data?: unknown;
  };
  const { status: state } = (body.data ?? {}) as { status?: unknown };
  const detail = body.message ?? body.reason ?? body.result;
  const answered = typeof body.success === 'boolean' || typeof body.result === 'string';
  const taken = body.success === true && !(typeof state === 'number' && lost.has(state));
  return {
    ...(taken ? {} : { refused: true }),
    // A page that is no answer of the gate may stand before it or after it.
    ...(status === 200 && !answered ? { definite: false } : {}),
    detail: typeof detail === 'string' ? detail : '',
  };
}
