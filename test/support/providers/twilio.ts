// Twilio's Messages resource as documented:
// https://www.twilio.com/docs/messaging/api/message-resource (parameters, 201 and its body),
// https://www.twilio.com/docs/usage/twilios-response (errors), https://www.twilio.com/docs/api/errors/21211, …/20429.
import type { Dialect, Reply } from './provider-server.js';
import { basicAuth, json, wrongFields } from './provider-server.js';

export const twilioAccount = `AC${'0123456789abcdef'.repeat(2)}`;
export const twilioToken = 'an-auth-token-of-nobody';
export const twilioKey = `SK${'fedcba9876543210'.repeat(2)}`;
export const twilioKeySecret = 'an-api-key-secret-of-nobody';

const error = (status: number, code: number, message: string): Reply =>
  json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });

export function twilio(): Dialect {
  return {
    check({ method, path, headers, body }) {
      const user = basicAuth(headers);
      if (user !== `${twilioAccount}:${twilioToken}` && user !== `${twilioKey}:${twilioKeySecret}`) {
        return error(401, 20003, 'Authenticate');
      }
      if (method !== 'POST' || path !== `/2010-04-01/Accounts/${twilioAccount}/Messages.json`) {
        return error(404, 20404, `The requested resource ${path} was not found`);
      }
      if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return error(400, 21604, 'no To');
      const form = new URLSearchParams(body.toString('utf8'));
      const wrong = wrongFields(form.keys(), ['To', 'Body'], ['From', 'MessagingServiceSid', 'ValidityPeriod']);
      if (wrong.length > 0) return error(400, 20001, wrong.join(', '));
      if (form.has('From') === form.has('MessagingServiceSid')) {
        return error(400, 21603, "A 'From' phone number or MessagingServiceSid is required to send a message.");
      }
      const validity = Number(form.get('ValidityPeriod') ?? 1);
      if (!Number.isInteger(validity) || validity < 1 || validity > 36_000) {
        return error(400, 90007, 'Invalid validity period value');
      }
      const to = form.get('To') ?? '';
      if (!/^\+[1-9]\d{1,14}$/.test(to)) return error(400, 21211, `Invalid 'To' Phone Number: ${to}`);
      return { to, text: form.get('Body') ?? '', from: form.get('From') ?? form.get('MessagingServiceSid') ?? '' };
    },
    accepted: ({ to, text, from = '' }) =>
      json(201, {
        account_sid: twilioAccount,
        api_version: '2010-04-01',
        body: text,
        date_created: 'Thu, 24 Aug 2023 05:01:45 +0000',
        date_sent: null,
        direction: 'outbound-api',
        error_code: null,
        error_message: null,
        from,
        num_segments: '1',
        price: null,
        sid: 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
        status: 'queued',
        to,
      }),
    refused: ({ to }) => error(400, 21211, `Invalid 'To' Phone Number: ${to}`),
    throttled: () => error(429, 20429, 'Too Many Requests'),
    failed: () => error(500, 20500, 'Internal Server Error'),
  };
}
