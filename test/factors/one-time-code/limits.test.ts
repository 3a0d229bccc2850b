// How often codes are sent: to an address, to a user, by a session, in two processes.
import { expect } from 'chai';
import { MfaError } from '../../../src/core/words/errors.js';
import type { Message } from '../../../src/core/kernel/ports.js';
import { networkOf } from '../../../src/factors/one-time-code/limits.js';
import { outboxSender } from '../../../src/senders/outbox-sender.js';
import { countingStore } from '../../support/counting-store.js';
import type { CountingStore } from '../../support/counting-store.js';
import { must, startCodes } from './fixture.js';
import { saidOf } from '../../support/core-person.js';
import { tally } from '../../support/tally.js';
import { kinds, otherAddresses } from '../../support/addresses.js';

const limited = 'connector.rate_limit_exceeded';

for (const kind of kinds) {
  describe(`sending codes by ${kind}`, () => {
    it('waits 30 s before the same session gets another one, and says how long', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      const session = codes.session();
      must(await session.send());
      codes.kernel.clock.now += 12;
      expect(await session.send()).to.deep.include({ reason: limited, details: { retryAfterSeconds: 18 } });
      codes.kernel.clock.now += 17;
      expect(saidOf(await session.send())).to.equal(limited);
      codes.kernel.clock.now += 1;
      must(await session.send());
      expect(codes.outbox.messages).to.have.length(2);
    });

    it('sends 5 in 10 minutes to an address, whoever asks, and none of what was refused counts', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      codes.kernel.clock.now += 600;
      const words: string[] = [];
      for (let index = 0; index < 8; index += 1) words.push(saidOf(await codes.session(`flow ${index}`).send()));
      expect(tally(words)).to.deep.equal({ accepted: 5, [limited]: 3 });
      const other = (index: number) => codes.session('other', { id: `bob ${index}` });
      const bound: string[] = [];
      for (let index = 0; index < 7; index += 1) bound.push(saidOf(await other(index).begin()));
      expect(tally(bound), 'binding has a budget of its own').to.deep.equal({ accepted: 5, [limited]: 2 });
      expect(saidOf(await other(6).begin(otherAddresses[kind]))).to.equal('accepted');
      codes.kernel.clock.now += 600;
      must(await codes.session('flow 0').send());
    });

    it('counts what a known browser asks for apart, and as strictly', async () => {
      const codes = startCodes(kind);
      const knownBrowser = await codes.bind();
      codes.kernel.clock.now += 600;
      const send = (flow: string, browser?: string) => {
        const session = codes.session(flow);
        if (browser !== undefined) session.asker.knownBrowser = browser;
        return session.send();
      };
      const words: { strange: string[]; forged: string[]; own: string[] } = { strange: [], forged: [], own: [] };
      const forged = `${knownBrowser.split('.')[0] ?? ''}.${'x'.repeat(43)}`;
      for (let index = 0; index < 6; index += 1) words.strange.push(saidOf(await send(`strange ${index}`)));
      for (let index = 0; index < 2; index += 1) words.forged.push(saidOf(await send(`forged ${index}`, forged)));
      for (let index = 0; index < 7; index += 1) words.own.push(saidOf(await send(`own ${index}`, knownBrowser)));
      expect(tally(words.strange)).to.deep.equal({ accepted: 5, [limited]: 1 });
      expect(tally(words.forged)).to.deep.equal({ [limited]: 2 });
      expect(tally(words.own)).to.deep.equal({ accepted: 5, [limited]: 2 });
    });

    it('lets exactly as many of 50 parallel requests in two processes through as the limit allows', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      codes.kernel.clock.now += 600;
      const elsewhere = startCodes(kind, {}, { beside: codes.kernel });
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 ? codes : elsewhere).session(`flow ${index}`).send()),
      );
      expect(tally(outcomes.map(saidOf))).to.deep.equal({ accepted: 5, [limited]: 45 });
      expect(codes.outbox.messages.length + elsewhere.outbox.messages.length).to.equal(5);
    });

    it('sends 20 an hour to a user, over all addresses and sessions', async () => {
      const codes = startCodes(kind, { maxPerNetworkPerHour: 1000 });
      await codes.bind();
      codes.kernel.clock.now += 3600;
      const words: string[] = [];
      for (let index = 0; index < 22; index += 1) {
        words.push(saidOf(await codes.session(`flow ${index}`).send()));
        codes.kernel.clock.now += 121;
      }
      expect(tally(words)).to.deep.equal({ accepted: 20, [limited]: 2 });
    });

    it('sends 30 a day to a user without success, and starts anew with a success', async () => {
      const codes = startCodes(kind);
      await codes.bind();
      codes.kernel.clock.now += 86_400;
      const session = codes.session();
      const words: string[] = [];
      for (let index = 0; index < 32; index += 1) {
        words.push(saidOf(await session.send()));
        codes.kernel.clock.now += 300;
      }
      expect(tally(words)).to.deep.equal({ accepted: 30, [limited]: 2 });
      codes.kernel.clock.now += 86_400 - 32 * 300;
      must(await session.send());
      must(await session.answer(codes.lastCode()));
      const later: string[] = [];
      for (let index = 0; index < 30; index += 1) {
        codes.kernel.clock.now += 300;
        later.push(saidOf(await session.send()));
      }
      expect(tally(later)).to.deep.equal({ accepted: 30 });
    });

    it('sends to 3 new addresses a day for a user, and again to those', async () => {
      const codes = startCodes(kind);
      const session = codes.session();
      const address = (index: number) => (kind === 'email' ? `new${index}@example.com` : `+4179123450${index}`);
      for (const index of [1, 2, 3]) expect(saidOf(await session.begin(address(index)))).to.equal('accepted');
      expect(saidOf(await session.begin(address(4)))).to.equal(limited);
      codes.kernel.clock.now += 30;
      expect(saidOf(await session.begin(address(3)))).to.equal('accepted');
      expect(saidOf(await session.begin(address(4)))).to.equal(limited);
      codes.kernel.clock.now += 86_400;
      expect(saidOf(await session.begin(address(4)))).to.equal('accepted');
    });

    it('sends 30 an hour for a network, over all users', async () => {
      const codes = startCodes(kind);
      const begin = (index: number, ip: string) =>
        codes
          .session('flow', { id: `user ${index}` }, ip)
          .begin(kind === 'email' ? `u${index}@example.com` : `+417912345${String(index).padStart(2, '0')}`);
      for (let index = 0; index < 30; index += 1) must(await begin(index, `198.51.100.${index}`));
      expect(saidOf(await begin(30, '::ffff:198.51.100.200'))).to.equal(limited);
      expect(saidOf(await begin(31, '198.51.101.1'))).to.equal('accepted');
    });

    it('sends as many an hour as the app allows over everything', async () => {
      const codes = startCodes(kind, { maxPerHour: 2 });
      const words: string[] = [];
      for (let index = 0; index < 3; index += 1) {
        const address = kind === 'email' ? `u${index}@example.com` : `+4179123450${index}`;
        words.push(saidOf(await codes.session('flow', { id: `user ${index}` }, `203.0.${index}.1`).begin(address)));
      }
      expect(words).to.deep.equal(['accepted', 'accepted', limited]);
    });

    it('counts nothing that the provider surely did not deliver, and everything else', async () => {
      let failure: Error | undefined;
      const outbox = outboxSender(kind);
      const send = async (message: Message) => (failure ? Promise.reject(failure) : outbox.send(message));
      const codes = startCodes(kind, { sender: { channel: kind, send } });
      const session = codes.session();
      const refuse = (definite: boolean) => new MfaError('connector.send_failed', 'no', { details: { definite } });
      failure = refuse(true);
      for (let index = 0; index < 40; index += 1) {
        expect(saidOf(await session.begin())).to.equal('connector.send_failed');
      }
      failure = refuse(false);
      expect(saidOf(await session.begin())).to.equal('connector.send_failed');
      failure = undefined;
      expect(saidOf(await session.begin()), 'perhaps it was delivered').to.equal(limited);
      codes.kernel.clock.now += 30;
      expect(must(await session.begin()).begun?.shown).to.include({ number: 2 });
      expect(saidOf(await session.confirm(outbox.messages.at(-1)?.code ?? ''))).to.equal('accepted');
    });

    it('passes on a throttled provider as a limit with its wait, and wraps an unknown error as a failed send', async () => {
      const throttled = new MfaError(limited, 'slow down', { details: { definite: true, retryAfterSeconds: 7 } });
      for (const [thrown, word] of [
        [throttled, limited],
        [new TypeError('boom'), 'connector.send_failed'],
      ] as const) {
        const codes = startCodes(kind, { sender: { channel: kind, send: async () => Promise.reject(thrown) } });
        const outcome = await codes.session().begin();
        expect(saidOf(outcome)).to.equal(word);
        if (thrown === throttled) expect(outcome).to.have.nested.property('details.retryAfterSeconds', 7);
      }
    });

    it('takes 3 trips to the store, and none of its keys shows address or network', async () => {
      let counted: CountingStore | undefined;
      const keys: string[] = [];
      const codes = startCodes(
        kind,
        {},
        {
          store: (memory) => {
            counted = countingStore({
              ...memory,
              increment: async (userId, key, ttlSeconds, by) => {
                keys.push(`${userId} ${key}`);
                return memory.increment(userId, key, ttlSeconds, by);
              },
            });
            return counted.store;
          },
        },
      );
      await codes.bind();
      counted?.reset();
      must(await codes.session().send());
      expect(counted?.trips).to.equal(3);
      expect(keys.length).to.be.above(5);
      for (const key of keys) expect(key).not.to.match(/alexandra|example|791234|192\.0/);
    });
  });
}

describe('the network of an address', () => {
  const networks: { [ip: string]: string | undefined } = {
    '192.0.2.7': '192.0.2.0/24',
    '::ffff:192.0.2.7': '192.0.2.0/24',
    '::ffff:c000:207': '192.0.2.0/24',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:0DB8:0001:0002::1': '2001:db8:1:2::/64',
    '2001:db8::1': '2001:db8:0:0::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
    '::1': '0:0:0:0::/64',
    '1::': '1:0:0:0::/64',
    '': undefined,
    'unknown, 10.0.0.1': undefined,
    '999.1.1.1': undefined,
  };
  for (const [ip, network] of Object.entries(networks)) {
    it(`of '${ip}' is ${network ?? 'none'}`, () => expect(networkOf(ip)).to.equal(network));
  }
});
