// The cases that every sender over HTTP is put through, against a server that speaks its provider's documented API.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Sender } from '../../src/core/kernel/ports.js';
import { fallback } from '../../src/senders/fallback.js';
import { outboxSender } from '../../src/senders/outbox-sender.js';
import { senderContract } from '../../src/testing/sender-contract.js';
import { expectDiscretion, failure, sampleMessage } from '../../src/testing/sender-samples.js';
import type { Dialect, ProviderServer } from '../support/providers/provider-server.js';
import { startProvider } from '../support/providers/provider-server.js';

type ProviderCases = {
  name: string;
  dialect: () => Dialect;
  /** The sender under test, with the right credentials. */
  make: (options: { baseUrl: string; timeoutMs: number }) => Sender;
  /** The same with wrong credentials. */
  makeWrong: (options: { baseUrl: string }) => Sender;
  secrets: readonly string[];
  /** Whether the provider's documented throttle says how long to wait. */
  saysHowLong: boolean;
};

/** A port on which nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

export function providerCases({ name, dialect, make, makeWrong, secrets, saysHowLong }: ProviderCases): void {
  senderContract(name, async ({ timeoutMs }) => {
    const server = await startProvider(dialect());
    return {
      sender: make({ baseUrl: server.url, timeoutMs }),
      delivered: () => server.delivered,
      provider: (mood) => {
        server.mood = mood;
      },
      secrets,
      close: () => server.close(),
    };
  });

  describe(`${name} and a provider in trouble`, () => {
    let server: ProviderServer;
    let sender: Sender;
    beforeEach(async () => {
      server = await startProvider(dialect());
      sender = make({ baseUrl: server.url, timeoutMs: 5000 });
    });
    afterEach(() => server.close());

    it('reports wrong credentials as a definite refusal', async () => {
      const wrong = makeWrong({ baseUrl: server.url });
      const message = sampleMessage(wrong.channel);
      const error = await failure(wrong.send(message));
      expect(error.code).to.equal('connector.send_failed');
      expect(error.details.definite).to.equal(true);
      expectDiscretion(error, message, secrets);
      expect(server.delivered).to.deep.equal([]);
    });

    it('takes the wait from a throttle answer that gives one', async () => {
      server.mood = 'throttle';
      const { details } = await failure(sender.send(sampleMessage(sender.channel)));
      expect(details.definite).to.equal(true);
      if (saysHowLong) expect(details.retryAfterSeconds).to.be.a('number').within(15, 45);
      else expect(details).not.to.have.property('retryAfterSeconds');
    });

    it('does not know after a 5xx answer whether the message went out', async () => {
      server.mood = 'fail';
      const message = sampleMessage(sender.channel);
      const error = await failure(sender.send(message));
      expect(error.code).to.equal('connector.send_failed');
      expect(error.details.definite).to.equal(false);
      expect(error.message).to.match(/HTTP 50\d/);
      expectDiscretion(error, message, secrets);
    });

    it('does not know after a broken connection whether the message went out', async () => {
      server.mood = 'reset';
      const error = await failure(sender.send(sampleMessage(sender.channel)));
      expect(error.code).to.equal('connector.send_failed');
      expect(error.details.definite).to.equal(false);
      expect(error.cause).to.be.instanceOf(Error);
    });

    it('knows that nothing went out when nobody listens', async () => {
      const nobody = make({ baseUrl: await deadUrl(), timeoutMs: 5000 });
      const error = await failure(nobody.send(sampleMessage(sender.channel)));
      expect(error.code).to.equal('connector.send_failed');
      expect(error.details.definite).to.equal(true);
      expect(error.message).to.include('ECONNREFUSED');
    });

    it('does not follow a redirect with credentials and code', async () => {
      const elsewhere = await startProvider(dialect());
      server.script.push({ status: 307, headers: { location: `${elsewhere.url}/` } });
      const error = await failure(sender.send(sampleMessage(sender.channel)));
      await elsewhere.close();
      expect(error.code).to.equal('connector.send_failed');
      expect(elsewhere.requests).to.have.lengthOf(0);
    });

    it('is relieved by the next sender of a fallback', async () => {
      server.mood = 'fail';
      const second = outboxSender(sender.channel);
      await fallback([sender, second]).send(sampleMessage(sender.channel));
      expect(server.requests).to.have.lengthOf(1);
      expect(second.messages).to.have.lengthOf(1);
    });
  });
}
