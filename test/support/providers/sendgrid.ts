// SendGrid's Mail Send API as documented:
// https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send (fields, 202),
// https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/rate-limits (429 and its headers).
import type { Dialect } from './provider-server.js';
import { json, parseJson, wrongFields } from './provider-server.js';

type Content = { type: string; value: string };
type Body = {
  personalizations: { to: { email: string }[] }[];
  from: { email: string; name?: string };
  subject: string;
  content: Content[];
  headers?: { [name: string]: string };
  tracking_settings?: { [kind: string]: { enable?: boolean } };
};

export const sendGridKey = 'SG.a-test-key.of-nobody';

const error = (message: string, field: string | null): unknown => ({ errors: [{ message, field, help: null }] });

export function sendGrid(): Dialect {
  return {
    check({ method, path, headers, body }) {
      if (headers.authorization !== `Bearer ${sendGridKey}`) {
        return json(401, error('The provided authorization grant is invalid, expired, or revoked', null));
      }
      if (method !== 'POST' || path !== '/v3/mail/send') return json(404, error('resource not found', null));
      if (headers['content-type'] !== 'application/json')
        return json(415, error('Content-Type should be application/json.', null));
      const mail = parseJson(body) as Body | undefined;
      if (mail === undefined) return json(400, error('Bad Request', null));
      const required = ['personalizations', 'from', 'subject', 'content'];
      const wrong = wrongFields(Object.keys(mail), required, [
        'reply_to',
        'headers',
        'tracking_settings',
        'mail_settings',
      ]);
      if (wrong.length > 0) return json(400, error(wrong.join(', '), wrong[0] ?? null));
      const recipients = mail.personalizations.flatMap(({ to }) => to);
      if (recipients.length !== 1) return json(400, error('exactly one recipient in this test', 'personalizations'));
      if (mail.subject === '') return json(400, error('The subject is required.', 'subject'));
      // "If text/plain or text/html are included, text/plain must be first."
      if (mail.content[0]?.type !== 'text/plain') return json(400, error('text/plain must come first', 'content'));
      if (Object.values(mail.tracking_settings ?? {}).some(({ enable }) => enable !== false)) {
        return json(400, error('tracking is on', 'tracking_settings'));
      }
      const html = mail.content.find(({ type }) => type === 'text/html')?.value;
      return {
        to: recipients[0]!.email,
        text: mail.content[0].value,
        ...(html === undefined ? {} : { html }),
        subject: mail.subject,
        from: mail.from.email,
      };
    },
    accepted: () => ({ status: 202, headers: { 'x-message-id': '14c5d75ce93.dfd.64b469' } }),
    refused: () => json(400, error('Does not contain a valid address.', 'personalizations.0.to.0.email')),
    throttled: () =>
      json(429, error('too many requests', null), {
        'x-ratelimit-limit': '150',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 40),
      }),
    failed: () => json(503, error('The SendGrid v3 Web API is not available.', null)),
  };
}
