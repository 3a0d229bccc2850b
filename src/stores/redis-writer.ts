// Writes records so that replicas have them before the caller hears of it. WAIT counts only the writes of its own
// connection and blocks it, so there is a connection of its own for them. What is written is not known here.
import { setTimeout as sleep } from 'node:timers/promises';
import { askWithin, storeUnavailable } from './redis-client.js';
import type { Ask, RedisClient } from './redis-client.js';
import type { Deadlines } from './redis-deadline.js';

export type RedisWriter = (
  doing: string,
  script: string,
  key: string,
  ...scriptArguments: string[]
) => Promise<unknown>;

type Replies = readonly [error: Error | null, reply: unknown][];

/** What a cluster says while slots move or a master is replaced, and what an ended connection to a master is. */
const passing =
  /^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN|READONLY|LOADING|MASTERDOWN)\b|Connection is closed|ECONN|ended|[Ss]ocket|client is (closed|offline)/;
const pauseMs = 50;

/**
 * Runs a script that answers 0 or less where it wrote nothing. With `waitReplicas`, that many replicas have confirmed
 * what it wrote by then. The script may run again after it ran: it must find its own write then, and say so.
 * @throws MfaError `store.unavailable`, also where too few confirmed: the write then stands on the master.
 */
export function redisWriter(
  client: RedisClient,
  { ask, deadlines, waitReplicas }: { ask: Ask; deadlines: Deadlines; waitReplicas: number },
): RedisWriter {
  let own: { client: RedisClient; ask: Ask } | undefined;

  function ownConnection(): { client: RedisClient; ask: Ask } {
    if (client.status === 'end') {
      own = undefined;
      return { client, ask };
    }
    if (own) return own;
    const duplicate = client.duplicate();
    // Each command reports its failure; without a listener ioredis prints every attempt to reconnect.
    duplicate.on('error', () => undefined);
    const close = () => {
      client.off('end', close);
      duplicate.disconnect();
      own = undefined;
    };
    client.on('end', close);
    own = { client: duplicate, ask: askWithin(duplicate, deadlines) };
    return own;
  }

  return async (doing, script, key, ...scriptArguments) => {
    if (waitReplicas === 0) {
      return ask(doing, () => client.eval(script, 1, key, ...scriptArguments));
    }
    const connection = ownConnection();
    const send = (node: RedisClient, name: string, before: unknown[][], ms: number) =>
      // A pipeline goes to one node over one connection, on a cluster too, where WAIT has no key to go by.
      node
        .pipeline([...before, ['eval', script, 1, name, ...scriptArguments], ['wait', waitReplicas, Math.ceil(ms / 2)]])
        .exec()
        .then((replies) => (replies ?? []).slice(before.length));
    const replies = await connection.ask(doing, (ms) => following(connection.client, key, send, ms));
    const [written, confirmed] = replies.map(([error, reply]) => {
      if (error) throw storeUnavailable(doing, error);
      return reply;
    });
    if (confirmed === undefined) throw storeUnavailable(doing, new Error('No reply.'));
    // The answer of a claim is a text in quotation marks, and no number.
    if (!(Number(written) <= 0) && Number(confirmed) < waitReplicas) {
      throw storeUnavailable(doing, new Error(`${Number(confirmed)} of ${waitReplicas} replicas confirmed.`));
    }
    return written;
  };
}

type Send = (node: RedisClient, key: string, before: unknown[][], ms: number) => Promise<Replies>;

/**
 * Sends to the node that has the key, however often that changes. ioredis follows a redirection of a single command;
 * of a pipeline only where each of its commands is redirected, and WAIT never is: without this, its map of the cluster
 * stays what it was before the first slot moved.
 */
async function following(client: RedisClient, key: string, send: Send, ms: number): Promise<Replies> {
  const endsAt = Date.now() + ms;
  let to: { node: RedisClient; key: string; before: unknown[][] } = {
    node: client,
    key,
    before: [],
  };
  for (;;) {
    const replies = await send(to.node, to.key, to.before, ms).catch((error: unknown): Replies => [
      [error as Error, null],
    ]);
    const error = replies.find(([failed]) => failed !== null)?.[0];
    if (!error || !client.nodes || !passing.test(error.message) || Date.now() + pauseMs >= endsAt) return replies;
    const [, how, address] = /^(MOVED|ASK) \d+ (\S+)/.exec(error.message) ?? [];
    const node = client.nodes('all').find(({ options }) => address === `${options?.host}:${options?.port}`);
    // Of this one ioredis learns its new map.
    if (how !== 'ASK') client.get(key).catch(() => undefined);
    if (node && node !== to.node) {
      // A node is no cluster, and puts no prefix before keys.
      const name = `${client.options?.keyPrefix ?? ''}${key}`;
      to = { node, key: name, before: how === 'ASK' ? [['asking']] : [] };
      continue;
    }
    to = { node: client, key, before: [] };
    await sleep(pauseMs);
  }
}
