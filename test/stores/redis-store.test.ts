// The Redis store on one server, over ioredis 6 and 5: the contract, and what stands in Redis.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { redisStore } from '../../src/stores/redis-store.js';
import type { RedisStoreOptions } from '../../src/stores/redis-options.js';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { storeContract } from '../../src/testing/store-contract.js';
import { patientStore } from '../support/patience.js';
import { freshNamespace, newRedis, openRedisStore, redisUrl, removeNamespace } from '../support/redis.js';

const clients: { [name: string]: () => RedisClient } = {
  'ioredis 6': () => new Redis(redisUrl()),
  'ioredis 5': () => new Redis5(redisUrl()),
  'ioredis 6, lazy, with other replies, a prefix and auto-pipelines': () =>
    new Redis(redisUrl(), {
      lazyConnect: true,
      replyMapping: 'resp3',
      stringNumbers: true,
      keyPrefix: 'host[1]*:',
      enableAutoPipelining: true,
    }),
};

for (const [name, connect] of Object.entries(clients)) {
  storeContract(`redisStore with ${name}`, async () => {
    const client = connect();
    const namespace = freshNamespace();
    return {
      store: patientStore(client, { namespace }),
      async close() {
        client.disconnect();
        const sweeper = newRedis();
        await removeNamespace(sweeper, `${client.options?.keyPrefix?.replace(/[[*]/g, '\\$&') ?? ''}${namespace}`);
        sweeper.disconnect();
      },
    };
  });
}

describe('redisStore', () => {
  let opened: Awaited<ReturnType<typeof openRedisStore>>;
  let store: MfaStore;
  let redis: Redis;
  let key: string;

  beforeEach(async () => {
    opened = await openRedisStore();
    ({ store, redis } = opened);
    key = `${opened.namespace}:{u}:record`;
  });

  afterEach(() => opened.close());

  it('keeps a record as one short string without a TTL', async () => {
    const revision = await store.save('u', emptyRecord('e'), undefined);
    expect(await redis.get(key)).to.equal(`${revision}\n{"v":2,"e":"e","a":[],"p":false}`);
    expect(await redis.ttl(key)).to.equal(-1);
    await store.remove('u');
    expect(await redis.ttl(key)).to.equal(-1);
  });

  it('reads a record that is written out, and writes it short', async () => {
    const old = { ...emptyRecord('e'), later: { e: 1 } };
    const revision = 'a'.repeat(32);
    await redis.set(key, `${revision}\n${JSON.stringify(old)}`);
    const loaded = await store.load('u');
    expect(loaded).to.deep.equal({ revision, record: old });
    const next = await store.save('u', loaded.record!, revision);
    expect(await redis.get(key)).to.equal(`${next}\n{"v":2,"e":"e","a":[],"p":false,"later":{"~e":1}}`);
    expect((await store.load('u')).record).to.deep.equal(old);
  });

  it('counts records without reading them, removed ones too, and nothing else', async () => {
    await store.save('u', emptyRecord('e'), undefined);
    await redis.set(`${opened.namespace}:{spoilt}:record`, 'no record');
    await store.remove('gone');
    await store.put('u', 'flow', 'x', 60);
    expect(await store.count?.()).to.equal(3);
  });

  it('clears a TTL that somebody set on a record', async () => {
    const revision = await store.save('u', emptyRecord('e'), undefined);
    await redis.expire(key, 60);
    await store.save('u', emptyRecord('e2'), revision);
    expect(await redis.ttl(key)).to.equal(-1);
  });

  it('puts a TTL on every transient and every counter', async () => {
    await store.put('u', 'flow', 'x', 60);
    await store.increment('u', 'sent', 60);
    await store.increment('u', 'sent', 3600);
    for (const name of ['flow', 'sent']) {
      expect(await redis.pttl(`${opened.namespace}:{u}:transient:${name}`)).to.be.within(50_000, 60_000);
    }
  });

  it('makes revisions of 128 random bits', async () => {
    expect(await store.save('u', emptyRecord('e'), undefined)).to.match(/^[0-9a-f]{32}$/);
  });

  it('keeps half surrogate pairs apart, which are one character in UTF-8', async () => {
    for (const id of ['\ud800', '\ud801', '\ufffd']) await store.save(id, emptyRecord(JSON.stringify(id)), undefined);
    for (const id of ['\ud800', '\ud801', '\ufffd']) {
      expect((await store.load(id)).record?.epoch).to.equal(JSON.stringify(id));
    }
    expect(await store.claim('\ud800', '\ud801')).to.equal('\ud801');
  });

  it('keeps two namespaces apart, also where one begins like the other', async () => {
    const longer = patientStore(redis, { namespace: `${opened.namespace}:x*` });
    await longer.save('u', emptyRecord('longer'), undefined);
    await longer.claim('k', 'u');
    expect(await store.load('u')).to.deep.equal({});
    expect(await store.claim('k')).to.equal(undefined);
    const met = [];
    for await (const { record } of longer.scan()) met.push(record?.epoch);
    for await (const { record } of store.scan()) met.push(record?.epoch);
    expect(met).to.deep.equal(['longer']);
  });

  for (const spoilt of [
    '',
    'text',
    '{"v":1}',
    '0'.repeat(32),
    `${'0'.repeat(32)}\n`,
    `${'0'.repeat(32)}\n{"v":1`,
    `${'0'.repeat(32)}\nnull`,
    `${'0'.repeat(32)}\n{"v":1}`,
    `${'0'.repeat(32)}\n{"v":2,"epoch":"e","authenticators":[]}`,
    `short\n${JSON.stringify(emptyRecord('e'))}`,
  ]) {
    it(`answers 503, never "no record", for the stored string ${JSON.stringify(spoilt)}`, async () => {
      await redis.set(key, spoilt);
      await expectUnavailable(store.load('u'));
      const saved = await store
        .save('u', emptyRecord('mine'), undefined)
        .catch((error: unknown) => (error as Error).name);
      expect(saved).to.be.oneOf([undefined, 'MfaError']);
      expect(await redis.get(key)).to.equal(spoilt);
    });
  }

  it('says of a record that it cannot read whose it is and why, and walks on to the others', async () => {
    const others = Array.from({ length: 20 }, (_, index) => `other-${index}`);
    for (const id of others) await store.save(id, emptyRecord(id), undefined);
    await redis.set(key, 'text');
    await redis.lpush(`${opened.namespace}:{list}:record`, 'x');
    await redis.set(`${opened.namespace}:{newer}:record`, `${'0'.repeat(32)}\n{"v":9}`);
    const [unread, read]: [{ [userId: string]: string }, string[]] = [{}, []];
    for await (const { userId, record, unread: why } of store.scan()) {
      if (record) read.push(userId);
      else unread[userId] = why?.code ?? 'nothing said';
    }
    expect(read).to.have.members(others);
    const code = 'store.unavailable';
    expect(unread).to.deep.equal({ u: code, list: code, newer: code });
  });

  it('answers 503 for a key of another type, and for spoilt transients and owners', async () => {
    await redis.lpush(key, 'x');
    await expectUnavailable(store.load('u'));
    await expectUnavailable(store.save('u', emptyRecord('e'), undefined));
    await redis.set(`${opened.namespace}:{u}:transient:flow`, '{');
    await expectUnavailable(store.get('u', 'flow'));
    await expectUnavailable(store.increment('u', 'flow', 60));
    await expectUnavailable(store.take('u', 'flow'));
    await redis.set(`${opened.namespace}:{k}:owner`, 'u');
    await expectUnavailable(store.claim('k', 'u'));
  });

  it('removes what it cannot read, so that an operator can reset the person', async () => {
    await redis.set(key, 'text');
    await store.remove('u');
    expect(await store.load('u')).to.have.all.keys('revision');
  });

  it('says nothing of arguments in its errors', async () => {
    await redis.lpush(`${opened.namespace}:{u}:transient:flow`, 'x');
    await redis.lpush(key, 'x');
    for (const failed of [store.save('u', emptyRecord('SECRET'), undefined), store.take('u', 'flow')]) {
      const error = (await failed.catch((reason: unknown) => reason)) as Error;
      expect(error.cause).to.have.property('name', 'ReplyError');
      expect(error.cause).not.to.have.property('command');
      expect(JSON.stringify([error.message, (error.cause as Error).message])).not.to.contain('SECRET');
    }
  });

  for (const [wrong, code] of [
    [{}, 'config.namespace_missing'],
    [undefined, 'config.namespace_missing'],
    [{ namespace: '' }, 'config.namespace_missing'],
    [{ namespace: 'a{b' }, 'config.invalid_option'],
    [{ namespace: 'a}' }, 'config.invalid_option'],
    [{ namespace: 'a\n' }, 'config.invalid_option'],
    [{ namespace: 7 }, 'config.invalid_option'],
    [{ namespace: 'a', waitReplicas: -1 }, 'config.invalid_option'],
    [{ namespace: 'a', waitReplicas: 1.5 }, 'config.invalid_option'],
    [{ namespace: 'a', timeoutMs: 0 }, 'config.invalid_option'],
    [{ namespace: 'a', timeoutMs: '1500' }, 'config.invalid_option'],
    [{ namespace: 'a', warn: true }, 'config.invalid_option'],
    [{ namespace: 'a', timeout: 5 }, 'config.unknown_option'],
  ] as const) {
    it(`refuses the options ${JSON.stringify(wrong)} with ${code}`, () => {
      expect(() => redisStore(redis, wrong as unknown as RedisStoreOptions))
        .to.throw()
        .that.includes({ code });
    });
  }

  it('refuses what is no client of ioredis', () => {
    for (const wrong of [undefined, null, {}, { get() {}, eval() {}, set() {}, scan() {} }]) {
      const make = () => redisStore(wrong as unknown as RedisClient, { namespace: 'a' });
      expect(make)
        .to.throw(/ioredis/)
        .that.includes({ code: 'config.invalid_option' });
    }
  });
});

async function expectUnavailable(failing: Promise<unknown>): Promise<void> {
  const error = await failing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.include({ name: 'MfaError', code: 'store.unavailable', status: 503 });
}
