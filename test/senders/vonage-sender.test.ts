// Vonage, as a stand-in of the tests answers.
import { expect } from 'chai';
import type { VonageOptions } from '../../src/senders/vonage-sender.js';
import { vonageSender } from '../../src/senders/vonage-sender.js';
import { failure, sampleMessage } from '../../src/testing/sender-samples.js';
import type { ProviderServer } from '../support/providers/provider-server.js';
import { json, startProvider } from '../support/providers/provider-server.js';
import { vonage, vonageError, vonageKey, vonageSecret } from '../support/providers/vonage.js';
import { providerCases } from './provider-cases.js';

const options: VonageOptions = { apiKey: vonageKey, apiSecret: vonageSecret, from: 'ACME' };

providerCases({
  name: 'vonageSender',
  dialect: vonage,
  make: (over) => vonageSender({ ...options, ...over }),
  makeWrong: (over) => vonageSender({ ...options, apiSecret: 'a-secret-of-another', ...over }),
  secrets: [vonageSecret, 'a-secret-of-another'],
  saysHowLong: false,
});

describe('vonageSender', () => {
  let server: ProviderServer;
  beforeEach(async () => {
    server = await startProvider(vonage());
  });
  afterEach(() => server.close());
  const send = (text = 'Your code is 481516') =>
    vonageSender({ ...options, baseUrl: server.url }).send(sampleMessage('sms', { text }));
  const sent = (name: string) => new URLSearchParams(server.requests[0]!.body.toString()).get(name);

  it('sends plain text as such, and asks for Unicode only where the text needs it', async () => {
    await send();
    expect(sent('type')).to.equal('text');
    server.requests.length = 0;
    await send('Ваш код: 481516');
    expect(sent('type')).to.equal('unicode');
    expect(server.delivered.map(({ text }) => text)).to.deep.equal(['Your code is 481516', 'Ваш код: 481516']);
  });

  it('lets an undelivered message lapse with its code', async () => {
    await send();
    expect(sent('ttl')).to.equal('600000');
  });

  it('keeps to the shortest life that Vonage knows', async () => {
    const sender = vonageSender({ ...options, baseUrl: server.url });
    await sender.send(sampleMessage('sms', { expiresInMinutes: 0.1 }));
    expect(sent('ttl')).to.equal('20000');
  });

  for (const [status, told, code, definite] of [
    ['1', 'Throughput Rate Exceeded', 'connector.rate_limit_exceeded', true],
    ['10', 'Too Many Existing Binds', 'connector.rate_limit_exceeded', true],
    ['4', 'Bad Credentials', 'connector.send_failed', true],
    ['5', 'Internal Error', 'connector.send_failed', false],
    ['7', 'Number barred', 'connector.send_failed', true],
    ['9', 'Quota Exceeded - rejected', 'connector.send_failed', true],
  ] as const) {
    it(`reads status ${status}, ${told}, inside an answer of 200`, async () => {
      server.script.push(vonageError(status, told));
      const error = await failure(send());
      expect([error.code, error.details.definite]).to.deep.equal([code, definite]);
      expect((error.cause as Error).message).to.equal(told);
    });
  }

  it('is not sure of a long text of which one part failed', async () => {
    server.script.push(json(200, { 'message-count': '2', messages: [{ status: '0' }, { status: '7' }] }));
    expect((await failure(send())).details.definite).to.equal(false);
  });

  it('does not take a page that is no answer for success', async () => {
    server.script.push({ status: 200, body: '<html>Welcome</html>' });
    const error = await failure(send());
    expect([error.code, error.details.definite]).to.deep.equal(['connector.send_failed', false]);
  });
});
