// Clients of node-redis (the package `redis`), 5 and 6, single, Sentinel and Cluster, behind the few methods that the stores
// use of ioredis. The one file that knows how node-redis is asked; not what is asked, nor what is kept.
import { setMaxListeners } from 'node:events';
import { MfaError } from '../core/words/errors.js';
import type { RedisClient } from './redis-client.js';

/** A client of node-redis 5 or 6 by `createClient`, `createSentinel` or `createCluster`: the part that tells it. */
export interface NodeRedisClient {
  sendCommand(...args: never[]): Promise<unknown>;
  withTypeMapping(...args: never[]): unknown;
  /** Begins a chain of commands. */
  readonly multi: (...args: never[]) => unknown;
  /** Whether it was connected, and not closed since. */
  readonly isOpen: boolean;
}

type Options = { typeMapping: object; abortSignal?: AbortSignal | undefined };

/** All three kinds, of which each wants something else before a command: nothing, `false`, or the key and `false`. */
type Client = {
  sendCommand(...args: unknown[]): Promise<unknown>;
  duplicate?(): Client;
  multi(): Chain;
  connect(): Promise<unknown>;
  destroy(): unknown;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
  isOpen: boolean;
  isReady?: boolean;
  getMasterNode?: unknown;
  nodeClient?(node: Node): Client | Promise<Client>;
  masters?: Node[];
  replicas?: Node[];
};
type Node = { host: string; port: number };
type Chain = { addCommand(...args: unknown[]): Chain; execAsPipeline(): Promise<unknown[]> };

const ofIoredis = ['eval', 'get', 'set', 'scan', 'config', 'pipeline', 'duplicate', 'on'] as const;

/**
 * What a store was given, as the stores ask it. `store` names it.
 * @throws MfaError `config.invalid_option` for what is neither of ioredis nor of node-redis
 */
export function readClient(
  store: string,
  client: RedisClient | NodeRedisClient,
  needed: readonly (keyof RedisClient)[] = ['eval'],
): RedisClient {
  const given = client as Partial<RedisClient & NodeRedisClient> | undefined;
  if (typeof given?.pipeline !== 'function' && typeof given?.withTypeMapping === 'function' && isWhole(given))
    return adapted(client as unknown as Client);
  const missing = needed.find((method) => typeof given?.[method] !== 'function');
  if (missing === undefined) return client as RedisClient;
  const words = `${store}: the client has no method \`${missing}\`. Give a Redis or Cluster of ioredis 5 or 6, or a client, sentinel or cluster of node-redis 5 or 6 (the package \`redis\`).`;
  throw new MfaError('config.invalid_option', words);
}

/** A pool of clients tells no events, and its connections are not one. */
const isWhole = (given: { on?: unknown; multi?: unknown }) =>
  typeof given.on === 'function' && typeof given.multi === 'function' && !('totalClients' in given);

/** For the store that walks keys and looks at servers. */
export const wholeClient = (store: string, client: RedisClient | NodeRedisClient) =>
  readClient(store, client, ofIoredis);

type InTurn = <T>(work: () => Promise<T>) => Promise<T>;
type Scope = {
  /** Of what is sent in this very tick: once it aborts, what still waits for a connection is taken out of the queue. */
  signal: AbortSignal | undefined;
  /** Which chains go together. */
  inTurn: InTurn;
};

const allAtOnce: InTurn = (work) => work();

function oneByOne(): InTurn {
  let before: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = before.then(work);
    before = mine.catch(() => undefined);
    return mine;
  };
}

function adapted(client: Client, inTurn = allAtOnce): RedisClient {
  return adapt(client, () => client, { signal: undefined, inTurn });
}

/** @param reach the client to ask; a promise where it must connect first */
function adapt(client: Client, reach: () => Client | Promise<Client>, scope: Scope, node?: Node): RedisClient {
  const before = (key: string | undefined): unknown[] =>
    client.nodeClient ? [key, false] : client.getMasterNode ? [false] : [];

  /** The client's own mapping of types would give buffers for texts; its `keyPrefix` is no part of a command as it is sent. */
  function send(command: unknown[]): Promise<unknown> {
    const options: Options = { typeMapping: {}, abortSignal: scope.signal };
    const args = command.map(String);
    const to = reach();
    const tell = (there: Client) => there.sendCommand(...before(keyOf(args)), args, options);
    return to instanceof Promise ? to.then(tell) : tell(to);
  }

  /** On one connection, each told apart. */
  function side(commands: unknown[][]): Promise<[Error | null, unknown][]> {
    const replies = commands.map((command) =>
      send(command).then(
        (reply): [null, unknown] => [null, reply],
        (error: unknown): [Error, null] => [error as Error, null],
      ),
    );
    return Promise.all(replies);
  }

  /** As a chain, which a lost connection ends as a whole: WAIT on a new one would confirm what nobody wrote there. */
  async function chained(commands: unknown[][]): Promise<[null, unknown][]> {
    const { signal, inTurn } = scope;
    const there = await reach();
    const replies = await inTurn(() => {
      signal?.throwIfAborted();
      const chain = commands.reduce<Chain>((all, command) => {
        const args = command.map(String);
        return all.addCommand(...before(keyOf(args)), args);
      }, there.multi());
      return chain.execAsPipeline();
    });
    return replies.map((reply) => [null, Buffer.isBuffer(reply) ? reply.toString() : reply]);
  }

  const nodeOf = (shard: Node): RedisClient =>
    adapt({ isOpen: true } as Client, () => client.nodeClient?.(shard) ?? client, scope, shard);

  return {
    eval: (script, count, ...rest) => send(['eval', script, count, ...rest]),
    get: (key) => send(['get', key]) as Promise<string | null>,
    set: (...command) => send(['set', ...command]),
    scan: (...command) => send(['scan', ...command]) as Promise<[string, string[]]>,
    config: (...command) => send(['config', ...command]),
    info: (section) => send(['info', section]) as Promise<string>,
    pipeline: (commands) => ({
      exec: () => (commands.at(-1)?.[0] === 'wait' ? chained(commands) : side(commands)),
    }),
    sending(signal, work) {
      // One signal for a page of commands, without a warning of a leak.
      setMaxListeners(0, signal);
      scope.signal = signal;
      try {
        return work();
      } finally {
        scope.signal = undefined;
      }
    },
    duplicate: () => connectedCopy(client),
    disconnect: () => close(client),
    on: (event, listener) => client.on(event, listener),
    off: (event, listener) => client.off(event, listener),
    ...(client.nodeClient && {
      nodes: (role: 'master' | 'all') =>
        [...(client.masters ?? []), ...(role === 'all' ? (client.replicas ?? []) : [])].map(nodeOf),
    }),
    get status() {
      if (!client.isOpen) return 'end';
      // A cluster or sentinel waits in itself, and only a single client tells by events when that ends.
      return client.nodeClient || client.getMasterNode || client.isReady !== false ? 'ready' : 'connecting';
    },
    ...(node && { options: { host: node.host, port: node.port } }),
  };
}

/** The key that a command is about, by which a cluster finds the node. */
function keyOf(args: string[]): string | undefined {
  return args[0] === 'eval' ? args[3] : args[1];
}

/** A connection more, which ends with that of the host: not every kind of client tells its end. */
function connectedCopy(origin: Client): RedisClient {
  const copy = origin.duplicate?.();
  // A sentinel of node-redis 5 has no other than its own, on which nobody reads while somebody waits for replicas.
  if (!copy) return Object.assign(adapted(origin, oneByOne()), { disconnect: () => undefined });
  // Each command reports its failure; without a listener the process would end.
  copy.on('error', () => undefined);
  let connecting: Promise<unknown> | undefined;
  const connect = () =>
    (connecting ??= copy
      .connect()
      .catch(() => undefined)
      .finally(() => (connecting = undefined)));
  void connect();
  const watch = setInterval(() => {
    if (origin.isOpen) return;
    clearInterval(watch);
    close(copy);
  }, 200).unref();
  const reach = async () => {
    if (connecting || (!copy.isOpen && origin.isOpen)) await connect();
    return copy;
  };
  return adapt(copy, reach, { signal: undefined, inTurn: allAtOnce });
}

/** A sentinel answers with a promise, a closed client throws. */
function close(client: Client): void {
  void Promise.resolve()
    .then(() => client.destroy())
    .catch(() => undefined);
}
