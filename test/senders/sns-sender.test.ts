// Amazon SNS, as a stand-in of the tests answers.
import { expect } from 'chai';
import type { SnsOptions } from '../../src/senders/sns-sender.js';
import { snsSender } from '../../src/senders/sns-sender.js';
import { failure, sampleMessage } from '../../src/testing/sender-samples.js';
import { awsKeys, awsSession } from '../support/providers/aws.js';
import { startProvider } from '../support/providers/provider-server.js';
import { sns, snsRegion } from '../support/providers/sns.js';
import { providerCases } from './provider-cases.js';

const options: SnsOptions = { region: snsRegion, credentials: { ...awsKeys, sessionToken: awsSession } };
const otherKeys = { ...awsKeys, secretAccessKey: 'another/secret+of-the-same-key-id' };

providerCases({
  name: 'snsSender',
  dialect: sns,
  make: (over) => snsSender({ ...options, ...over }),
  makeWrong: (over) => snsSender({ ...options, credentials: otherKeys, ...over }),
  secrets: [awsKeys.secretAccessKey, otherKeys.secretAccessKey, awsSession],
  saysHowLong: false,
});

describe('snsSender', () => {
  it('sends sender id, origination number and price limit as attributes', async () => {
    const server = await startProvider(sns());
    const over = { senderId: 'ACME', originationNumber: '+15550100999', maxPriceUsd: 0.5, baseUrl: server.url };
    await snsSender({ ...options, ...over }).send(sampleMessage('sms'));
    await server.close();
    const form = new URLSearchParams(server.requests[0]!.body.toString());
    const values = [1, 2, 3, 4].map((entry) => form.get(`MessageAttributes.entry.${entry}.Value.StringValue`));
    expect(values).to.deep.equal(['Transactional', 'ACME', '+15550100999', '0.50000']);
    expect(server.delivered).to.have.lengthOf(1);
  });

  it('names the error, and strikes the number out of what SNS said', async () => {
    const server = await startProvider(sns());
    server.mood = 'refuse';
    const error = await failure(snsSender({ ...options, baseUrl: server.url }).send(sampleMessage('sms')));
    await server.close();
    expect(error.message).to.include('InvalidParameter');
    expect((error.cause as Error).message).to.equal(
      'Invalid parameter: PhoneNumber Reason: … is not valid to publish to',
    );
  });
});
