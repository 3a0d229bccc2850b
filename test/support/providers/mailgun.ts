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
    check({ method, path, headers, body }) {
      // A wrong key is answered with the bare word.
      if (basicAuth(headers) !== `api:${mailgunKey}`) return { status: 401, body: 'Forbidden' };
      if (method !== 'POST' || path !== `/v3/${mailgunDomain}/messages`)
        return json(404, { message: 'Domain not found' });
      const type = headers['content-type'] ?? '';
      if (!type.startsWith('multipart/form-data; boundary='))
        return json(400, { message: 'from parameter is missing' });
      const form = parts(body.toString('utf8'), type.slice(type.indexOf('=') + 1));
      const given = (name: string) => form.find(([key]) => key === name)?.[1];
      const fields = form.map(([name]) => name);
      const wrong = wrongFields(fields, ['from', 'to', 'subject', 'text'], optional);
      if (wrong.length > 0) return json(400, { message: wrong.join(', ') });
      // "You can use commas to separate multiple recipients."
      const to = form.filter(([name]) => name === 'to').flatMap(([, value]) => value.split(','));
      if (to.length !== 1) return json(400, { message: 'exactly one recipient in this test' });
      if (['o:tracking', 'o:tracking-clicks', 'o:tracking-opens'].some((name) => given(name) !== 'no')) {
        return json(400, { message: 'tracking is on' });
      }
      const html = given('html');
      return {
        to: to[0]!,
        text: given('text') ?? '',
        ...(html === undefined ? {} : { html }),
        subject: given('subject') ?? '',
        from: given('from') ?? '',
      };
    },
    accepted: () => json(200, { id: '<20111114174239.25659.5817@samples.mailgun.org>', message: 'Queued. Thank you.' }),
    refused: ({ to }) =>
      json(400, { message: `to parameter is not a valid address. please check documentation: ${to}` }),
    throttled: () => json(429, { message: 'Too many requests' }, { 'retry-after': '30' }),
    failed: () => json(500, { message: 'Internal Server Error' }),
  };
}

/** The fields of a multipart/form-data body (RFC 7578), whose line ends are CRLF. */
function parts(body: string, boundary: string): [name: string, value: string][] {
  return body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const end = part.indexOf('\r\n\r\n');
      const name = /name="([^"]*)"/.exec(part.slice(0, end))?.[1] ?? '';
      return [name, part.slice(end + 4, -2).replaceAll('\r\n', '\n')];
    });
}
