// The contract of a StatsStore, on memory and on real Redis over ioredis 6 and 5; that it finds what is wrong; and options.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { memoryStatsStore, redisStatsStore, type StatsStore } from '../../src/admin.js';
import { statsStoreContract } from '../../src/testing.js';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { findsFlaws, keyPrefix, overEachClient, speaksForItself } from '../support/contracts.js';
import { freshNamespace, newRedis, redisUrl, removeNamespace } from '../support/redis.js';
import { patientStatsStore } from '../support/patience.js';

statsStoreContract('memoryStatsStore', () =>
  Promise.resolve({ store: memoryStatsStore(), close: () => Promise.resolve() }),
);

const clients: { [name: string]: () => RedisClient & { disconnect(): void } } = {
  'ioredis 6': () => new Redis(redisUrl()),
  'ioredis 5 with other replies, a prefix and auto-pipelines': () =>
    new Redis5(redisUrl(), { stringNumbers: true, enableAutoPipelining: true, keyPrefix }),
};
overEachClient(clients, 'redisStatsStore', statsStoreContract, (client, namespace) =>
  patientStatsStore(client, { namespace }),
);

describe('redisStatsStore', () => {
  it('leaves nothing of an earlier census behind', async () => {
    const redis = newRedis();
    const namespace = freshNamespace();
    const store = patientStatsStore(redis, { namespace });
    const count = async (startedAt: number) => {
      const held = await store.begin({ startedAt, resumeAfter: 0, ttlSeconds: 60 });
      const fence = held?.fence ?? 0;
      const part = (scope: string) => ({ scope, counts: { all: 1, locked: 1 }, lists: { all: ['a'], locked: ['a'] } });
      await store.add(fence, { step: 1, cursor: 'x', about: 1, parts: [part(''), part('red')] });
      await store.finish(fence, { endedAt: startedAt, keepFrom: '2020-01-01' });
      return (await redis.keys(`${namespace}:*`)).length;
    };
    const first = await count(1_790_000_000);
    expect(await count(1_790_000_100)).to.equal(first);
    await removeNamespace(redis, namespace);
    redis.disconnect();
  });

  speaksForItself('redisStatsStore', redisStatsStore, (store) => store.latest());
});

describe('statsStoreContract', () => {
  findsFlaws<StatsStore>(statsStoreContract, memoryStatsStore, [
    [
      'lets everybody begin',
      (store) => ({
        async begin(request) {
          const fence = (await store.begin(request))?.fence ?? 1;
          return { fence, startedAt: request.startedAt, step: 0, cursor: '' };
        },
      }),
      /lets one of many|goes on where one was left/,
    ],
    [
      'adds a step twice',
      (store) => {
        let steps = 0;
        return { add: (fence, step) => store.add(fence, { ...step, step: (steps += 1) }) };
      },
      /a step once/,
    ],
    ['forgets the past', (store) => ({ days: async () => (await store.days()).slice(-1) }), /last of each month/],
    [
      'shows what is not over',
      (store) => ({ list: (query) => store.list({ ...query, running: true }) }),
      /once it is over/,
    ],
  ]);
});
