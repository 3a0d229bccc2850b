// Prints messages instead of sending them, for the first hour of development. createMfa knows it by its name and
// refuses it in production: whoever reads the log could sign in.
import { MfaError } from '../core/words/errors.js';
import type { Channel, Sender } from '../core/kernel/ports.js';
import { requireRecipient } from './address.js';
import { readOptions } from './sender-options.js';

/** Options of consoleSender. */
export type ConsoleOptions = {
  /** Where the lines go. Default `console.log`. */
  print?: (text: string) => void;
};

/**
 * Prints each message: channel, recipient, subject and text.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function consoleSender(channel: Channel, options: ConsoleOptions = {}): Sender {
  requireChannel('consoleSender', channel);
  const read = readOptions('consoleSender', options, ['print']);
  const print = options.print ?? ((text: string) => console.log(text));
  if (typeof print !== 'function') read.fail('print', 'a function that takes a text');
  return {
    name: 'console',
    channel,
    async send(message) {
      requireRecipient('console', channel, message.to);
      const subject = message.subject === undefined ? [] : [`subject: ${message.subject}`];
      print([`--- ${channel} to ${message.to} (${message.usage})`, ...subject, message.text, '---'].join('\n'));
    },
  };
}

/** @throws MfaError `config.invalid_option` where `channel` is none. */
export function requireChannel(factory: string, channel: unknown): void {
  if (channel === 'email' || channel === 'sms') return;
  throw new MfaError('config.invalid_option', `${factory} takes the channel first: 'email' or 'sms'.`);
}
