// SMS Aero's gate, API version 2, as documented: https://smsaero.ru/integration/documentation/api (sms/send), and as
// its maker's own clients read it: https://github.com/smsaero/smsaero_typescript (`success`, `message`, `result`).
import type { Dialect } from './provider-server.js';
import { basicAuth, json, parseJson, wrongFields } from './provider-server.js';

export const smsAeroEmail = 'owner@acme.example';
export const smsAeroKey = 'an-api-key-of-nobody';

export function smsAero(): Dialect {
  return {
    check({ method, path, headers, body }) {
      if (basicAuth(headers) !== `${smsAeroEmail}:${smsAeroKey}`) {
        return json(401, { success: false, data: null, message: 'Your request was made with invalid credentials.' });
      }
      if (method !== 'POST' || path !== '/v2/sms/send')
        return json(404, { success: false, data: null, message: 'Page not found.' });
      const fields = (headers['content-type'] === 'application/json' ? parseJson(body) : {}) as {
        [name: string]: string;
      };
      const wrong = wrongFields(Object.keys(fields), ['number', 'text', 'sign'], ['dateSend', 'callbackUrl']);
      if (wrong.length > 0) return json(400, { success: false, data: wrong, message: 'Validation error.' });
      if (!/^[1-9]\d{6,14}$/.test(fields.number ?? '')) {
        return json(400, { success: false, data: { number: ['Invalid number.'] }, message: 'Validation error.' });
      }
      return { to: `+${fields.number ?? ''}`, text: fields.text ?? '', from: fields.sign ?? '' };
    },
    // The gate repeats the text.
    accepted: ({ to, text, from = '' }) =>
      json(200, {
        success: true,
        data: {
          id: 12345,
          from,
          number: to.slice(1),
          text,
          status: 0,
          extendStatus: 'queue',
          channel: 'FREE SIGN',
          cost: 5.49,
          dateCreate: 1719119523,
          dateSend: 1719119523,
        },
        message: null,
      }),
    refused: ({ to, text }) =>
      json(400, { success: false, data: { number: [to.slice(1)], text: [text] }, message: 'Validation error.' }),
    throttled: () => json(429, { success: false, data: null, message: 'Too many requests.' }),
    failed: () => json(500, { success: false, data: null, message: 'Internal server error.' }),
  };
}
