// What the audit log's store says of its options and of the Redis it stands on: in its own name, and of its own loss.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { redisAuditStore } from '../../../src/audit/stores/redis-audit-store.js';
import { newRedis, startRedisServer } from '../../support/redis.js';
import { patientAuditStore } from '../../support/patience.js';

describe('redisAuditStore', () => {
  async function examine(settings: string[]) {
    const server = await startRedisServer(settings);
    const redis = new Redis(server.port, '127.0.0.1');
    try {
      return await patientAuditStore(redis, { namespace: 'acme' }).examine?.();
    } finally {
      redis.disconnect();
      await server.close();
    }
  }

  it('says of a server that evicts and forgets what becomes of the log', async () => {
    const found = (await examine(['--maxmemory-policy', 'allkeys-lru', '--save', ''])) ?? [];
    expect(found.map(({ level }) => level)).to.deep.equal(['warn', 'warn']);
    for (const { text } of found) expect(text).to.match(/^redisAuditStore: .*the audit log/);
    expect(found.map(({ text }) => text).join()).to.not.match(/record|factor|MFA/);
  });

  it('is silent about a server that evicts only what has a TTL', async () => {
    expect(await examine(['--maxmemory-policy', 'volatile-ttl', '--appendonly', 'yes'])).to.deep.equal([]);
  });

  it('refuses options in its own name', () => {
    const redis = newRedis();
    const refused: [object | undefined, string][] = [
      [undefined, 'config.namespace_missing'],
      [{}, 'config.namespace_missing'],
      [{ namespace: 'a{b' }, 'config.invalid_option'],
      [{ namespace: 'acme', timeoutMs: 0 }, 'config.invalid_option'],
      [{ namespace: 'acme', retentionDays: 0 }, 'config.invalid_option'],
    ];
    for (const [options, code] of refused) {
      expect(() => redisAuditStore(redis, options as { namespace: string }))
        .to.throw(/^redisAuditStore: /)
        .with.property('code', code);
    }
    redis.disconnect();
  });
}).timeout(60_000);
