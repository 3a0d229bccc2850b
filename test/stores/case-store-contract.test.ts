// The contract of a CaseStore, on memory and on real Redis over ioredis 6 and 5; that it finds what is wrong; and that
// processes beside one another have one winner.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { memoryCaseStore, redisCaseStore, type CaseStore } from 'express-mfa/admin';
import { caseStoreContract, type TestRunner } from 'express-mfa/testing';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { program } from '../support/programs.js';
import { freshNamespace, newRedis, redisUrl, removeNamespace } from '../support/redis.js';

const timeoutMs = 30_000;

caseStoreContract('memoryCaseStore', () =>
  Promise.resolve({ store: memoryCaseStore(), close: () => Promise.resolve() }),
);

const clients: { [name: string]: () => RedisClient & { disconnect(): void } } = {
  'ioredis 6': () => new Redis(redisUrl()),
  'ioredis 5': () => new Redis5(redisUrl()),
  'ioredis 6 with other replies, a prefix and auto-pipelines': () =>
    new Redis(redisUrl(), {
      replyMapping: 'resp3',
      stringNumbers: true,
      enableAutoPipelining: true,
      keyPrefix: 'test-prefix:',
    }),
};
for (const [name, connect] of Object.entries(clients)) {
  describe(name, () => {
    caseStoreContract('redisCaseStore', () => {
      const client = connect();
      const namespace = freshNamespace();
      return Promise.resolve({
        store: redisCaseStore(client, { namespace, timeoutMs }),
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

describe('redisCaseStore', () => {
  it('in four processes gives each case to one of them, and counts everybody who acted once', async () => {
    const redis = newRedis();
    const namespace = freshNamespace();
    const store = redisCaseStore(redis, { namespace, timeoutMs });
    const script = program(fileURLToPath(new URL('case-rival.ts', import.meta.url)));
    const rivals = ['a', 'b', 'c', 'd'].map((me) => fork(script, [namespace, me], { execArgv: [] }));
    await Promise.all(rivals.map((rival) => once(rival, 'message')));
    for (const order of ['open', 'take']) {
      const reports = rivals.map((rival) => once(rival, 'message'));
      rivals.forEach((rival) => rival.send(order));
      const won = (await Promise.all(reports)).map(([report]) => report as number);
      expect(
        won.reduce((sum, each) => sum + each, 0),
        `${order}: ${won.join()}`,
      ).to.equal(100);
    }
    expect(await store.list()).to.deep.equal([]);
    expect(await store.acted('a')).to.equal(104);
    rivals.forEach((rival) => rival.disconnect());
    await removeNamespace(redis, namespace);
    redis.disconnect();
  }).timeout(60_000);

  it('says that Redis is down, and refuses options in its own name', async () => {
    const down = new Redis(1, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
    down.on('error', () => undefined);
    const failed: unknown = await redisCaseStore(down, { namespace: 'acme', timeoutMs: 100 })
      .list()
      .catch((error: unknown) => error);
    expect(failed).to.have.property('code', 'store.unavailable');
    const refused: [object | undefined, string][] = [
      [undefined, 'config.namespace_missing'],
      [{ namespace: 'a{b' }, 'config.invalid_option'],
      [{ namespace: 'acme', timeoutMs: 0 }, 'config.invalid_option'],
      [{ namespace: 'acme', timeoutMS: 5 }, 'config.unknown_option'],
    ];
    for (const [options, code] of refused) {
      expect(() => redisCaseStore(down, options as { namespace: string }))
        .to.throw(/^redisCaseStore: /)
        .with.property('code', code);
    }
    down.disconnect();
    expect(() => redisCaseStore({} as RedisClient, { namespace: 'acme' })).to.throw('no method `eval`');
  });
});

describe('caseStoreContract', () => {
  const flaws: [string, (store: CaseStore) => Partial<CaseStore>, RegExp][] = [
    [
      'hands a case out twice',
      (store) => ({ take: async (id) => (await store.list()).find((one) => one.id === id) }),
      /until somebody takes|among many who take/,
    ],
    [
      'lets the last win',
      (store) => ({
        async open(one) {
          await store.take(one.id);
          return store.open(one);
        },
      }),
      /stands under an id/,
    ],
    [
      'forgets what lapsed',
      (store) => ({ list: async () => (await store.list()).filter(({ expiresAt }) => expiresAt > 9) }),
      /time is over/,
    ],
    [
      'merges ids',
      (store) => ({
        open: (one) => store.open({ ...one, id: one.id.toLowerCase() }),
        acted: (id) => store.acted(id.trim()),
      }),
      /every id from/,
    ],
    ['counts acts', (store) => ({ acted: (id) => store.acted(`${id}-${Math.random()}`) }), /who acted once/],
  ];
  for (const [flaw, withFlaw, sentences] of flaws) {
    it(`finds a store that ${flaw}`, async () => {
      const tests: [string, () => Promise<void>][] = [];
      const runner: TestRunner = { describe: (_name, body) => body(), it: (name, body) => tests.push([name, body]) };
      const open = () => {
        const store = memoryCaseStore();
        return Promise.resolve({ store: { ...store, ...withFlaw(store) }, close: () => Promise.resolve() });
      };
      caseStoreContract('a store', open, runner);
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
