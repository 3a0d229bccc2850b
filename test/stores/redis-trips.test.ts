// What each method costs: one command and one round trip, counted by Redis itself; and the counter that other tests
// and the bench count trips with.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { memoryStore } from '../../src/stores/memory-store.js';
import { countingStore } from '../support/counting-store.js';
import { patientStore } from '../support/patience.js';
import { type RedisServer, startRedisServer } from '../support/redis.js';
import { storeMethods } from '../support/store-methods.js';

describe('redisStore asks Redis once', () => {
  let server: RedisServer;
  let redis: Redis;
  let store: MfaStore;

  before(async () => {
    server = await startRedisServer();
    redis = new Redis(server.port, '127.0.0.1');
    store = patientStore(redis, { namespace: 'acme' });
  });

  after(async () => {
    redis.disconnect();
    await server.close();
  });

  for (const [name, method] of Object.entries(storeMethods)) {
    it(`for ${name}`, async () => {
      const monitor = await redis.monitor();
      const seen: string[] = [];
      const marked = new Promise<void>((resolve) => {
        monitor.on('monitor', (_time: string, args: string[], source: string) => {
          if (source !== 'lua') seen.push(args[0]!.toLowerCase());
          if (args[0] === 'echo') resolve();
        });
      });
      await method(store);
      await redis.echo('mark');
      await marked;
      monitor.disconnect();
      expect(seen).to.have.lengthOf(2);
      expect(seen[0]).to.be.oneOf(['get', 'set', 'eval']);
    });
  }
});

describe('countingStore', () => {
  it('counts commands one after the other as trips, and parallel ones as one', async () => {
    const counted = countingStore(memoryStore());
    await counted.store.load('u');
    await Promise.all([
      counted.store.load('u'),
      Promise.resolve().then(() => counted.store.take('u', 'flow')),
      counted.store.increment('u', 'sent', 60),
    ]);
    await counted.store.save('u', emptyRecord('e'), undefined);
    expect(counted.log).to.deep.equal([['load'], ['load', 'increment', 'take'], ['save']]);
    expect(counted).to.include({ trips: 3, commands: 5 });
    counted.reset();
    expect(counted).to.include({ trips: 0, commands: 0 });
    await counted.store.load('u');
    expect(counted).to.include({ trips: 1, commands: 1 });
  });

  it('hands every method through', async () => {
    const counted = countingStore(memoryStore());
    for (const method of Object.values(storeMethods)) await method(counted.store);
    await counted.store.save('v', emptyRecord('v'), undefined);
    const met = [];
    for await (const { userId } of counted.store.scan()) met.push(userId);
    expect(met).to.deep.equal(['v']);
    expect(counted.store).to.include({ name: 'memory', namespace: 'memory' });
    expect(counted.log.flat()).to.deep.equal([...Object.keys(storeMethods), 'save', 'scan']);
  });
});
