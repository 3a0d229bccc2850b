// The Redis store on a real cluster of three masters: the contract, and where keys lie.
import { expect } from 'chai';
import type { Cluster } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis-5';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { redisStore } from '../../src/stores/redis-store.js';
import { caseStoreContract } from '../../src/testing/case-store-contract.js';
import { storeContract } from '../../src/testing/store-contract.js';
import { eventually } from '../support/eventually.js';
import { otherStoreContracts } from '../support/every-redis-store.js';
import { connected, ended, nodeRedisCluster, type TestClient } from '../support/node-redis.js';
import { newCluster, startRedisCluster, type RedisCluster } from '../support/redis-cluster.js';
import { freshNamespace, storeOn } from '../support/redis.js';
import { patientCaseStore, patientStore } from '../support/patience.js';

describe('redisStore on Redis Cluster', () => {
  let servers: RedisCluster;
  let cluster: Cluster;
  let cluster5: Cluster5;
  let nodeRedis: { [version: string]: TestClient };

  before(async function () {
    servers = await startRedisCluster();
    cluster = newCluster(servers);
    cluster5 = new Cluster5(servers.nodes);
    nodeRedis = {
      6: await connected(nodeRedisCluster(6, servers.nodes)),
      5: await connected(nodeRedisCluster(5, servers.nodes)),
    };
  });

  after(async () => {
    cluster.disconnect();
    cluster5.disconnect();
    await Promise.all(Object.values(nodeRedis).map(ended));
    await servers.close();
  });

  const none = async () => undefined;
  storeContract('redisStore with a Cluster of ioredis 6', async () => ({
    store: patientStore(cluster, { namespace: freshNamespace() }),
    close: none,
  }));
  storeContract('redisStore with a Cluster of ioredis 5', async () => ({
    store: patientStore(cluster5, { namespace: freshNamespace() }),
    close: none,
  }));

  for (const version of [6, 5]) {
    storeContract(`redisStore with a cluster of node-redis ${version}`, async () => ({
      store: patientStore(nodeRedis[version]!, { namespace: freshNamespace() }),
      close: none,
    }));
    otherStoreContracts(`a cluster of node-redis ${version}`, () => nodeRedis[version]!);
  }

  caseStoreContract('redisCaseStore with a Cluster of ioredis 6', () =>
    Promise.resolve({
      store: patientCaseStore(cluster, { namespace: freshNamespace() }),
      close: none,
    }),
  );

  it('keeps every key of a user in one slot, whatever the id', async () => {
    const namespace = freshNamespace();
    const store = patientStore(cluster, { namespace });
    for (const id of ['plain', '', '{}', '}{', 'a}b', '{x}y', 'with space', '🙂']) {
      const known = new Set(await allKeys(cluster, namespace));
      await store.save(id, emptyRecord(id), undefined);
      await store.put(id, 'webauthn/{flow}', 'x', 60);
      await store.increment(id, '}', 60);
      const keys = (await allKeys(cluster, namespace)).filter((key) => !known.has(key));
      expect(keys).to.have.lengthOf(3);
      const slots = await Promise.all(keys.map((key) => cluster.cluster('KEYSLOT', key)));
      expect(new Set(slots).size, keys.join()).to.equal(1);
    }
  });

  it('spreads users over all three masters and scans them all', async () => {
    const namespace = freshNamespace();
    const store = patientStore(cluster, { namespace });
    const ofNodeRedis = patientStore(nodeRedis[6]!, { namespace });
    const ids = Array.from({ length: 60 }, (_, index) => `user-${index}`);
    await Promise.all(ids.map((id) => store.save(id, emptyRecord(id), undefined)));
    for (const master of cluster.nodes('master')) {
      expect(await master.keys(`${namespace}:*`)).to.have.lengthOf.above(0);
    }
    for (const walked of [store, ofNodeRedis]) {
      const met = [];
      for await (const { userId } of walked.scan()) met.push(userId);
      expect(met.sort()).to.deep.equal(ids.sort());
    }
  });

  it('scans with a client that has not connected yet', async () => {
    const namespace = freshNamespace();
    await patientStore(cluster, { namespace }).save('u', emptyRecord('e'), undefined);
    const fresh = newCluster(servers);
    const met = [];
    for await (const { userId } of patientStore(fresh, { namespace }).scan()) met.push(userId);
    fresh.disconnect();
    expect(met).to.deep.equal(['u']);
  });

  it('checks every master before use', async () => {
    const warnings: string[] = [];
    const evicting = cluster.nodes('master')[2]!;
    await evicting.config('SET', 'maxmemory-policy', 'allkeys-lfu');
    const fresh = newCluster(servers);
    for (const client of [fresh, nodeRedis[6]!])
      await patientStore(client, { namespace: 'a', warn: (message) => warnings.push(message) }).ready?.();
    fresh.disconnect();
    await evicting.config('SET', 'maxmemory-policy', 'noeviction');
    expect(warnings.join('\n')).to.match(/allkeys-lfu[^]*on disk[^]*allkeys-lfu[^]*on disk/);
  });

  it('sends WAIT to the node that took the save', async () => {
    for (const client of [cluster, nodeRedis[6]!, nodeRedis[5]!]) {
      const store = redisStore(client, { namespace: freshNamespace(), waitReplicas: 1, timeoutMs: 2000 });
      // One for each master.
      for (const id of ['a', 'b', 'c']) {
        const error = (await store.save(id, emptyRecord(id), undefined).catch((reason: unknown) => reason)) as Error;
        expect(error).to.have.property('code', 'store.unavailable');
        expect(error.message).to.contain('0 of 1 replicas');
        expect((await store.load(id)).record?.epoch).to.equal(id);
      }
    }
  });

  it('refuses a cluster client that reads from replicas', () => {
    const replicas = new Cluster5(servers.nodes, { scaleReads: 'slave', lazyConnect: true });
    expect(() => redisStore(replicas, { namespace: 'a' })).to.throw(/scaleReads/);
  });

  for (const client of ['ioredis', 'node-redis'])
    it(`answers 503 at its deadline while a master is away, and recovers by itself, with ${client}`, async () => {
      const away = servers.servers[1]!;
      const store = storeOn(away, client === 'ioredis' ? cluster : nodeRedis[6]!, { namespace: freshNamespace() });
      const ids = Array.from({ length: 12 }, (_, index) => `user-${index}`);
      for (const id of ids) await store.save(id, emptyRecord(id), undefined);
      await away.pause();
      const answers = await Promise.all(ids.map((id) => store.load(id).catch((error: unknown) => error)));
      const failed = answers.filter((answer) => answer instanceof Error);
      expect(failed).to.have.lengthOf.within(1, ids.length - 1);
      failed.forEach((error) => {
        expect(error).to.include({ code: 'store.unavailable', status: 503 });
        expect(error.message).to.include('No answer within 1500 ms.');
      });
      away.resume();
      await eventually(async () => {
        for (const id of ids) expect((await store.load(id)).record?.epoch).to.equal(id);
      });
    });
});

async function allKeys(cluster: Cluster, namespace: string): Promise<string[]> {
  return (await Promise.all(cluster.nodes('master').map((node) => node.keys(`${namespace}:*`)))).flat();
}
