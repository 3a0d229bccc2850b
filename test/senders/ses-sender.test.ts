// Amazon SES, as a stand-in of the tests answers.
import { expect } from 'chai';
import { signAws } from '../../src/senders/aws-signature.js';
import type { SesOptions } from '../../src/senders/ses-sender.js';
import { sesSender } from '../../src/senders/ses-sender.js';
import { failure, sampleMessage } from '../../src/testing/sender-samples.js';
import { awsKeys, awsSession } from '../support/providers/aws.js';
import type { ProviderServer } from '../support/providers/provider-server.js';
import { json, startProvider } from '../support/providers/provider-server.js';
import { ses, sesRegion } from '../support/providers/ses.js';
import { providerCases } from './provider-cases.js';

const options: SesOptions = { region: sesRegion, credentials: awsKeys, from: 'Acme <no-reply@acme.example>' };
const otherKeys = { ...awsKeys, secretAccessKey: 'another/secret+of-the-same-key-id' };

providerCases({
  name: 'sesSender',
  dialect: ses,
  make: (over) => sesSender({ ...options, ...over }),
  makeWrong: (over) => sesSender({ ...options, credentials: otherKeys, ...over }),
  secrets: [awsKeys.secretAccessKey, otherKeys.secretAccessKey],
  saysHowLong: false,
});

describe('sesSender', () => {
  let server: ProviderServer;
  beforeEach(async () => {
    server = await startProvider(ses());
  });
  afterEach(() => server.close());

  it('sends both parts, subject, sender, reply address and configuration set', async () => {
    const over = { replyTo: 'Help <help@acme.example>', configurationSet: 'codes', baseUrl: server.url };
    await sesSender({ ...options, ...over }).send(sampleMessage('email'));
    expect(server.delivered[0]).to.include({ subject: 'Your code: 481516', html: sampleMessage('email').html });
    expect(server.delivered[0]?.from).to.equal('"Acme" <no-reply@acme.example>');
    const body = JSON.parse(server.requests[0]!.body.toString());
    expect(body.ReplyToAddresses).to.deep.equal(['"Help" <help@acme.example>']);
    expect(body.ConfigurationSetName).to.equal('codes');
    expect(body.Content.Simple.Headers).to.deep.equal([{ Name: 'Auto-Submitted', Value: 'auto-generated' }]);
  });

  it('writes a domain of another script in Punycode, which is all that SES takes', async () => {
    await sesSender({ ...options, baseUrl: server.url }).send(sampleMessage('email', { to: 'eva@bücher.example' }));
    expect(server.delivered[0]?.to).to.equal('eva@xn--bcher-kva.example');
  });

  it('asks a function for credentials before every message, and signs their session token', async () => {
    let asked = 0;
    const credentials = async () => ({ ...awsKeys, sessionToken: asked++ === 0 ? 'a-stale-token' : awsSession });
    const sender = sesSender({ ...options, credentials, baseUrl: server.url });
    const error = await failure(sender.send(sampleMessage('email')));
    expect(error.message).to.include('InvalidClientTokenId');
    await sender.send(sampleMessage('email'));
    expect(server.delivered).to.have.lengthOf(1);
  });

  it('knows that nothing went out when the credentials cannot be had', async () => {
    const cause = new Error('no role is attached');
    const sender = sesSender({ ...options, credentials: () => Promise.reject(cause), baseUrl: server.url });
    const error = await failure(sender.send(sampleMessage('email')));
    expect(error.code).to.equal('connector.send_failed');
    expect(error.details.definite).to.equal(true);
    expect(error.cause).to.equal(cause);
  });

  it('gives up in time when the credentials never come', async () => {
    const credentials = () => new Promise<never>(() => undefined);
    const sender = sesSender({ ...options, credentials, baseUrl: server.url, timeoutMs: 100 });
    // AbortSignal.timeout alone does not keep a process alive.
    const alive = setTimeout(() => undefined, 60_000);
    const error = await failure(sender.send(sampleMessage('email')));
    clearTimeout(alive);
    expect(error.code).to.equal('connector.send_failed');
    expect(server.requests).to.have.lengthOf(0);
  });

  for (const code of ['ThrottlingException', 'LimitExceededException']) {
    it(`reads ${code}, status 400, as a throttle`, async () => {
      server.script.push(json(400, { message: 'Daily message quota exceeded.' }, { 'x-amzn-errortype': code }));
      const error = await failure(sesSender({ ...options, baseUrl: server.url }).send(sampleMessage('email')));
      expect(error.code).to.equal('connector.rate_limit_exceeded');
    });
  }

  it('is refused where the body was changed underway or the clock is off, by a server that looks', async () => {
    const url = `${server.url}/v2/email/outbound-emails`;
    const sign = (body: string, at: Date) => {
      const headers = { 'content-type': 'application/json' };
      return signAws({
        method: 'POST',
        url,
        headers,
        body,
        region: sesRegion,
        service: 'ses',
        credentials: awsKeys,
        at,
      });
    };
    const post = (headers: { [name: string]: string }, body: string) => fetch(url, { method: 'POST', headers, body });
    const early = await post(sign('{}', new Date(Date.now() - 6 * 60_000)), '{}');
    expect(early.status).to.equal(403);
    expect(await early.text()).to.include('Signature expired');
    const changed = await post(sign('{}', new Date()), '{"FromEmailAddress":"mallory@example.com"}');
    expect(changed.status).to.equal(403);
    expect(await changed.text()).to.include('does not match');
    expect((await post(sign('[]', new Date()), '[')).status).to.equal(403);
    expect((await post(sign('{', new Date()), '{')).status).to.equal(400);
  });
});
