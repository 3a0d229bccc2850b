// The senders for development: the outbox and the console.
import { expect } from 'chai';
import { consoleSender } from '../../src/senders/console-sender.js';
import { outboxSender } from '../../src/senders/outbox-sender.js';
import { deliveryContract } from '../../src/testing/sender-contract.js';
import { sampleMessage } from '../../src/testing/sender-samples.js';

for (const channel of ['email', 'sms'] as const) {
  deliveryContract(`outboxSender('${channel}')`, async () => {
    const sender = outboxSender(channel);
    return { sender, delivered: () => sender.messages, close: async () => undefined };
  });

  deliveryContract(`consoleSender('${channel}')`, async () => {
    const delivered: { to: string; text: string }[] = [];
    const print = (printed: string) => {
      const [, to = '', rest = ''] =
        /^--- \w+ to (\S+) \(MfaVerification\)\n(?:subject: .*\n)?([^]*)\n---$/.exec(printed) ?? [];
      delivered.push({ to, text: rest });
    };
    return { sender: consoleSender(channel, { print }), delivered: () => delivered, close: async () => undefined };
  });
}

describe('outboxSender', () => {
  it('keeps the last messages, newest last, with the time and the channel', async () => {
    const outbox = outboxSender('sms', { limit: 2 });
    for (const text of ['one', 'two', 'three']) await outbox.send(sampleMessage('sms', { text }));
    expect(outbox.messages.map(({ text }) => text)).to.deep.equal(['two', 'three']);
    expect(outbox.messages[0]).to.include({ channel: 'sms', code: '481516', to: '+15550100123' });
    expect(outbox.messages[0]?.sentAtMs).to.be.closeTo(Date.now(), 60_000);
  });

  it('forgets on clear, and what was read before stays as it was', async () => {
    const outbox = outboxSender('email');
    await outbox.send(sampleMessage('email'));
    const before = outbox.messages;
    outbox.clear();
    expect(outbox.messages).to.deep.equal([]);
    expect(before).to.have.lengthOf(1);
  });
});

describe('consoleSender', () => {
  it('is known to start-up checks by its name', () => {
    expect(consoleSender('email').name).to.equal('console');
  });

  it('prints channel, recipient, use, subject and text', async () => {
    const printed: string[] = [];
    const sender = consoleSender('email', { print: (text) => printed.push(text) });
    await sender.send(sampleMessage('email', { text: 'Code: 481516' }));
    expect(printed).to.deep.equal([
      '--- email to alice.o+mfa@example.com (MfaVerification)\nsubject: Your code: 481516\nCode: 481516\n---',
    ]);
  });
});
