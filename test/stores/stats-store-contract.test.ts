// The contract of a StatsStore, on memory and on real Redis over ioredis 6 and 5; that it finds what is wrong; and options.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { memoryStatsStore, redisStatsStore, type StatsStore } from 'express-mfa/admin';
import { statsStoreContract, type TestRunner } from 'express-mfa/testing';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { freshNamespace, newRedis, redisUrl, removeNamespace } from '../support/redis.js';
import { patientStatsStore } from '../support/patience.js';

statsStoreContract('memoryStatsStore', () =>
  Promise.resolve({ store: memoryStatsStore(), close: () => Promise.resolve() }),
);

const clients: { [name: string]: () => RedisClient & { disconnect(): void } } = {
  'ioredis 6': () => new Redis(redisUrl()),
  'ioredis 5 with other replies, a prefix and auto-pipelines': () =>
    new Redis5(redisUrl(), { stringNumbers: true, enableAutoPipelining: true, keyPrefix: 'test-prefix:' }),
};
for (const [name, connect] of Object.entries(clients)) {
  describe(name, () => {
    statsStoreContract('redisStatsStore', () => {
      const client = connect();
      const namespace = freshNamespace();
      return Promise.resolve({
        store: patientStatsStore(client, { namespace }),
        async close() {
          client.disconnect();
          const redis = newRedis();
          await removeNamespace(redis, namespace);
          await removeNamespace(redis, `test-prefix:${namespace}`);
          redis.disconnect();
        },
      });
    });
  }).timeout(60_000);
}

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

  it('says that Redis is down, and refuses options in its own name', async () => {
    const down = new Redis(1, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
    down.on('error', () => undefined);
    const failed: unknown = await redisStatsStore(down, { namespace: 'acme', timeoutMs: 100 })
      .latest()
      .catch((error: unknown) => error);
    expect(failed).to.have.property('code', 'store.unavailable');
    const refused: [object | undefined, string][] = [
      [undefined, 'config.namespace_missing'],
      [{ namespace: 'a{b' }, 'config.invalid_option'],
      [{ namespace: 'acme', timeoutMs: 0 }, 'config.invalid_option'],
      [{ namespace: 'acme', timeoutMS: 5 }, 'config.unknown_option'],
    ];
    for (const [options, code] of refused) {
      expect(() => redisStatsStore(down, options as { namespace: string }))
        .to.throw(/^redisStatsStore: /)
        .with.property('code', code);
    }
    down.disconnect();
    expect(() => redisStatsStore({} as RedisClient, { namespace: 'acme' })).to.throw('no method `eval`');
  });
});

describe('statsStoreContract', () => {
  const flaws: [string, (store: StatsStore) => Partial<StatsStore>, RegExp][] = [
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
  ];
  for (const [flaw, withFlaw, sentences] of flaws) {
    it(`finds a store that ${flaw}`, async () => {
      const tests: [string, () => Promise<void>][] = [];
      const runner: TestRunner = { describe: (_name, body) => body(), it: (name, body) => tests.push([name, body]) };
      const open = () => {
        const store = memoryStatsStore();
        return Promise.resolve({ store: { ...store, ...withFlaw(store) }, close: () => Promise.resolve() });
      };
      statsStoreContract('a store', open, runner);
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
