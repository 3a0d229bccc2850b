// Twilio, as a stand-in of the tests answers.
import { expect } from 'chai';
import type { TwilioOptions } from '../../src/senders/twilio-sender.js';
import { twilioSender } from '../../src/senders/twilio-sender.js';
import { failure, sampleMessage } from '../../src/testing/sender-samples.js';
import type { ProviderServer } from '../support/providers/provider-server.js';
import { json, startProvider } from '../support/providers/provider-server.js';
import { twilio, twilioAccount, twilioKey, twilioKeySecret, twilioToken } from '../support/providers/twilio.js';
import { providerCases } from './provider-cases.js';

const options: TwilioOptions = { accountSid: twilioAccount, authToken: twilioToken, from: '+15550100999' };

providerCases({
  name: 'twilioSender',
  dialect: twilio,
  make: (over) => twilioSender({ ...options, ...over }),
  makeWrong: (over) => twilioSender({ ...options, authToken: 'a-token-of-another', ...over }),
  secrets: [twilioToken, 'a-token-of-another'],
  saysHowLong: false,
});

describe('twilioSender', () => {
  let server: ProviderServer;
  beforeEach(async () => {
    server = await startProvider(twilio());
  });
  afterEach(() => server.close());

  it('lets a queued message lapse with its code', async () => {
    await twilioSender({ ...options, baseUrl: server.url }).send(sampleMessage('sms'));
    const form = new URLSearchParams(server.requests[0]!.body.toString());
    expect(form.get('ValidityPeriod')).to.equal('600');
    expect(form.get('From')).to.equal('+15550100999');
  });

  it('sends through a messaging service with an API key', async () => {
    const messagingServiceSid = `MG${'0'.repeat(32)}`;
    const keys = { accountSid: twilioAccount, apiKeySid: twilioKey, apiKeySecret: twilioKeySecret };
    await twilioSender({ ...keys, messagingServiceSid, baseUrl: server.url }).send(sampleMessage('sms'));
    expect(server.delivered[0]?.from).to.equal(messagingServiceSid);
  });

  it('reads a full queue as a throttle, whatever its status', async () => {
    const told = "This 'From' number has exceeded the maximum number of queued messages";
    server.script.push(json(400, { code: 21611, message: told, status: 400 }));
    const error = await failure(twilioSender({ ...options, baseUrl: server.url }).send(sampleMessage('sms')));
    expect(error.code).to.equal('connector.rate_limit_exceeded');
    expect(error.message).to.include('21611');
  });

  it('takes a message that was made and failed at once as refused', async () => {
    server.script.push(json(201, { sid: 'SM0', status: 'failed', error_code: 30006, error_message: 'Landline' }));
    const error = await failure(twilioSender({ ...options, baseUrl: server.url }).send(sampleMessage('sms')));
    expect(error.code).to.equal('connector.send_failed');
    expect(error.message).to.include('30006');
    expect((error.cause as Error).message).to.equal('Landline');
  });
});
