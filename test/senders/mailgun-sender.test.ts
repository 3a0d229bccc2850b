// Mailgun, as a stand-in of the tests answers.
import { expect } from 'chai';
import type { MailgunOptions } from '../../src/senders/mailgun-sender.js';
import { mailgunSender } from '../../src/senders/mailgun-sender.js';
import { failure, sampleMessage } from '../../src/testing/sender-samples.js';
import { mailgun, mailgunDomain, mailgunKey } from '../support/providers/mailgun.js';
import { startProvider } from '../support/providers/provider-server.js';
import { providerCases } from './provider-cases.js';

const options: MailgunOptions = { apiKey: mailgunKey, domain: mailgunDomain, from: 'Acme <no-reply@mg.acme.example>' };

providerCases({
  name: 'mailgunSender',
  dialect: mailgun,
  make: (over) => mailgunSender({ ...options, ...over }),
  makeWrong: (over) => mailgunSender({ ...options, apiKey: 'key-of-somebody-else', ...over }),
  secrets: [mailgunKey, 'key-of-somebody-else'],
  saysHowLong: true,
});

describe('mailgunSender', () => {
  it('sends both parts, the subject and the sender, and a name that is not ASCII in encoded words', async () => {
    const server = await startProvider(mailgun());
    const from = { address: 'no-reply@mg.acme.example', name: 'Ärger & Söhne' };
    await mailgunSender({ ...options, from, baseUrl: server.url }).send(sampleMessage('email'));
    await server.close();
    expect(server.delivered[0]).to.include({ subject: 'Your code: 481516', html: sampleMessage('email').html });
    expect(server.delivered[0]?.from).to.equal('=?UTF-8?B?w4RyZ2VyICYgU8O2aG5l?= <no-reply@mg.acme.example>');
  });

  it('keeps what Mailgun said as the cause, without the address', async () => {
    const server = await startProvider(mailgun());
    server.mood = 'refuse';
    const error = await failure(mailgunSender({ ...options, baseUrl: server.url }).send(sampleMessage('email')));
    await server.close();
    expect((error.cause as Error).message).to.equal(
      'to parameter is not a valid address. please check documentation: …',
    );
  });
});
