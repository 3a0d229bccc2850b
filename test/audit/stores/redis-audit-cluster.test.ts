// The audit log on a real cluster of three masters: the contract over ioredis 6 and 5, and every key in one slot.
import { expect } from 'chai';
import type { Cluster } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis-5';
import { redisAuditStore } from '../../../src/audit/stores/redis-audit-store.js';
import { auditStoreContract } from '../../../src/testing/audit-store-contract.js';
import { newCluster, startRedisCluster, type RedisCluster } from '../../support/redis-cluster.js';
import { freshNamespace } from '../../support/redis.js';
import { openLog } from '../open-log.js';

const timeoutMs = 30_000;

describe('redisAuditStore on Redis Cluster', () => {
  let servers: RedisCluster;
  let cluster: Cluster;
  let cluster5: Cluster5;

  before(async () => {
    servers = await startRedisCluster();
    cluster = newCluster(servers);
    cluster5 = new Cluster5(servers.nodes);
  });

  after(async () => {
    cluster.disconnect();
    cluster5.disconnect();
    await servers.close();
  });

  const none = () => Promise.resolve();
  auditStoreContract('redisAuditStore with a Cluster of ioredis 6', () =>
    Promise.resolve({ store: redisAuditStore(cluster, { namespace: freshNamespace(), timeoutMs }), close: none }),
  );
  auditStoreContract('redisAuditStore with a Cluster of ioredis 5', () =>
    Promise.resolve({ store: redisAuditStore(cluster5, { namespace: freshNamespace(), timeoutMs }), close: none }),
  );

  it('keeps every key of a log in one slot, whatever the names of people and sinks', async () => {
    const namespace = freshNamespace();
    const store = redisAuditStore(cluster, { namespace, timeoutMs });
    const { log, tell } = openLog(store);
    for (const id of ['plain', '', '{}', '}{', 'a}b', '{x}y', '🙂']) {
      tell('reset', { userId: id, flow: `{${id}` });
      await store.lease(`{${id}}`, 'holder', 60_000);
      await store.putAside(`}${id}`, [{ id, time: '', why: '', text: '' }]);
    }
    await log.settled();
    const keys = (await Promise.all(cluster.nodes('master').map((node) => node.keys(`${namespace}:*`)))).flat();
    expect(keys.length).to.be.greaterThan(20);
    const slots = await Promise.all(keys.map((key) => cluster.cluster('KEYSLOT', key)));
    expect(new Set(slots).size, keys.join()).to.equal(1);
    expect((await log.verify()).sound).to.equal(true);
  });
}).timeout(60_000);
