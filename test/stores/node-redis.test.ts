// Every store in Redis over node-redis 6 and 5, one server: the contracts, whatever replies the client is set to.
import { expect } from 'chai';
import { createCluster, createSentinel, RESP_TYPES } from 'redis';
import { createClient as createClient5 } from 'redis-5';
import { redisAuditStore } from '../../src/audit/stores/redis-audit-store.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { redisCaseStore } from '../../src/stores/redis-case-store.js';
import { redisStatsStore } from '../../src/stores/redis-stats-store.js';
import { redisStore } from '../../src/stores/redis-store.js';
import { auditStoreContract } from '../../src/testing/audit-store-contract.js';
import { caseStoreContract } from '../../src/testing/case-store-contract.js';
import { statsStoreContract } from '../../src/testing/stats-store-contract.js';
import { storeContract } from '../../src/testing/store-contract.js';
import { connected, ended, nodeRedis, type TestClient } from '../support/node-redis.js';
import { patientAuditStore, patientCaseStore, patientStatsStore, patientStore } from '../support/patience.js';
import { freshNamespace, newRedis, redisUrl, removeNamespace } from '../support/redis.js';

const buffers = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.NUMBER]: String } };
const clients: { [name: string]: () => TestClient } = {
  'node-redis 6': () => nodeRedis(6),
  'node-redis 6 with RESP2, buffers for texts, texts for numbers and a prefix': () =>
    nodeRedis(6, redisUrl(), { RESP: 2, commandOptions: buffers, keyPrefix: 'not-used:' }),
  'node-redis 5': () => nodeRedis(5),
};

async function open<S>(connect: () => TestClient, make: (client: TestClient, options: { namespace: string }) => S) {
  const client = await connected(connect());
  const namespace = freshNamespace();
  return {
    store: make(client, { namespace }),
    async close() {
      await ended(client);
      const sweeper = newRedis();
      await removeNamespace(sweeper, namespace);
      sweeper.disconnect();
    },
  };
}

for (const [name, connect] of Object.entries(clients)) {
  storeContract(`redisStore with ${name}`, () => open(connect, patientStore));
  describe(name, () => {
    caseStoreContract('redisCaseStore', () => open(connect, patientCaseStore));
    statsStoreContract('redisStatsStore', () => open(connect, patientStatsStore));
    auditStoreContract('redisAuditStore', () => open(connect, patientAuditStore));
  }).timeout(60_000);
}

describe('a store in Redis', () => {
  it('takes what either package makes, by its types', () => {
    const options = { namespace: 'a' };
    redisStore(createCluster({ rootNodes: [] }), options);
    redisStore(createSentinel({ name: 'acme', sentinelRootNodes: [{ host: 'a', port: 1 }] }), options);
    redisStore(createClient5(), options);
  });

  it('names both packages where it is given neither', () => {
    for (const [name, make] of Object.entries({ redisStore, redisCaseStore, redisStatsStore, redisAuditStore }))
      for (const client of [undefined, {}, { isOpen: true, sendCommand() {} }])
        expect(() => make(client as never, { namespace: 'a' })).to.throw(
          new RegExp(`^${name}: the client has no method .* ioredis 5 or 6, or .* node-redis 5 or 6`),
        );
  });

  it('says that a client of node-redis was not connected, and works once it is', async () => {
    const client = nodeRedis(6);
    const store = redisStore(client, { namespace: freshNamespace() });
    const error = await store.load('u').catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'store.unavailable' });
    expect((error as Error).message).to.include('The client is closed');
    await client.connect();
    expect(await store.load('u')).to.deep.equal({});
    await ended(client);
  });

  it('saves and reads many at once over node-redis, and looks at its server', async () => {
    const { store, close } = await open(
      () => nodeRedis(6),
      (client, options) => patientStore(client, { ...options, warn: () => undefined }),
    );
    await store.ready!();
    const { findings, serverTimeMs } = await store.examine!();
    expect(findings.filter(({ level }) => level === 'fail')).to.deep.equal([]);
    expect(serverTimeMs).to.be.a('number');
    const ids = Array.from({ length: 700 }, (_, index) => `user-${index}`);
    const saves = ids.map((userId) => ({ userId, record: emptyRecord(userId), expected: undefined }));
    expect((await store.saveAll!(saves)).every((revision) => typeof revision === 'string')).to.equal(true);
    const met: string[] = [];
    for await (const { userId } of store.scan()) met.push(userId);
    expect(met.sort()).to.deep.equal(ids.sort());
    await close();
  });
});
