// `waitReplicas` on Redis Cluster while slots move and a master dies, under load: nothing is accepted twice, nothing that
// was told is lost, and the store finds its way again by itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis-5';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { redisStore } from '../../src/stores/redis-store.js';
import { eventually } from '../support/eventually.js';
import type { RedisServer } from '../support/redis.js';
import { startRedisCluster, type RedisCluster } from '../support/redis-cluster.js';

const clients: {
  [version: string]: (cluster: RedisCluster) => Cluster | Cluster5;
} = {
  'ioredis 6': ({ nodes }) => new Cluster(nodes),
  'ioredis 5': ({ nodes }) => new Cluster5(nodes),
};
const people = Array.from({ length: 24 }, (_, index) => `user-${index}`);

for (const [version, open] of Object.entries(clients)) {
  describe(`redisStore with waitReplicas on Redis Cluster, with ${version}`, function () {
    this.timeout(180_000);
    let cluster: RedisCluster;
    let client: Cluster | Cluster5;
    let store: MfaStore;

    before(async () => {
      cluster = await startRedisCluster({ replicas: true });
      client = open(cluster);
      (client as Cluster).on('error', () => undefined);
      store = redisStore(client, {
        namespace: 'acme',
        waitReplicas: 1,
      });
    });
    after(async () => {
      client.disconnect();
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

async function replicationOf({ port }: RedisServer): Promise<string> {
  const node = new Redis(port, '127.0.0.1');
  try {
    return await node.info('replication');
  } finally {
    node.disconnect();
  }
}

async function expectMaster(server: RedisServer): Promise<void> {
  expect(await replicationOf(server)).to.contain('role:master');
}

async function expectReplica(server: RedisServer): Promise<void> {
  expect(await replicationOf(server)).to.match(/slave0:.*state=online/);
}

/** Two rivals for each person, who save one after the other on what they last loaded. */
function startLoad(store: MfaStore) {
  let running = true;
  let failedAt = 0;
  let saves = 0;
  const last = new Map<string, number>();
  const used = new Set<string>();
  const twice: string[] = [];

  async function saveOnce(id: string): Promise<void> {
    const { record, revision } = await store.load(id);
    const epoch = Number(record?.epoch ?? 0) + 1;
    if ((await store.save(id, emptyRecord(String(epoch)), revision)) === undefined) return;
    const use = `${id} on ${revision}`;
    if (used.has(use)) twice.push(use);
    used.add(use);
    saves += 1;
    last.set(id, Math.max(epoch, last.get(id) ?? 0));
  }

  const rivals = [...people, ...people].map(async (id) => {
    while (running) {
      await saveOnce(id).catch(() => (failedAt = Date.now()));
      await sleep(40);
    }
  });
  return {
    told: () => saves,
    twice: () => twice,
    last: () => last,
    /** Throws unless everything was answered for that long. */
    async quiet(forMs: number): Promise<void> {
      const since = Date.now();
      const before = saves;
      await sleep(forMs);
      expect(failedAt, 'a 503').to.be.below(since);
      expect(saves).to.be.above(before + people.length);
    },
    async stop(): Promise<void> {
      running = false;
      await Promise.all(rivals);
    },
  };
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
