// Keeps messages in memory instead of sending them, for tests and for a page that shows them in development.
import type { Channel, Message, Sender } from '../core/kernel/ports.js';
import { requireRecipient } from './address.js';
import { requireChannel } from './console-sender.js';
import { readOptions } from './sender-options.js';

/** A message and when it was "sent", milliseconds since the Unix epoch. */
export type OutboxMessage = Message & { channel: Channel; sentAtMs: number };

/** Options of outboxSender. */
export type OutboxOptions = {
  /** How many messages are kept. Default 50. */
  limit?: number;
};

/** A sender that keeps what it would have sent. */
export type Outbox = Sender & {
  /** The newest last. */
  readonly messages: readonly OutboxMessage[];
  /** Forgets all messages. */
  clear(): void;
};

/**
 * A Sender that only remembers the last messages.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`.
 */
export function outboxSender(channel: Channel, options: OutboxOptions = {}): Outbox {
  requireChannel('outboxSender', channel);
  const read = readOptions('outboxSender', options, ['limit']);
  const { limit = 50 } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) read.fail('limit', 'a whole number from 1 to 10000');
  let kept: OutboxMessage[] = [];
  return {
    name: 'outbox',
    channel,
    get messages() {
      return [...kept];
    },
    clear() {
      kept = [];
    },
    async send(message) {
      requireRecipient('outbox', channel, message.to);
      kept = [...kept, { ...message, channel, sentAtMs: Date.now() }].slice(-limit);
    },
  };
}
