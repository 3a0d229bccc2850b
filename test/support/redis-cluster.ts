// A real Redis Cluster of three masters for tests, with a replica each where wanted, on free ports of 127.0.0.1.
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, Redis } from 'ioredis';
import { startRedisServer, type RedisServer } from './redis.js';

export type RedisCluster = {
  /** The masters, then their replicas in the same order. */
  servers: RedisServer[];
  nodes: { host: string; port: number }[];
  close(): Promise<void>;
};

const slots = 16_384;

/** Starts three nodes, gives each a third of the slots, and waits until all of them see a whole cluster. */
export async function startRedisCluster({ replicas = false } = {}): Promise<RedisCluster> {
  const settings = [
    '--cluster-enabled',
    'yes',
    '--cluster-config-file',
    'nodes.conf',
    '--cluster-node-timeout',
    '3000',
    // A node that comes back is brought up to date at once, and stays the replica that it is.
    '--repl-diskless-sync-delay',
    '0',
    '--cluster-allow-replica-migration',
    'no',
  ];
  const servers = await Promise.all(Array.from({ length: replicas ? 6 : 3 }, () => startRedisServer(settings)));
  const all = servers.map(({ port }) => ({ host: '127.0.0.1', port }));
  const nodes = all.slice(0, 3);
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  const clients = all.map(({ host, port }) => new Redis(port, host));
  try {
    for (const [index, client] of clients.entries()) {
      const first = Math.floor((slots * index) / nodes.length);
      const last = Math.floor((slots * (index + 1)) / nodes.length) - 1;
      await client.cluster('SET-CONFIG-EPOCH', index + 1);
      await client.cluster('MEET', '127.0.0.1', servers[0]!.port);
      if (index >= nodes.length) continue;
      await client.cluster('ADDSLOTS', ...Array.from({ length: last - first + 1 }, (_, offset) => first + offset));
    }
    for (const client of clients) await whole(client, all.length);
    for (const [index, client] of clients.slice(nodes.length).entries()) {
      await client.cluster('REPLICATE', await clients[index]!.cluster('MYID'));
    }
    if (replicas) await replicated(clients.slice(0, nodes.length));
  } catch (error) {
    await close();
    throw error;
  } finally {
    clients.forEach((client) => client.disconnect());
  }
  return { servers, nodes, close };
}

async function whole(client: Redis, known: number): Promise<void> {
  for (let tries = 0; tries < 1200; tries += 1) {
    const info = await client.cluster('INFO');
    if (['cluster_state:ok', `cluster_known_nodes:${known}`, 'cluster_size:3'].every((line) => info.includes(line)))
      return;
    await sleep(50);
  }
  throw new Error('The Redis Cluster of the test did not come together within a minute.');
}

/** Waits until each of these masters has a replica that is up to date. */
async function replicated(masters: Redis[]): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const infos = await Promise.all(masters.map((master) => master.info('replication')));
    if (infos.every((info) => /slave0:.*state=online/.test(info))) return;
    await sleep(50);
  }
  throw new Error('The replicas of the test did not come online within 30 s.');
}

/** A client of `cluster`; the caller disconnects it. */
export function newCluster(cluster: RedisCluster): Cluster {
  return new Cluster(cluster.nodes);
}
