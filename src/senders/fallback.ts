// Fail-over: the next sender takes over when one fails. Knows no provider.
import { MfaError, isMfaError } from '../core/words/errors.js';
import type { Sender } from '../core/kernel/ports.js';
import { sendFailed, throttled } from './failure.js';

/** Senders that production refuses, alone or as the second choice. */
const development = ['console', 'outbox'];

/**
 * A Sender that tries `senders` in order until one succeeds. It goes on after every failure, a time-out included: the
 * first message may then arrive as well, but the same code twice harms nobody, and none at all locks somebody out.
 *
 * When all fail it rejects with `connector.rate_limit_exceeded` if every one throttled, with the shortest wait;
 * otherwise with `connector.send_failed`, the last failure that was not a throttle as cause. `definite` only if each
 * was. In the worst case it takes the time-outs of all senders together.
 * @throws MfaError `config.invalid_option` for an empty list or different channels.
 */
export function fallback(senders: readonly Sender[]): Sender {
  const [first] = Array.isArray(senders) ? (senders as readonly (Sender | undefined)[]) : [];
  if (first === undefined) throw new MfaError('config.invalid_option', 'fallback takes a list of at least one sender.');
  const { channel } = first;
  const other = senders.find((sender) => sender.channel !== channel);
  if (other !== undefined) {
    const told = `fallback: all senders must have one channel; received ${channel} and ${other.channel}.`;
    throw new MfaError('config.invalid_option', `${told} Make one for each.`);
  }
  const order = [...senders];

  return {
    // Start-up checks go by the name.
    name: order.find((sender) => development.includes(sender.name ?? ''))?.name ?? 'fallback',
    channel,
    async send(message) {
      const failures: MfaError[] = [];
      for (const sender of order) {
        try {
          await sender.send(message);
          return;
        } catch (error) {
          failures.push(isMfaError(error) ? error : sendFailed(sender.name ?? 'sender', 'failed.', false, error));
        }
      }
      throw allFailed(failures);
    },
  };
}

function allFailed(failures: readonly MfaError[]): MfaError {
  const told = failures.map((failure) => failure.message).join(' ');
  const others = failures.filter((failure) => failure.code !== 'connector.rate_limit_exceeded');
  if (others.length > 0) {
    const definite = failures.every((failure) => failure.details.definite === true);
    return sendFailed('fallback', told, definite, others[others.length - 1]);
  }
  const waits = failures.map((failure) => failure.details.retryAfterSeconds).filter((wait) => typeof wait === 'number');
  return throttled('fallback', told, waits.length > 0 ? Math.min(...waits) : undefined, failures[failures.length - 1]);
}
