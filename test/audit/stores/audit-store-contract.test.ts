// The contract of an AuditStore, on memory and on real Redis over ioredis 6 and 5; and that it finds what is wrong.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { memoryAuditStore, redisAuditStore, type AuditStore } from 'express-mfa/audit';
import { auditStoreContract, type TestRunner } from 'express-mfa/testing';
import type { RedisClient } from '../../../src/stores/redis-client.js';
import { freshNamespace, newRedis, redisUrl, removeNamespace } from '../../support/redis.js';

const timeoutMs = 30_000;

auditStoreContract('memoryAuditStore', () =>
  Promise.resolve({ store: memoryAuditStore(), close: () => Promise.resolve() }),
);

const clients: { [name: string]: () => RedisClient & { disconnect(): void } } = {
  'ioredis 6': () => new Redis(redisUrl()),
  'ioredis 5': () => new Redis5(redisUrl()),
  'ioredis 6 with other replies and auto-pipelines': () =>
    new Redis(redisUrl(), { replyMapping: 'resp3', stringNumbers: true, enableAutoPipelining: true }),
};
for (const [name, connect] of Object.entries(clients)) {
  describe(name, () => {
    auditStoreContract('redisAuditStore', () => {
      const client = connect();
      const namespace = freshNamespace();
      return Promise.resolve({
        store: redisAuditStore(client, { namespace, timeoutMs }),
        async close() {
          client.disconnect();
          const redis = newRedis();
          await removeNamespace(redis, namespace);
          redis.disconnect();
        },
      });
    });
  }).timeout(60_000);
}

describe('auditStoreContract', () => {
  const flaws: [string, (store: AuditStore) => Partial<AuditStore>, RegExp][] = [
    [
      'appends whatever it is sent',
      (store) => ({
        async append(batch) {
          const answer = await store.append(batch);
          return answer.is === 'gap' ? { is: 'stored', bytes: 0, last: 0 } : answer;
        },
      }),
      /answers a gap|fork/,
    ],
    ['rewrites what stands otherwise', () => ({ rewrite: () => Promise.resolve(true) }), /rewrites an entry only/],
    [
      'leases to everybody',
      () => ({ lease: () => Promise.resolve({ fence: 1, position: { place: 0, line: 0 } }) }),
      /one of 20 rivals, from|renews the lease/,
    ],
    ['moves every place', () => ({ advance: () => Promise.resolve(true) }), /compare-and-set|taken over since/],
    ['knows no person', (store) => ({ page: ({ subject: _, ...query }) => store.page(query) }), /of a person/],
    ['offers all to be dropped', (store) => ({ oldest: () => store.oldest() }), /never offers to drop/],
  ];
  for (const [flaw, withFlaw, sentences] of flaws) {
    it(`finds a store that ${flaw}`, async () => {
      const tests: [string, () => Promise<void>][] = [];
      const runner: TestRunner = { describe: (_name, body) => body(), it: (name, body) => tests.push([name, body]) };
      const open = () => {
        const store = memoryAuditStore();
        return Promise.resolve({ store: { ...store, ...withFlaw(store) }, close: () => Promise.resolve() });
      };
      auditStoreContract('a store', open, runner);
      const chosen = tests.filter(([name]) => sentences.test(name));
      expect(chosen).to.have.length(sentences.source.split('|').length);
      for (const [name, body] of chosen) {
        const held = await body().then(
          () => true,
          () => false,
        );
        expect(held, name).to.equal(false);
      }
    });
  }
});
