// What every Sender must do, whoever it sends through. For a sender of your own: write a bench, call senderContract in
// a mocha file. Knows no provider.
import { inspect } from 'node:util';
import { expect } from 'chai';
import type { MfaError } from '../../src/core/errors.js';
import { isMfaError } from '../../src/core/errors.js';
import type { Channel, Message, Sender } from '../../src/core/ports.js';

/** A sender, and a look at what it delivered. */
export type Deliveries = {
  sender: Sender;
  /** What arrived, oldest first. */
  delivered(): readonly { to: string; text: string }[] | Promise<readonly { to: string; text: string }[]>;
  /** Passwords and keys that no error may repeat. */
  secrets?: readonly string[];
  close(): Promise<void>;
};

/** A sender with the provider that it talks to, on this machine. */
export type SenderBench = Deliveries & {
  /** Makes the provider refuse, throttle or never answer from now on. */
  provider: (mood: 'refuse' | 'throttle' | 'hang') => void;
};

/** `make` is called for each test and gets the time limit that the sender must keep. */
export type MakeBench = (options: { timeoutMs: number }) => Promise<SenderBench>;

const recipients = { email: 'alice.o+mfa@example.com', sms: '+15550100123' };

const badRecipients: { [channel in Channel]: string[] } = {
  email: [
    '',
    'alice',
    'alice@',
    '@example.com',
    'alice@example.com\r\nBcc: mallory@example.com',
    'alice@example.com\nBcc: mallory@example.com',
    'alice@example.com\n',
    'alice@example.com,mallory@example.com',
    'alice@example.com;mallory@example.com',
    'alice@example.com mallory@example.com',
    'Alice <alice@example.com>',
    '<alice@example.com>',
    '"alice"@example.com',
    'alice@example.com\u0000',
    'alice@exam\u202eple.com',
    `${'a'.repeat(250)}@example.com`,
  ],
  sms: [
    '',
    '5550100123',
    '+0155501001',
    '+155501',
    '+1555010012345678',
    '+15550100123\r\n',
    '+15550100123\n+15550100124',
    '+15550100123,+15550100124',
    '+1 555 010 0123',
    'alice@example.com',
    '+１５５５０１００１２３',
  ],
};

/** A message with everything in it, to `to` or a good recipient of the channel. */
export function sampleMessage(channel: Channel, over: Partial<Message> = {}): Message {
  return {
    to: recipients[channel],
    usage: 'MfaVerification',
    text: 'Your code for Acme – “día” – is 481516.\nIt counts for 10 minutes.\n\n@acme.example #481516',
    code: '481516',
    locale: 'en',
    expiresInMinutes: 10,
    appName: 'Acme',
    ip: '203.0.113.9',
    ...(channel === 'email' ? { subject: 'Your code: 481516', html: '<p>Your code is <b>481516</b>. ¿Sí?</p>' } : {}),
    ...over,
  };
}

/** The MfaError that `sending` rejects with. */
export async function failure(sending: Promise<void>): Promise<MfaError> {
  try {
    await sending;
  } catch (error) {
    if (isMfaError(error)) return error;
    throw new Error('rejected with something that is no MfaError', { cause: error });
  }
  throw new Error('was sent, but should have failed');
}

/** Fails where `error`, its details, its causes or its stack repeat the code, the text, the address or a secret. */
export function expectDiscretion(error: MfaError, message: Message, secrets: readonly string[] = []): void {
  const everything = inspect(error, { depth: 12, showHidden: true, getters: true, maxStringLength: Infinity });
  for (const word of ['481516', message.to, message.to.replace('+', ''), ...secrets]) {
    if (word !== '') expect(everything).not.to.include(word);
  }
}

/** The whole contract, for a sender with a provider behind it. */
export function senderContract(name: string, make: MakeBench): void {
  deliveryContract(name, make);
  failureContract(name, make);
}

/** What also a sender without a provider must do: the one that prints, the one that only remembers. */
export function deliveryContract(name: string, make: (options: { timeoutMs: number }) => Promise<Deliveries>): void {
  describe(`${name} keeps the contract of a sender`, () => {
    let bench: Deliveries;
    beforeEach(async () => {
      bench = await make({ timeoutMs: 5000 });
    });
    afterEach(() => bench.close());

    it('says its channel and its name', () => {
      expect(bench.sender.channel).to.be.oneOf(['email', 'sms']);
      expect(bench.sender.name).to.match(/^[a-z][a-z-]*$/);
    });

    it('delivers the text, whole, to the one recipient', async () => {
      const message = sampleMessage(bench.sender.channel);
      await bench.sender.send(message);
      const arrived = await bench.delivered();
      expect(arrived.map(({ to, text }) => ({ to, text: text.trimEnd() }))).to.deep.equal([
        { to: message.to, text: message.text },
      ]);
    });

    it('delivers many at once, each to its own recipient', async () => {
      const { channel } = bench.sender;
      const to = Array.from({ length: 8 }, (_, i) =>
        channel === 'email' ? `user${i}@example.com` : `+1555010010${i}`,
      );
      await Promise.all(
        to.map((address) => bench.sender.send(sampleMessage(channel, { to: address, text: `for ${address}` }))),
      );
      const arrived = await bench.delivered();
      expect(arrived.map((one) => one.to).sort()).to.deep.equal(to);
      for (const one of arrived) expect(one.text.trimEnd()).to.equal(`for ${one.to}`);
    });

    it('sends nothing to what is not exactly one address of its channel', async () => {
      for (const to of badRecipients[bench.sender.channel]) {
        const message = sampleMessage(bench.sender.channel, { to });
        const error = await failure(bench.sender.send(message));
        expect(error.code, JSON.stringify(to)).to.equal('connector.send_failed');
        expect(error.details.definite).to.equal(true);
        expectDiscretion(error, message, bench.secrets);
      }
      expect(await bench.delivered()).to.deep.equal([]);
    });

    it('leaves the message it was given as it was', async () => {
      const message = Object.freeze(sampleMessage(bench.sender.channel));
      await bench.sender.send(message);
      expect(message).to.deep.equal(sampleMessage(bench.sender.channel));
    });
  });
}

function failureContract(name: string, make: MakeBench): void {
  describe(`${name} keeps the contract of a sender whose provider fails`, () => {
    const timeoutMs = 400;
    let bench: SenderBench;
    beforeEach(async () => {
      bench = await make({ timeoutMs });
    });
    afterEach(() => bench.close());

    it('rejects with connector.send_failed, definite, when the provider refuses', async () => {
      bench.provider('refuse');
      const message = sampleMessage(bench.sender.channel);
      const error = await failure(bench.sender.send(message));
      expect(error.code).to.equal('connector.send_failed');
      expect(error.details.definite).to.equal(true);
      expectDiscretion(error, message, bench.secrets);
      expect(await bench.delivered()).to.deep.equal([]);
    });

    it('rejects with connector.rate_limit_exceeded when the provider throttles', async () => {
      bench.provider('throttle');
      const message = sampleMessage(bench.sender.channel);
      const error = await failure(bench.sender.send(message));
      expect(error.code).to.equal('connector.rate_limit_exceeded');
      const { retryAfterSeconds = 1 } = error.details;
      expect(retryAfterSeconds).to.be.a('number').within(1, 86_400);
      expect(Number.isInteger(retryAfterSeconds)).to.equal(true);
      expectDiscretion(error, message, bench.secrets);
    });

    it('gives up in time, not knowing whether the message went out, when the provider does not answer', async () => {
      bench.provider('hang');
      const message = sampleMessage(bench.sender.channel);
      const begun = Date.now();
      const error = await failure(bench.sender.send(message));
      expect(Date.now() - begun).to.be.within(timeoutMs - 50, timeoutMs + 600);
      expect(error.code).to.equal('connector.send_failed');
      expect(error.details.definite).not.to.equal(true);
      expect(error.cause).to.be.instanceOf(Error);
      expectDiscretion(error, message, bench.secrets);
    });
  });
}
