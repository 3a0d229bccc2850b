// Clients of node-redis 6 and 5 for tests, single, sentinel and cluster: connected, or still trying to.
import { createClient, createCluster, createSentinel } from 'redis';
import {
  createClient as createClient5,
  createCluster as createCluster5,
  createSentinel as createSentinel5,
} from 'redis-5';
import type { NodeRedisClient } from '../../src/stores/node-redis.js';
import { redisUrl } from './redis.js';

/** Whatever a test asks of a client of any kind. */
export type TestClient = NodeRedisClient & {
  connect(): Promise<unknown>;
  destroy(): unknown;
  readonly isReady: boolean;
  on(event: string, listener: () => void): unknown;
};

type Maker = (options: never) => unknown;
const makers: { [version in 5 | 6]: { createClient: Maker; createCluster: Maker; createSentinel: Maker } } = {
  6: { createClient, createCluster, createSentinel },
  5: { createClient: createClient5, createCluster: createCluster5, createSentinel: createSentinel5 },
};
export type NodeRedisVersion = keyof typeof makers;

type Options = {
  RESP?: 2 | 3;
  keyPrefix?: string;
  commandOptions?: { typeMapping: object };
  disableOfflineQueue?: boolean;
};

export const nodeRedis = (version: NodeRedisVersion, url = redisUrl(), options: Options = {}): TestClient =>
  quiet(makers[version].createClient({ url, ...options } as never));

export const nodeRedisCluster = (version: NodeRedisVersion, nodes: { host: string; port: number }[]): TestClient =>
  quiet(makers[version].createCluster({ rootNodes: nodes.map((socket) => ({ socket })) } as never));

export const nodeRedisSentinel = (
  version: NodeRedisVersion,
  name: string,
  sentinels: { host: string; port: number }[],
): TestClient => quiet(makers[version].createSentinel({ name, sentinelRootNodes: sentinels } as never));

export async function connected(client: TestClient): Promise<TestClient> {
  await client.connect();
  return client;
}

/** Ends it, whether or not it ever was connected. */
export async function ended(client: TestClient): Promise<void> {
  try {
    await client.destroy();
  } catch {
    // It is closed.
  }
}

/** Each command tells of its failure. */
function quiet(made: unknown): TestClient {
  const client = made as TestClient;
  client.on('error', () => undefined);
  return client;
}
