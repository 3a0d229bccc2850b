// A sender whose messages a test can read. Keeping them is the work of `outboxSender`.
import type { Channel } from '../core/kernel/ports.js';
import { outboxSender, type Outbox, type OutboxMessage, type OutboxOptions } from '../senders/outbox-sender.js';

/** A sender that keeps what it would have sent, and finds the code in it. */
export type TestOutbox = Outbox & {
  /** The newest message, to that address where one is given. */
  newest(to?: string): OutboxMessage | undefined;
  /**
   * The code of the newest message that carries one, to that address where one is given.
   * @throws Error where there is none
   */
  code(to?: string): string;
};

/**
 * `emailCode({ sender: outbox('email') })`
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function outbox(channel: Channel, options: OutboxOptions = {}): TestOutbox {
  const sender = outboxSender(channel, options);
  const to = (address?: string) => sender.messages.filter((one) => address === undefined || one.to === address);
  return Object.assign(sender, {
    newest: (address?: string) => to(address).at(-1),
    code(address?: string) {
      const code = to(address).findLast((one) => one.code !== undefined)?.code;
      if (code !== undefined) return code;
      const kept = sender.messages.map((one) => `${one.usage} to ${one.to}`).join(', ') || 'nothing';
      throw new Error(`The outbox holds no code${address === undefined ? '' : ` for ${address}`}, but ${kept}.`);
    },
  });
}
