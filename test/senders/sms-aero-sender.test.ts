// SMS Aero, as a stand-in of the tests answers.
import { expect } from 'chai';
import type { SmsAeroOptions } from '../../src/senders/sms-aero-sender.js';
import { smsAeroSender } from '../../src/senders/sms-aero-sender.js';
import { failure, sampleMessage } from '../../src/testing/sender-samples.js';
import type { ProviderServer } from '../support/providers/provider-server.js';
import { json, startProvider } from '../support/providers/provider-server.js';
import { smsAero, smsAeroEmail, smsAeroKey } from '../support/providers/sms-aero.js';
import { providerCases } from './provider-cases.js';

const options: SmsAeroOptions = { email: smsAeroEmail, apiKey: smsAeroKey };

providerCases({
  name: 'smsAeroSender',
  dialect: smsAero,
  make: (over) => smsAeroSender({ ...options, ...over }),
  makeWrong: (over) => smsAeroSender({ ...options, apiKey: 'a-key-of-another', ...over }),
  secrets: [smsAeroKey, 'a-key-of-another'],
  saysHowLong: false,
});

describe('smsAeroSender', () => {
  let server: ProviderServer;
  beforeEach(async () => {
    server = await startProvider(smsAero());
  });
  afterEach(() => server.close());

  it('signs with the common signature unless another is given', async () => {
    await smsAeroSender({ ...options, baseUrl: server.url }).send(sampleMessage('sms'));
    await smsAeroSender({ ...options, sign: 'ACME', baseUrl: server.url }).send(sampleMessage('sms'));
    expect(server.delivered.map(({ from }) => from)).to.deep.equal(['SMS Aero', 'ACME']);
  });

  for (const [what, answer, definite] of [
    ['success: false', { success: false, data: null, message: 'Validation error.' }, true],
    ['result: reject', { result: 'reject', reason: 'empty field' }, true],
    ['result: no credits', { result: 'no credits' }, true],
    ['a message that is rejected at once', { success: true, data: { id: 1, status: 6, extendStatus: 'reject' } }, true],
    ['no answer of the gate', 'Welcome', false],
  ] as const) {
    it(`reads ${what} inside an answer of 200`, async () => {
      server.script.push(json(200, answer));
      const error = await failure(smsAeroSender({ ...options, baseUrl: server.url }).send(sampleMessage('sms')));
      expect([error.code, error.details.definite]).to.deep.equal(['connector.send_failed', definite]);
    });
  }
});
