// The contract of a CaseStore, on memory and on real Redis over ioredis 6 and 5; that it finds what is wrong; and that
// processes beside one another have one winner.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { memoryCaseStore, redisCaseStore, type CaseStore } from '../../src/admin.js';
import { caseStoreContract } from '../../src/testing.js';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { findsFlaws, keyPrefix, overEachClient, speaksForItself } from '../support/contracts.js';
import { patientCaseStore } from '../support/patience.js';
import { program } from '../support/programs.js';
import { freshNamespace, newRedis, redisUrl, removeNamespace } from '../support/redis.js';

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
      keyPrefix,
    }),
};
overEachClient(clients, 'redisCaseStore', caseStoreContract, (client, namespace) =>
  patientCaseStore(client, { namespace }),
);

describe('redisCaseStore', () => {
  it('in four processes gives each case to one of them, and counts everybody who acted once', async () => {
    const redis = newRedis();
    const namespace = freshNamespace();
    const store = patientCaseStore(redis, { namespace });
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

  speaksForItself('redisCaseStore', redisCaseStore, (store) => store.list());
});

describe('caseStoreContract', () => {
  findsFlaws<CaseStore>(caseStoreContract, memoryCaseStore, [
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
  ]);
});
