// What `ready()` and `examine()` say of a Redis user that may not do what the store will need, with the line of rights
// that the docs show, less one of them at a time.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Redis, type RedisOptions } from 'ioredis';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { startRedisServer, type RedisServer } from '../support/redis.js';
import { patientStore } from '../support/patience.js';

const docs = readFileSync(new URL('../../docs/deploy-on-redis.md', import.meta.url), 'utf8');
const [, line = ''] = /^ACL SETUSER acme on >password (.+)$/m.exec(docs) ?? [];
const rights = line.split(' ');

describe('redisStore, with a Redis user of few rights,', () => {
  let server: RedisServer;
  let admin: Redis;
  const clients: Redis[] = [];
  let users = 0;

  before(async () => {
    server = await startRedisServer(['--appendonly', 'yes']);
    admin = new Redis(server.port, '127.0.0.1');
  });
  afterEach(() => clients.splice(0).forEach((client) => client.disconnect()));
  after(async () => {
    admin.disconnect();
    await server.close();
  });

  type Open = { waitReplicas?: number; client?: Omit<RedisOptions, 'replyMapping'>; warn?: (message: string) => void };

  async function storeWith(granted: string[], { client, ...options }: Open = {}): Promise<MfaStore> {
    users += 1;
    const username = `user-${users}`;
    await admin.call('ACL', 'SETUSER', username, 'on', '>password', ...granted);
    // Without INFO ioredis cannot tell whether the server is loading.
    const settings = { username, password: 'password', enableReadyCheck: granted.includes('+info'), ...client };
    const redis = new Redis(server.port, '127.0.0.1', settings);
    redis.on('error', () => undefined);
    clients.push(redis);
    return patientStore(redis, { namespace: 'acme', ...options });
  }

  const without = (right: string) => rights.filter((one) => one !== right);
  const failureOf = (store: MfaStore): Promise<unknown> =>
    store.ready!().then(
      () => undefined,
      (error: unknown) => error,
    );

  it('works with the rights that the docs list, and leaves nothing behind', async () => {
    const store = await storeWith(rights, { warn: (message) => expect.fail(message) });
    await store.ready!();
    const { findings, serverTimeMs } = await store.examine!();
    expect(findings).to.deep.equal([]);
    expect(serverTimeMs).to.be.a('number');
    expect(await admin.dbsize()).to.equal(0);
  });

  const needed = ['~acme:*', '+eval', '+get', '+set', '+del', '+incrby', '+pttl', '+pexpire', '+scan', '+wait'];

  for (const right of needed) {
    it(`says that ${right} is missing`, async () => {
      expect(rights).to.include(right);
      const store = await storeWith(without(right), right === '+wait' ? { waitReplicas: 1 } : {});
      const error = await failureOf(store);
      expect(error).to.include({ name: 'MfaError', code: 'config.redis_forbids' });
      expect((error as Error).message).to.contain(`lacks ${right}.`);
      const { findings } = await store.examine!();
      expect(findings).to.deep.equal([{ level: 'fail', text: (error as Error).message }]);
      expect(await admin.keys('*')).to.satisfy((left: string[]) => left.length === 0 || right === '+del');
      for (const key of await admin.keys('*')) expect(await admin.pttl(key)).to.be.above(0);
      await admin.flushall();
    });
  }

  it('asks for WAIT only with waitReplicas', async () => {
    await (
      await storeWith(without('+wait'))
    ).ready!();
  });

  it('names the keys with the prefix of the client', async () => {
    const client = { keyPrefix: 'shop:' };
    expect(await failureOf(await storeWith(rights, { client }))).to.match(/lacks ~shop:acme:\*\./);
    await (
      await storeWith([...without('~acme:*'), '~shop:acme:*'], { client })
    ).ready!();
  });

  it('says at once all that is missing', async () => {
    expect(await failureOf(await storeWith(['~acme:*', '+get', '+info']))).to.match(
      /lacks \+set \+incrby \+pttl \+pexpire \+eval \+scan \+del\./,
    );
  });

  it('refuses keys that may be read and not be written', async () => {
    expect(await failureOf(await storeWith([...without('~acme:*'), '%R~acme:*']))).to.match(/lacks ~acme:\*\./);
  });

  for (const [right, word] of [
    ['+config|get', /CONFIG GET/],
    ['+time', /TIME/],
  ] as const) {
    it(`works without ${right}, and says what it cannot see`, async () => {
      const store = await storeWith(without(right), { warn: () => undefined });
      await store.ready!();
      const { findings } = await store.examine!();
      expect(findings.map(({ level }) => level)).to.deep.equal(['warn']);
      expect(findings[0]?.text).to.match(word);
    });
  }
});
