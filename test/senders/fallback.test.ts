// A second sender in the place of one that does not deliver.
import { expect } from 'chai';
import { MfaError } from '../../src/core/words/errors.js';
import type { Sender } from '../../src/core/kernel/ports.js';
import { consoleSender } from '../../src/senders/console-sender.js';
import { fallback } from '../../src/senders/fallback.js';
import { httpSmsSender } from '../../src/senders/http-sms-sender.js';
import { outboxSender } from '../../src/senders/outbox-sender.js';
import { twilioSender } from '../../src/senders/twilio-sender.js';
import { senderContract } from '../../src/testing/sender-contract.js';
import { failure, sampleMessage } from '../../src/testing/sender-samples.js';
import type { ProviderServer } from '../support/providers/provider-server.js';
import { startProvider } from '../support/providers/provider-server.js';
import { twilio, twilioAccount, twilioToken } from '../support/providers/twilio.js';
import { webhook, webhookSecret } from '../support/providers/webhook.js';

const twilioAt = (baseUrl: string, timeoutMs = 5000): Sender =>
  twilioSender({ accountSid: twilioAccount, authToken: twilioToken, from: '+15550100999', baseUrl, timeoutMs });
const webhookAt = (url: string, timeoutMs = 5000): Sender => httpSmsSender({ url, secret: webhookSecret, timeoutMs });

senderContract('fallback', async ({ timeoutMs }) => {
  const [first, second] = await Promise.all([startProvider(twilio()), startProvider(webhook('sms'))]);
  return {
    sender: fallback([twilioAt(first.url, timeoutMs / 2), webhookAt(second.url, timeoutMs / 2)]),
    delivered: () => [...first.delivered, ...second.delivered],
    provider: (mood) => {
      first.mood = mood;
      second.mood = mood;
    },
    secrets: [twilioToken, webhookSecret],
    close: async () => {
      await Promise.all([first.close(), second.close()]);
    },
  };
});

describe('fallback', () => {
  let first: ProviderServer;
  let second: ProviderServer;
  let sender: Sender;
  const fallbackAfter = (timeoutMs: number) => fallback([twilioAt(first.url, timeoutMs), webhookAt(second.url, 5000)]);
  beforeEach(async () => {
    [first, second] = await Promise.all([startProvider(twilio()), startProvider(webhook('sms'))]);
    sender = fallbackAfter(5000);
  });
  afterEach(() => Promise.all([first.close(), second.close()]));

  it('leaves the second alone while the first delivers', async () => {
    await sender.send(sampleMessage('sms'));
    expect([first.delivered.length, second.requests.length]).to.deep.equal([1, 0]);
  });

  for (const mood of ['refuse', 'throttle', 'fail', 'reset', 'hang'] as const) {
    it(`goes on to the second when the first answers by: ${mood}`, async () => {
      first.mood = mood;
      await (mood === 'hang' ? fallbackAfter(200) : sender).send(sampleMessage('sms'));
      expect(second.delivered.map(({ to }) => to)).to.deep.equal(['+15550100123']);
    });
  }

  it('reports a throttle, with the shortest wait, only when all throttle', async () => {
    first.mood = second.mood = 'throttle';
    const error = await failure(sender.send(sampleMessage('sms')));
    expect(error.code).to.equal('connector.rate_limit_exceeded');
    expect(error.details).to.deep.equal({ definite: true, retryAfterSeconds: 17 });
    const third = await startProvider(webhook('sms'));
    third.script.push({ status: 429, headers: { 'retry-after': '40' } });
    const two = fallback([webhookAt(second.url), webhookAt(third.url)]);
    expect((await failure(two.send(sampleMessage('sms')))).details.retryAfterSeconds).to.equal(17);
    await third.close();
  });

  for (const [one, other] of [
    ['throttle', 'fail'],
    ['fail', 'throttle'],
  ] as const) {
    it(`reports the failure when one meets ${one} and the other ${other}`, async () => {
      first.mood = one;
      second.mood = other;
      const error = await failure(sender.send(sampleMessage('sms')));
      expect(error.code).to.equal('connector.send_failed');
      expect(error.details.definite).to.equal(false);
      expect((error.cause as MfaError).code).to.equal('connector.send_failed');
    });
  }

  it('is not sure that nothing went out when the first did not answer, though the second refused', async () => {
    first.mood = 'hang';
    second.mood = 'refuse';
    const error = await failure(fallbackAfter(200).send(sampleMessage('sms')));
    expect(error.details.definite).to.equal(false);
    expect(error.message).to.include('twilio').and.to.include('http');
  });

  it('takes a sender of somebody else that throws what it likes', async () => {
    const rude: Sender = { channel: 'sms', send: () => Promise.reject(new TypeError('no')) };
    const error = await failure(fallback([rude]).send(sampleMessage('sms')));
    expect([error.code, error.details.definite]).to.deep.equal(['connector.send_failed', false]);
    const outbox = outboxSender('sms');
    await fallback([rude, outbox]).send(sampleMessage('sms'));
    expect(outbox.messages).to.have.lengthOf(1);
  });

  it('refuses senders of different channels, and none at all', () => {
    const mixed = () => fallback([outboxSender('email'), outboxSender('sms')]);
    expect(mixed).to.throw(MfaError, /one channel; received email and sms/);
    expect(() => fallback([])).to.throw(MfaError, /at least one sender/);
    expect(() => fallback(undefined as never)).to.throw(MfaError, /at least one sender/);
  });

  it('bears the name of a development sender in it, so that production refuses it', () => {
    expect(fallback([twilioAt(first.url), consoleSender('sms')]).name).to.equal('console');
    expect(fallback([fallback([outboxSender('sms')]), twilioAt(first.url)]).name).to.equal('outbox');
    expect(sender.name).to.equal('fallback');
  });
});
