// The contract of an AuditStore, on memory and on real Redis over ioredis 6 and 5; and that it finds what is wrong.
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { memoryAuditStore, type AuditStore } from '../../../src/audit.js';
import { auditStoreContract } from '../../../src/testing.js';
import type { RedisClient } from '../../../src/stores/redis-client.js';
import { findsFlaws, overEachClient } from '../../support/contracts.js';
import { patientAuditStore } from '../../support/patience.js';
import { redisUrl } from '../../support/redis.js';

auditStoreContract('memoryAuditStore', () =>
  Promise.resolve({ store: memoryAuditStore(), close: () => Promise.resolve() }),
);

const clients: { [name: string]: () => RedisClient & { disconnect(): void } } = {
  'ioredis 6': () => new Redis(redisUrl()),
  'ioredis 5': () => new Redis5(redisUrl()),
  'ioredis 6 with other replies and auto-pipelines': () =>
    new Redis(redisUrl(), { replyMapping: 'resp3', stringNumbers: true, enableAutoPipelining: true }),
};
overEachClient(clients, 'redisAuditStore', auditStoreContract, (client, namespace) =>
  patientAuditStore(client, { namespace }),
);

describe('auditStoreContract', () => {
  findsFlaws<AuditStore>(auditStoreContract, memoryAuditStore, [
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
  ]);
});
