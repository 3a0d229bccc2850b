// What every Sender must do, whoever it sends through. For a sender of your own: write a bench, and call senderContract
// in a test file. Knows no provider.
import { strict as assert } from 'node:assert';
import type { Sender } from '../core/kernel/ports.js';
import { runnerOf, type TestRunner } from './runner.js';
import { badRecipients, expectDiscretion, failure, sampleMessage } from './sender-samples.js';

/** A sender, and a look at what it delivered. */
export type Deliveries = {
  sender: Sender;
  /** What arrived, oldest first. */
  delivered(): readonly { to: string; text: string }[] | Promise<readonly { to: string; text: string }[]>;
  /** Passwords and keys that no error may repeat. */
  secrets?: readonly string[];
  /** Called once after each test. */
  close(): Promise<void>;
};

/** A sender with the provider that it talks to, on this machine. */
export type SenderBench = Deliveries & {
  /** Makes the provider refuse, throttle or never answer from now on. */
  provider: (mood: 'refuse' | 'throttle' | 'hang') => void;
};

/** `make` is called for each test and gets the time limit that the sender must keep. */
export type MakeBench = (options: { timeoutMs: number }) => Promise<SenderBench>;

/**
 * The whole contract, for a sender with a provider behind it.
 * @param runner default: the globals `describe` and `it`
 */
export function senderContract(name: string, make: MakeBench, runner?: TestRunner): void {
  deliveryContract(name, make, runner);
  failureContract(name, make, runnerOf(runner));
}

/** What also a sender without a provider must do: the one that prints, the one that only remembers. */
export function deliveryContract(
  name: string,
  make: (options: { timeoutMs: number }) => Promise<Deliveries>,
  runner?: TestRunner,
): void {
  const { describe, it } = runnerOf(runner);
  const delivers = (sentence: string, body: (bench: Deliveries) => Promise<void>) =>
    it(sentence, () => onBench(make({ timeoutMs: 5000 }), body));
  describe(`${name} keeps the contract of a sender`, () => {
    delivers('says its channel and its name', async ({ sender }) => {
      assert.ok(['email', 'sms'].includes(sender.channel), sender.channel);
      assert.match(sender.name ?? '', /^[a-z][a-z-]*$/);
    });

    delivers('delivers the text, whole, to the one recipient', async (bench) => {
      const { sender } = bench;
      const message = sampleMessage(sender.channel);
      await sender.send(message);
      const arrived = await bench.delivered();
      assert.deepEqual(
        arrived.map(({ to, text }) => ({ to, text: text.trimEnd() })),
        [{ to: message.to, text: message.text }],
      );
    });

    delivers('delivers many at once, each to its own recipient', async (bench) => {
      const { sender } = bench;
      const { channel } = sender;
      const to = Array.from({ length: 8 }, (_, i) =>
        channel === 'email' ? `user${i}@example.com` : `+1555010010${i}`,
      );
      await Promise.all(
        to.map((address) => sender.send(sampleMessage(channel, { to: address, text: `for ${address}` }))),
      );
      const arrived = await bench.delivered();
      assert.deepEqual(arrived.map((one) => one.to).sort(), to);
      for (const one of arrived) assert.equal(one.text.trimEnd(), `for ${one.to}`);
    });

    delivers('sends nothing to what is not exactly one address of its channel', async (bench) => {
      const { sender, secrets } = bench;
      for (const to of badRecipients[sender.channel]) {
        const message = sampleMessage(sender.channel, { to });
        const error = await failure(sender.send(message));
        assert.equal(error.code, 'connector.send_failed', JSON.stringify(to));
        assert.equal(error.details.definite, true);
        expectDiscretion(error, message, secrets);
      }
      assert.deepEqual(await bench.delivered(), []);
    });

    delivers('leaves the message it was given as it was', async ({ sender }) => {
      const message = Object.freeze(sampleMessage(sender.channel));
      await sender.send(message);
      assert.deepEqual(message, sampleMessage(sender.channel));
    });
  });
}

function failureContract(name: string, make: MakeBench, { describe, it }: TestRunner): void {
  const fails = (sentence: string, body: (bench: SenderBench) => Promise<void>, timeoutMs = 5000) =>
    it(sentence, () => onBench(make({ timeoutMs }), body));
  describe(`${name} keeps the contract of a sender whose provider fails`, () => {
    fails('rejects with connector.send_failed, definite, when the provider refuses', async (bench) => {
      bench.provider('refuse');
      const message = sampleMessage(bench.sender.channel);
      const error = await failure(bench.sender.send(message));
      assert.equal(error.code, 'connector.send_failed');
      assert.equal(error.details.definite, true);
      expectDiscretion(error, message, bench.secrets);
      assert.deepEqual(await bench.delivered(), []);
    });

    fails('rejects with connector.rate_limit_exceeded when the provider throttles', async (bench) => {
      bench.provider('throttle');
      const message = sampleMessage(bench.sender.channel);
      const error = await failure(bench.sender.send(message));
      assert.equal(error.code, 'connector.rate_limit_exceeded');
      const { retryAfterSeconds = 1 } = error.details;
      assert.ok(Number.isInteger(retryAfterSeconds), String(retryAfterSeconds));
      assert.ok(Number(retryAfterSeconds) >= 1 && Number(retryAfterSeconds) <= 86_400, String(retryAfterSeconds));
      expectDiscretion(error, message, bench.secrets);
    });

    const shortMs = 400;
    const givesUp = async (bench: SenderBench) => {
      bench.provider('hang');
      const message = sampleMessage(bench.sender.channel);
      const begun = Date.now();
      const error = await failure(bench.sender.send(message));
      const tookMs = Date.now() - begun;
      // A busy machine is late; one that waits for something else is later.
      assert.ok(tookMs >= shortMs - 50 && tookMs <= shortMs * 10, `it took ${tookMs} ms`);
      assert.equal(error.code, 'connector.send_failed');
      assert.notEqual(error.details.definite, true);
      assert.ok(error.cause instanceof Error);
      expectDiscretion(error, message, bench.secrets);
    };
    fails('gives up in time, not knowing whether it went out, when the provider does not answer', givesUp, shortMs);
  });
}

async function onBench<B extends Deliveries>(made: Promise<B>, body: (bench: B) => Promise<void>): Promise<void> {
  const bench = await made;
  try {
    await body(bench);
  } finally {
    await bench.close();
  }
}
