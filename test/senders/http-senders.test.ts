// A message to a webhook: its signature, its headers, and what is made of every answer.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { httpEmailSender } from '../../src/senders/http-email-sender.js';
import { httpSmsSender } from '../../src/senders/http-sms-sender.js';
import { signWebhook } from '../../src/crypto/webhook-signature.js';
import { failure, sampleMessage } from '../../src/testing/sender-samples.js';
import { startProvider } from '../support/providers/provider-server.js';
import { verifies, webhook, webhookSecret } from '../support/providers/webhook.js';
import { providerCases } from './provider-cases.js';

const otherSecret = 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

for (const [name, channel, make] of [
  ['httpEmailSender', 'email', httpEmailSender],
  ['httpSmsSender', 'sms', httpSmsSender],
] as const) {
  providerCases({
    name,
    dialect: () => webhook(channel),
    make: ({ baseUrl, timeoutMs }) => make({ url: `${baseUrl}/codes`, secret: webhookSecret, timeoutMs }),
    makeWrong: ({ baseUrl }) => make({ url: baseUrl, secret: otherSecret }),
    secrets: [webhookSecret, otherSecret],
    saysHowLong: true,
  });
}

describe('a message to a webhook', () => {
  it('carries everything that was rendered, and the channel', async () => {
    const server = await startProvider(webhook('email'));
    await httpEmailSender({ url: `${server.url}/codes?tenant=7`, secret: webhookSecret }).send(sampleMessage('email'));
    await server.close();
    expect(server.requests[0]?.path).to.equal('/codes?tenant=7');
    expect(server.delivered).to.deep.equal([{ channel: 'email', ...sampleMessage('email') }]);
  });

  it('is signed as the published example of Standard Webhooks', () => {
    // https://github.com/standard-webhooks/standard-webhooks, the test of the reference libraries.
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const signature = signWebhook(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}');
    expect(signature).to.equal('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is signed with each secret while one is being replaced, under an id of its own', async () => {
    const server = await startProvider(webhook('sms'));
    const sender = httpSmsSender({ url: server.url, secret: [otherSecret, webhookSecret] });
    await sender.send(sampleMessage('sms'));
    await sender.send(sampleMessage('sms'));
    await server.close();
    const [first, second] = server.requests;
    expect(verifies(first!, webhookSecret)).to.equal(true);
    expect(verifies(first!, otherSecret)).to.equal(true);
    expect(first!.headers['webhook-id']).not.to.equal(second!.headers['webhook-id']);
  });

  it('does not verify when the body, the id or the time was changed', async () => {
    const server = await startProvider(webhook('sms'));
    await httpSmsSender({ url: server.url, secret: webhookSecret }).send(sampleMessage('sms'));
    await server.close();
    const request = server.requests[0]!;
    const body = Buffer.from(request.body.toString().replace('+15550100123', '+15550100124'));
    expect(verifies({ ...request, body }, webhookSecret)).to.equal(false);
    for (const [name, value] of [
      ['webhook-id', 'msg_other'],
      ['webhook-timestamp', String(Number(request.headers['webhook-timestamp']) - 1)],
    ] as const) {
      expect(verifies({ ...request, headers: { ...request.headers, [name]: value } }, webhookSecret)).to.equal(false);
    }
  });

  it('brings the headers that a gateway in between asks for, and does not repeat them in an error', async () => {
    const server = await startProvider(webhook('sms'));
    const headers = { authorization: 'Bearer gateway-token-of-nobody' };
    const sender = httpSmsSender({ url: server.url, secret: webhookSecret, headers });
    await sender.send(sampleMessage('sms'));
    expect(server.requests[0]?.headers.authorization).to.equal(headers.authorization);
    server.script.push({ status: 403, body: `no route for ${headers.authorization}` });
    const error = await failure(sender.send(sampleMessage('sms')));
    await server.close();
    expect((error.cause as Error).message).to.equal('no route for …');
  });

  it('reads Retry-After as seconds or as a date, within reason', async () => {
    const server = await startProvider(webhook('sms'));
    const sender = httpSmsSender({ url: server.url, secret: webhookSecret });
    const wait = async (value: string) => {
      server.script.push({ status: 429, headers: { 'retry-after': value } });
      return (await failure(sender.send(sampleMessage('sms')))).details.retryAfterSeconds;
    };
    expect(await wait('0')).to.equal(1);
    expect(await wait('99999999')).to.equal(86_400);
    expect(await wait(new Date(Date.now() + 900_000).toUTCString())).to.be.within(840, 901);
    expect(await wait('soon')).to.equal(undefined);
    await server.close();
  });

  it('does not know after a 408, which a proxy may have mended, whether the message went out', async () => {
    const server = await startProvider(webhook('sms'));
    server.script.push({ status: 408 });
    const error = await failure(httpSmsSender({ url: server.url, secret: webhookSecret }).send(sampleMessage('sms')));
    await server.close();
    expect(error.details.definite).to.equal(false);
  });

  it('does not read an answer without end, nor keep much of a long one', async () => {
    const server = createServer((_, response) => {
      response.writeHead(422);
      const more = setInterval(() => response.write('x'.repeat(20_000)), 5);
      response.on('close', () => clearInterval(more));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const sender = httpSmsSender({ url, secret: webhookSecret, timeoutMs: 20_000 });
    const error = await failure(sender.send(sampleMessage('sms')));
    server.closeAllConnections();
    expect(error.details.definite).to.equal(true);
    expect((error.cause as Error).message).to.have.lengthOf(300);
  });
});
