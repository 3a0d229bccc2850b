// Mailgun's Messages API as documented:
// https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages (fields, "Queued. Thank you."),
// https://documentation.mailgun.com/docs/mailgun/quickstart-guide/responses (errors).
import type { Dialect } from './provider-server.js';
import { basicAuth, json, wrongFields } from './provider-server.js';

export const mailgunKey = 'key-3ax6xnjp29jd6fds4gc373sgvjxteol0';
export const mailgunDomain = 'mg.acme.example';

const optional = ['html', 'h:Reply-To', 'h:Auto-Submitted', 'o:tracking', 'o:tracking-clicks', 'o:tracking-opens'];

export function mailgun(): Dialect {
  return {
    async check({ method, path, headers, body }) {
      // A wrong key is answered with the bare word.
      if (basicAuth(headers) !== `api:${mailgunKey}`) return { status: 401, body: 'Forbidden' };
      if (method !== 'POST' || path !== `/v3/${mailgunDomain}/messages`)
        return json(404, { message: 'Domain not found' });
      const type = headers['content-type'] ?? '';
      if (!type.startsWith('multipart/form-data; boundary='))
        return json(400, { message: 'from parameter is missing' });
      const form = await new Response(body, { headers: { 'content-type': type } }).formData();
      const fields = [...form.keys()];
      const wrong = wrongFields(fields, ['from', 'to', 'subject', 'text'], optional);
      if (wrong.length > 0) return json(400, { message: wrong.join(', ') });
      const to = form.getAll('to').map(String);
      if (to.length !== 1 || to[0]!.includes(',')) return json(400, { message: 'exactly one recipient in this test' });
      if (['o:tracking', 'o:tracking-clicks', 'o:tracking-opens'].some((name) => form.get(name) !== 'no')) {
        return json(400, { message: 'tracking is on' });
      }
      return {
        to: to[0]!,
        // A form carries line ends as CRLF.
        text: String(form.get('text')).replaceAll('\r\n', '\n'),
        ...(form.has('html') ? { html: String(form.get('html')).replaceAll('\r\n', '\n') } : {}),
        subject: String(form.get('subject')),
        from: String(form.get('from')),
      };
    },
    accepted: () => json(200, { id: '<20111114174239.25659.5817@samples.mailgun.org>', message: 'Queued. Thank you.' }),
    refused: ({ to }) =>
      json(400, { message: `to parameter is not a valid address. please check documentation: ${to}` }),
    throttled: () => json(429, { message: 'Too many requests' }, { 'retry-after': '30' }),
    failed: () => json(500, { message: 'Internal Server Error' }),
  };
}
