// An app that comes up before its Redis: `mfa.ready` waits, and rejects for nothing that waiting helps.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { createMfaCore } from '../../src/mfa.js';
import { totp } from '../../src/factors/totp/totp.js';
import { redisStore } from '../../src/stores/redis-store.js';
import { eventually } from '../support/eventually.js';
import { startRedisServer, type RedisServer } from '../support/redis.js';

describe('mfa.ready, before Redis is up,', () => {
  let server: RedisServer;
  let redis: Redis;
  const warnings: string[] = [];
  const onWarning = ({ name, message }: Error) => {
    if (name === 'ExpressMfaWarning') warnings.push(message);
  };

  beforeEach(() => {
    warnings.length = 0;
    process.on('warning', onWarning);
  });
  afterEach(async () => {
    process.off('warning', onWarning);
    redis.disconnect();
    await server.close();
  });

  function startApp(told: string[]) {
    redis = new Redis(server.port, '127.0.0.1');
    redis.on('error', () => undefined);
    const store = redisStore(redis, { namespace: 'acme', timeoutMs: 300, warn: (message) => told.push(message) });
    const { ready } = createMfaCore({
      appName: 'Acme',
      secrets: ['s'.repeat(32)],
      factors: [totp()],
      store,
      user: () => null,
    });
    const state = { is: 'pending' as unknown };
    ready.then(
      () => (state.is = 'ready'),
      (error: unknown) => (state.is = error),
    );
    return state;
  }

  it('stays pending, says what it waits for, and resolves when Redis comes', async () => {
    server = await startRedisServer(['--save', '']);
    await server.stop();
    const told: string[] = [];
    const state = startApp(told);
    const waits = () => warnings.filter((warning) => warning.startsWith('mfa.ready waits for the store: '));
    await eventually(() => Promise.resolve(expect(waits()).to.have.lengthOf(1)));
    await sleep(2500);
    expect(state.is).to.equal('pending');
    expect(waits()).to.have.lengthOf(1);
    await server.start();
    await eventually(() => Promise.resolve(expect(state.is).to.equal('ready')));
    // However often it was asked.
    expect(told).to.have.lengthOf(1);
    expect(told[0]).to.match(/neither AOF nor RDB/);
  });

  it('rejects when what comes is set up wrongly', async () => {
    server = await startRedisServer(['--rename-command', 'SCAN', '']);
    await server.stop();
    const state = startApp([]);
    await eventually(() => Promise.resolve(expect(warnings).to.have.lengthOf(1)));
    await server.start();
    await eventually(() => Promise.resolve(expect(state.is).to.include({ code: 'config.redis_forbids' })));
    expect((state.is as Error).message).to.contain('lacks +scan.');
  });
});
