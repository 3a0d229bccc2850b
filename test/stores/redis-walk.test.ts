// A walk over Redis that outlives the server it began on: another process behind the same address has other cursors.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { redisStore } from '../../src/stores/redis-store.js';
import { eventually } from '../support/eventually.js';
import { startRedisServer, type RedisServer } from '../support/redis.js';

describe('a walk over Redis', function () {
  this.timeout(60_000);
  const ids = Array.from({ length: 1500 }, (_, index) => `user-${index}`).sort();
  let server: RedisServer;
  let redis: Redis;
  let store: MfaStore;

  beforeEach(async () => {
    server = await startRedisServer(['--appendonly', 'yes']);
    redis = new Redis(server.port, '127.0.0.1');
    redis.on('error', () => undefined);
    store = redisStore(redis, { namespace: 'acme', timeoutMs: 10_000 });
    await Promise.all(ids.map((id) => store.save(id, emptyRecord('e'), undefined)));
  });

  afterEach(async () => {
    redis.disconnect();
    await server.close();
  });

  async function restart(): Promise<void> {
    await server.restart();
    await eventually(() => store.load('user-0'));
  }

  it('misses nobody when the server restarts in the middle', async () => {
    const met = new Set<string>();
    for await (const { userId } of store.scan()) {
      met.add(userId);
      if (met.size === 900) await restart();
    }
    expect([...met].sort()).to.deep.equal(ids);
  });

  it('misses nobody when it is gone on with after a restart', async () => {
    const met = new Set<string>();
    let after: string | undefined;
    for await (const { userId, cursor } of store.scan()) {
      met.add(userId);
      after = cursor;
      if (met.size === 900) break;
    }
    await restart();
    for await (const { userId } of store.scan({ after: after! })) met.add(userId);
    expect([...met].sort()).to.deep.equal(ids);
  });

  it('does not begin anew where the server is the same', async () => {
    let after: string | undefined;
    let met = 0;
    for await (const { cursor } of store.scan()) {
      after = cursor;
      if ((met += 1) === 1200) break;
    }
    let rest = 0;
    for await (const { userId } of store.scan({ after: after! })) if (userId) rest += 1;
    expect(rest).to.be.below(ids.length / 2);
  });

  it('misses nobody, and begins anew, where a server may not tell who it is', async () => {
    await redis.call('ACL', 'SETUSER', 'app', 'on', '>password', '~acme:*', '+@all', '-info');
    const client = new Redis(server.port, '127.0.0.1', {
      username: 'app',
      password: 'password',
      enableReadyCheck: false,
    });
    const silent = redisStore(client, { namespace: 'acme', timeoutMs: 10_000 });
    let after: string | undefined;
    for await (const { cursor } of silent.scan()) after = cursor;
    const met = new Set<string>();
    for await (const { userId } of silent.scan({ after: after! })) met.add(userId);
    client.disconnect();
    expect([...met].sort()).to.deep.equal(ids);
  });
});
