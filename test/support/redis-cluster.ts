// A real Redis Cluster of three masters for tests, on free ports of 127.0.0.1.
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, Redis } from 'ioredis';
import { startRedisServer, type RedisServer } from './redis.js';

export type RedisCluster = {
  servers: RedisServer[];
  nodes: { host: string; port: number }[];
  close(): Promise<void>;
};

const slots = 16_384;

/** Starts three nodes, gives each a third of the slots, and waits until all of them see a whole cluster. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const settings = [
    '--cluster-enabled',
    'yes',
    '--cluster-config-file',
    'nodes.conf',
    '--cluster-node-timeout',
    '3000',
  ];
  const servers = await Promise.all([0, 1, 2].map(() => startRedisServer(settings)));
  const nodes = servers.map(({ port }) => ({ host: '127.0.0.1', port }));
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  const clients = nodes.map(({ host, port }) => new Redis(port, host));
  try {
    for (const [index, client] of clients.entries()) {
      const first = Math.floor((slots * index) / nodes.length);
      const last = Math.floor((slots * (index + 1)) / nodes.length) - 1;
      await client.cluster('SET-CONFIG-EPOCH', index + 1);
      await client.cluster('ADDSLOTS', ...Array.from({ length: last - first + 1 }, (_, offset) => first + offset));
      await client.cluster('MEET', '127.0.0.1', servers[0]!.port);
    }
    for (const client of clients) {
      await whole(client);
    }
  } catch (error) {
    await close();
    throw error;
  } finally {
    clients.forEach((client) => client.disconnect());
  }
  return { servers, nodes, close };
}

async function whole(client: Redis): Promise<void> {
  for (let tries = 0; tries < 1200; tries += 1) {
    const info = await client.cluster('INFO');
    if (['cluster_state:ok', 'cluster_known_nodes:3', 'cluster_size:3'].every((line) => info.includes(line))) return;
    await sleep(50);
  }
  throw new Error('The Redis Cluster of the test did not come together within a minute.');
}

/** A client of `cluster`; the caller disconnects it. */
export function newCluster(cluster: RedisCluster): Cluster {
  return new Cluster(cluster.nodes);
}
