// SendGrid, as a stand-in of the tests answers.
import { expect } from 'chai';
import type { SendGridOptions } from '../../src/senders/sendgrid-sender.js';
import { sendGridSender } from '../../src/senders/sendgrid-sender.js';
import { failure, sampleMessage } from '../../src/testing/sender-samples.js';
import { startProvider } from '../support/providers/provider-server.js';
import { sendGrid, sendGridKey } from '../support/providers/sendgrid.js';
import { providerCases } from './provider-cases.js';

const options: SendGridOptions = { apiKey: sendGridKey, from: 'Acme <no-reply@acme.example>' };

providerCases({
  name: 'sendGridSender',
  dialect: sendGrid,
  make: (over) => sendGridSender({ ...options, ...over }),
  makeWrong: (over) => sendGridSender({ ...options, apiKey: 'SG.another.key', ...over }),
  secrets: [sendGridKey, 'SG.another.key'],
  saysHowLong: true,
});

describe('sendGridSender', () => {
  it('sends both parts, the subject and the sender, marked as automatic', async () => {
    const server = await startProvider(sendGrid());
    const sender = sendGridSender({ ...options, replyTo: 'help@acme.example', baseUrl: `${server.url}/` });
    await sender.send(sampleMessage('email'));
    await server.close();
    expect(server.delivered[0]).to.include({ subject: 'Your code: 481516', from: 'no-reply@acme.example' });
    expect(server.delivered[0]?.html).to.equal(sampleMessage('email').html);
    const body = JSON.parse(server.requests[0]!.body.toString());
    expect(body.headers).to.deep.equal({ 'Auto-Submitted': 'auto-generated' });
    expect(body.reply_to).to.deep.equal({ email: 'help@acme.example' });
    expect(body.from).to.deep.equal({ email: 'no-reply@acme.example', name: 'Acme' });
  });

  it('names the field that SendGrid found wrong', async () => {
    const server = await startProvider(sendGrid());
    server.mood = 'refuse';
    const error = await failure(sendGridSender({ ...options, baseUrl: server.url }).send(sampleMessage('email')));
    await server.close();
    expect(error.message).to.include('personalizations.0.to.0.email');
    expect((error.cause as Error).message).to.equal('Does not contain a valid address.');
  });
});
