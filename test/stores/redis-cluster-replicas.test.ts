// `waitReplicas` on Redis Cluster while slots move and a master dies, under load: nothing is accepted twice, nothing that
// was told is lost, and the store finds its way again by itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis-5';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import type { NodeRedisClient } from '../../src/stores/node-redis.js';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { redisStore } from '../../src/stores/redis-store.js';
import { eventually } from '../support/eventually.js';
import { connected, ended, nodeRedisCluster } from '../support/node-redis.js';
import { replicationOf } from '../support/redis-sentinel.js';
import { startLoad } from '../support/rival-saves.js';
import type { RedisServer } from '../support/redis.js';
import { startRedisCluster, type RedisCluster } from '../support/redis-cluster.js';

type Opened = { client: RedisClient | NodeRedisClient; end(): unknown };

function ioredis(client: Cluster | Cluster5): Promise<Opened> {
  (client as Cluster).on('error', () => undefined);
  return Promise.resolve({ client, end: () => client.disconnect() });
}

const clients: { [version: string]: (cluster: RedisCluster) => Promise<Opened> } = {
  'ioredis 6': ({ nodes }) => ioredis(new Cluster(nodes)),
  'ioredis 5': ({ nodes }) => ioredis(new Cluster5(nodes)),
  'node-redis 6': async ({ nodes }) => {
    const client = await connected(nodeRedisCluster(6, nodes));
    return { client, end: () => ended(client) };
  },
};

for (const [version, open] of Object.entries(clients)) {
  describe(`redisStore with waitReplicas on Redis Cluster, with ${version}`, function () {
    this.timeout(180_000);
    let cluster: RedisCluster;
    let opened: Opened;
    let store: MfaStore;

    before(async () => {
      cluster = await startRedisCluster({ replicas: true });
      opened = await open(cluster);
      store = redisStore(opened.client, {
        namespace: 'acme',
        waitReplicas: 1,
      });
    });
    after(async () => {
      await opened.end();
      await cluster.close();
    });

    it('keeps what it told, accepts nothing twice, and recovers by itself when slots move', async () => {
      const load = startLoad(store);
      await eventually(async () => expect(load.told()).to.be.above(50), 60);
      await reshard(
        cluster,
        ['user-0', 'user-1', 'user-2', 'user-3', 'user-4', 'user-5'].map((id) => `acme:{${id}}:record`),
      );
      await eventually(() => load.quiet(2000), 60);
      await load.stop();
      expect(load.twice()).to.deep.equal([]);
      for (const [id, epoch] of load.last()) expect(Number((await store.load(id)).record?.epoch)).to.be.least(epoch);
    });

    it('does the same when a master is killed and its replica takes over', async () => {
      const load = startLoad(store);
      await eventually(async () => expect(load.told()).to.be.above(50), 60);
      await cluster.servers[0]!.kill();
      await eventually(() => expectMaster(cluster.servers[3]!), 60);
      // The one that took over has no replica by now, so what it is told counts for nothing until one is there.
      await cluster.servers[0]!.start();
      await eventually(() => expectReplica(cluster.servers[3]!), 60);
      await eventually(() => load.quiet(2000), 60);
      await load.stop();
      expect(load.twice()).to.deep.equal([]);
      for (const [id, epoch] of load.last()) expect(Number((await store.load(id)).record?.epoch)).to.be.least(epoch);
    });
  });
}

async function expectMaster(server: RedisServer): Promise<void> {
  expect(await replicationOf(server)).to.contain('role:master');
}

async function expectReplica(server: RedisServer): Promise<void> {
  expect(await replicationOf(server)).to.match(/slave0:.*state=online/);
}

/** Moves the slots of these keys from whoever has them to the third master, as redis-cli does, one after the other. */
async function reshard(cluster: RedisCluster, keys: string[]): Promise<void> {
  const masters = cluster.nodes.map(({ host, port }) => new Redis(port, host));
  const ids = await Promise.all(masters.map((master) => master.cluster('MYID')));
  const [target, targetId, { host, port }] = [masters[2]!, ids[2]!, cluster.nodes[2]!];
  try {
    for (const key of keys) {
      const slot = await target.cluster('KEYSLOT', key);
      const owner = Math.min(2, Math.floor((slot * 3) / 16_384));
      if (owner === 2) continue;
      const source = masters[owner]!;
      await target.cluster('SETSLOT', slot, 'IMPORTING', ids[owner]!);
      await source.cluster('SETSLOT', slot, 'MIGRATING', targetId);
      // Keys that are there and keys that have gone: both are asked for while it lasts.
      const held = await source.cluster('GETKEYSINSLOT', slot, 100);
      if (held.length > 0) await source.migrate(host, port, '', 0, 5000, 'KEYS', ...held);
      await sleep(300);
      for (const master of [target, source, ...masters]) await master.cluster('SETSLOT', slot, 'NODE', targetId);
    }
  } finally {
    masters.forEach((master) => master.disconnect());
  }
}
