// SMS through Amazon Simple Notification Service, Query protocol, without the SDK.
import type { Sender } from '../core/kernel/ports.js';
import type { AwsCredentialsOption } from './aws-signature.js';
import { readCredentials, signAws } from './aws-signature.js';
import type { ProviderAnswer, Reading } from './http-provider.js';
import { httpSender } from './http-provider.js';
import { readOptions } from './sender-options.js';

/** Options of snsSender. */
export type SnsOptions = {
  /** `eu-west-1`. */
  region: string | undefined;
  /** Allowed to `sns:Publish`; a function is asked before every message. */
  credentials: AwsCredentialsOption;
  /** 1 to 11 letters and digits shown as the sender, where the country allows it. */
  senderId?: string;
  /** A number or short code of yours, E.164. */
  originationNumber?: string;
  /** The most that one message may cost, US dollars: `0.50`. */
  maxPriceUsd?: number;
  /** Default https://sns.<region>.amazonaws.com. */
  baseUrl?: string;
  /** Default 10000. */
  timeoutMs?: number;
};

const known = ['region', 'credentials', 'senderId', 'originationNumber', 'maxPriceUsd', 'baseUrl', 'timeoutMs'];

/**
 * Sends SMS through Amazon SNS as `Transactional`, which is meant for codes. SNS accepts first and learns later that a
 * number does not exist or that the monthly budget is spent: watch the delivery log.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html,
 * https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function snsSender(options: SnsOptions): Sender {
  const read = readOptions('snsSender', options, known);
  const region = read.text('region', 'an AWS region such as eu-west-1', /^[a-z]{2}(-[a-z]+)+-\d$/);
  const credentials = readCredentials(read, options.credentials);
  const senderId = read.optionalText(
    'senderId',
    '1 to 11 letters, digits and hyphens',
    /^(?=.*[a-z])[a-z0-9-]{1,11}$/i,
  );
  const originationNumber = read.optionalText('originationNumber', 'a number or short code', /^\+?\d{3,15}$/);
  const { maxPriceUsd } = options;
  if (maxPriceUsd !== undefined && !(typeof maxPriceUsd === 'number' && maxPriceUsd > 0 && maxPriceUsd < 1000)) {
    read.fail('maxPriceUsd', 'a number of US dollars above 0');
  }
  const attributes: [name: string, type: 'String' | 'Number', value: string][] = [
    ['AWS.SNS.SMS.SMSType', 'String', 'Transactional'],
  ];
  if (senderId !== undefined) attributes.push(['AWS.SNS.SMS.SenderID', 'String', senderId]);
  if (originationNumber !== undefined) attributes.push(['AWS.MM.SMS.OriginationNumber', 'String', originationNumber]);
  if (maxPriceUsd !== undefined) attributes.push(['AWS.SNS.SMS.MaxPrice', 'Number', maxPriceUsd.toFixed(5)]);
  const url = `${read.url('baseUrl', `https://sns.${region}.amazonaws.com`)}/`;

  return httpSender({
    name: 'sns',
    channel: 'sms',
    timeoutMs: read.timeoutMs(),
    secrets: [],
    compose: async (message) => {
      const form = new URLSearchParams({
        Action: 'Publish',
        Version: '2010-03-31',
        PhoneNumber: message.to,
        Message: message.text,
      });
      attributes.forEach(([name, type, value], index) => {
        const entry = `MessageAttributes.entry.${index + 1}`;
        form.set(`${entry}.Name`, name);
        form.set(`${entry}.Value.DataType`, type);
        form.set(`${entry}.Value.StringValue`, value);
      });
      const body = form.toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
      const at = new Date();
      const keys = await credentials();
      return {
        url,
        headers: signAws({ method: 'POST', url, headers, body, region, service: 'sns', credentials: keys, at }),
        body,
      };
    },
    read: readAnswer,
  });
}

/** Errors: `<ErrorResponse><Error><Type/><Code/><Message/></Error>…`. */
function readAnswer({ status, text }: ProviderAnswer): Reading {
  if (status === 200) return {};
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1];
  const detail = /<Message>([^<]*)<\/Message>/.exec(text)?.[1];
  return {
    ...(code === undefined ? {} : { code }),
    // `Throttling`, `ThrottlingException`, `Throttled`, `KMSThrottling`, by operation and age of the endpoint.
    ...(code?.includes('Throttl') ? { throttled: true } : {}),
    ...(detail === undefined ? {} : { detail }),
  };
}
