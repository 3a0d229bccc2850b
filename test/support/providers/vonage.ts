// Vonage's SMS API as documented:
// https://developer.vonage.com/en/api/sms (parameters, answers),
// https://developer.vonage.com/en/messaging/sms/guides/troubleshooting-sms (the example answers and the statuses).
import type { Dialect, Reply } from './provider-server.js';
import { basicAuth, json, wrongFields } from './provider-server.js';

export const vonageKey = 'abcd1234';
export const vonageSecret = 'a-secret-of-nobody';

/** Everything but success, and success, are HTTP 200. */
export const vonageError = (status: string, text: string): Reply =>
  json(200, { 'message-count': '1', messages: [{ status, 'error-text': text }] });

const ascii = /^[\x20-\x7e\n]*$/;

export function vonage(): Dialect {
  return {
    check({ method, path, headers, body }) {
      if (method !== 'POST' || path !== '/sms/json') return { status: 404 };
      if (basicAuth(headers) !== `${vonageKey}:${vonageSecret}`) return vonageError('4', 'Bad Credentials');
      if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
        return vonageError('2', 'Missing to param');
      const form = new URLSearchParams(body.toString('utf8'));
      const wrong = wrongFields(form.keys(), ['from', 'to', 'text'], ['type', 'ttl']);
      if (wrong.length > 0) return vonageError('2', wrong.join(', '));
      const to = form.get('to') ?? '';
      const text = form.get('text') ?? '';
      // "Don't use a leading + or 00 when entering a phone number, start with the country code".
      if (!/^[1-9]\d{6,14}$/.test(to)) return vonageError('3', 'Invalid value for parameter: to');
      const ttl = Number(form.get('ttl') ?? 20_000);
      if (!Number.isInteger(ttl) || ttl < 20_000 || ttl > 604_800_000) return vonageError('3', 'Invalid ttl');
      if (form.get('type') !== 'unicode' && !ascii.test(text)) return vonageError('3', 'Invalid type for this text');
      return { to: `+${to}`, text, from: form.get('from') ?? '' };
    },
    accepted: ({ to }) =>
      json(200, {
        'message-count': '1',
        messages: [
          {
            to: to.slice(1),
            'message-id': '0C000000217B7F02',
            status: '0',
            'remaining-balance': '15.53590000',
            'message-price': '0.03330000',
            network: '23410',
          },
        ],
      }),
    refused: () => vonageError('7', 'Number barred'),
    throttled: () => vonageError('1', 'Throughput Rate Exceeded - please wait [ 250 ] and retry'),
    failed: () => ({ status: 503, body: '<html>Service Unavailable</html>' }),
  };
}
