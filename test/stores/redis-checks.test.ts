// What `ready()` says of a Redis server that may lose records, or that does not let the store work.
import { expect } from 'chai';
import { Redis, type RedisOptions } from 'ioredis';
import { redisStore } from '../../src/stores/redis-store.js';
import { inEnvironment } from '../support/environment.js';
import { startRedisServer, type RedisServer } from '../support/redis.js';
import { patientStore } from '../support/patience.js';

type CheckedClient = Omit<RedisOptions, 'replyMapping'> & { replyMapping?: 'resp3' };

describe('redisStore, before it may be used,', () => {
  const opened: { server: RedisServer; redis: Redis }[] = [];

  async function check(
    settings: string[],
    {
      production = false,
      client,
      timeoutMs = 30_000,
    }: { production?: boolean; client?: CheckedClient; timeoutMs?: number } = {},
  ) {
    const server = await startRedisServer(settings);
    const redis = new Redis(server.port, '127.0.0.1', { ...client });
    redis.on('error', () => undefined);
    opened.push({ server, redis });
    const warnings: string[] = [];
    const store = redisStore(redis, { namespace: 'acme', timeoutMs, warn: (message) => warnings.push(message) });
    const error = await inEnvironment(production ? 'production' : process.env.NODE_ENV, () =>
      store.ready!().then(
        () => undefined,
        (reason: unknown) => reason,
      ),
    );
    return { error, warnings };
  }

  afterEach(async () => {
    for (const { server, redis } of opened.splice(0)) {
      redis.disconnect();
      await server.close();
    }
  });

  const durable = ['--appendonly', 'yes'];

  it('is silent about a server that neither evicts nor forgets', async () => {
    for (const production of [true, false]) {
      expect(await check(durable, { production })).to.deep.equal({ error: undefined, warnings: [] });
    }
  });

  it('is silent where RDB alone is on, also with maps as objects', async () => {
    const client: CheckedClient = { replyMapping: 'resp3' };
    expect(await check(['--save', '3600 1'], { client })).to.deep.equal({ error: undefined, warnings: [] });
  });

  for (const policy of ['allkeys-lru', 'allkeys-random']) {
    it(`refuses maxmemory-policy ${policy} in production`, async () => {
      const { error } = await check([...durable, '--maxmemory-policy', policy], { production: true });
      expect(error).to.include({ name: 'MfaError', code: 'config.redis_evicts' });
      expect((error as Error).message)
        .to.contain(policy)
        .and.to.contain('noeviction');
    });

    it(`only warns of maxmemory-policy ${policy} elsewhere`, async () => {
      const { error, warnings } = await check([...durable, '--maxmemory-policy', policy]);
      expect(error).to.equal(undefined);
      expect(warnings).to.have.lengthOf(1);
      expect(warnings[0]).to.contain(policy);
    });
  }

  it('accepts maxmemory-policy volatile-ttl with a warning, in production too: records have no TTL', async () => {
    for (const production of [true, false]) {
      const { error, warnings } = await check([...durable, '--maxmemory-policy', 'volatile-ttl'], { production });
      expect(error).to.equal(undefined);
      expect(warnings).to.have.lengthOf(1);
      expect(warnings[0]).to.contain('volatile-ttl').and.to.contain('Records stay');
    }
  });

  it('warns when nothing is kept on disk', async () => {
    const { error, warnings } = await check([], { production: true });
    expect(error).to.equal(undefined);
    expect(warnings).to.have.lengthOf(1);
    expect(warnings[0]).to.match(/neither AOF nor RDB/);
  });

  const withoutConfig: { [how: string]: { settings: string[]; client?: CheckedClient } } = {
    'is renamed away': { settings: ['--rename-command', 'CONFIG', ''] },
    'is forbidden to this user': {
      settings: ['--user', 'app', 'on', '>password', '~acme:*', '+@all', '-config'],
      client: { username: 'app', password: 'password' },
    },
  };
  for (const [how, { settings, client = {} }] of Object.entries(withoutConfig)) {
    it(`warns where CONFIG ${how}`, async () => {
      const { error, warnings } = await check(settings, { production: true, client });
      expect(error).to.equal(undefined);
      expect(warnings).to.have.lengthOf(1);
      expect(warnings[0]).to.match(/does not allow CONFIG/);
    });

    it(`still refuses a server that evicts where CONFIG ${how}, because INFO tells`, async () => {
      const evicting = [...settings, '--maxmemory-policy', 'allkeys-lru'];
      expect((await check(evicting, { production: true, client })).error).to.include({ code: 'config.redis_evicts' });
    });
  }

  it('warns where both CONFIG and INFO are forbidden', async () => {
    const settings = [
      '--user',
      'app',
      'on',
      '>password',
      '~acme:*',
      '+@all',
      '-config',
      '-info',
      '--maxmemory-policy',
      'allkeys-lru',
    ];
    // Without INFO ioredis cannot tell whether the server is loading.
    const client = { username: 'app', password: 'password', enableReadyCheck: false };
    const { error, warnings } = await check(settings, { production: true, client });
    expect(error).to.equal(undefined);
    expect(warnings.join()).to.match(/does not allow CONFIG/);
  });

  it('answers 503, no warning, where the server lets nobody in', async () => {
    const { error, warnings } = await check(['--requirepass', 'password'], {
      client: { enableReadyCheck: false },
      timeoutMs: 1500,
    });
    expect(error).to.include({ code: 'store.unavailable' });
    expect(warnings).to.deep.equal([]);
  });

  it('warns through the process without an option', async () => {
    const server = await startRedisServer();
    const redis = new Redis(server.port, '127.0.0.1');
    opened.push({ server, redis });
    const warned = new Promise<Error>((resolve) => {
      const listener = (warning: Error) => {
        if (warning.name !== 'ExpressMfaWarning') return;
        process.off('warning', listener);
        resolve(warning);
      };
      process.on('warning', listener);
    });
    await patientStore(redis, { namespace: 'acme' }).ready!();
    expect((await warned).message).to.match(/neither AOF nor RDB/);
  });
});
