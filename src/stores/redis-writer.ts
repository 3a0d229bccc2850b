// Writes records so that replicas have them before the caller hears of it. WAIT counts only the writes of its own
// connection and blocks it, so there is a connection of its own for them. What is written is not known here.
import { askWithin, storeUnavailable } from './redis-client.js';
import type { Ask, RedisClient } from './redis-client.js';

export type RedisWriter = (
  doing: string,
  script: string,
  key: string,
  ...scriptArguments: string[]
) => Promise<unknown>;

/**
 * Runs a script that answers 0 or less where it wrote nothing. With `waitReplicas`, that many replicas have confirmed
 * what it wrote by then.
 * @throws MfaError `store.unavailable`, also where too few confirmed: the write then stands on the master.
 */
export function redisWriter(
  client: RedisClient,
  { ask, timeoutMs, waitReplicas }: { ask: Ask; timeoutMs: number; waitReplicas: number },
): RedisWriter {
  let own: { client: RedisClient; ask: Ask } | undefined;

  function ownConnection(): { client: RedisClient; ask: Ask } {
    if (own) return own;
    if (client.status === 'end') return { client, ask };
    const duplicate = client.duplicate();
    // Each command reports its failure; without a listener ioredis prints every attempt to reconnect.
    duplicate.on('error', () => undefined);
    const close = () => {
      client.off('end', close);
      duplicate.disconnect();
      own = undefined;
    };
    client.on('end', close);
    own = { client: duplicate, ask: askWithin(duplicate, timeoutMs) };
    return own;
  }

  return async (doing, script, key, ...scriptArguments) => {
    if (waitReplicas === 0) {
      return ask(doing, () => client.eval(script, 1, key, ...scriptArguments));
    }
    const connection = ownConnection();
    // A pipeline goes to one node over one connection, on a cluster too, where WAIT has no key to go by.
    const replies = await connection.ask(doing, () =>
      connection.client
        .pipeline([
          ['eval', script, 1, key, ...scriptArguments],
          ['wait', waitReplicas, Math.ceil(timeoutMs / 2)],
        ])
        .exec(),
    );
    const [written, confirmed] = (replies ?? []).map(([error, reply]) => {
      if (error) throw storeUnavailable(doing, error);
      return reply;
    });
    if (written === undefined || confirmed === undefined) throw storeUnavailable(doing, new Error('No reply.'));
    // The answer of a claim is a text in quotation marks, and no number.
    if (!(Number(written) <= 0) && Number(confirmed) < waitReplicas) {
      throw storeUnavailable(doing, new Error(`${Number(confirmed)} of ${waitReplicas} replicas confirmed.`));
    }
    return written;
  };
}
