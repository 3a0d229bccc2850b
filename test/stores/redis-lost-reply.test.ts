// A connection that breaks between a command and its answer: ioredis sends the command again, and Redis runs it twice.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { patientStore } from '../support/patience.js';
import { freshNamespace, newRedis, redisUrl, removeNamespace } from '../support/redis.js';

/** A way to the shared Redis that, once told to, breaks the connection in place of the next answer. */
async function startLossyRoute() {
  const target = new URL(redisUrl());
  let losing = false;
  let lost = 0;
  const route = createServer((near) => {
    const far = connect(Number(target.port || 6379), target.hostname);
    near.on('error', () => undefined).on('close', () => far.destroy());
    far.on('error', () => undefined).on('close', () => near.destroy());
    near.pipe(far);
    far.on('data', (answer) => {
      if (!losing) return void near.write(answer);
      losing = false;
      lost += 1;
      near.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(route, 'listening');
  return {
    port: (route.address() as AddressInfo).port,
    loseNextAnswer: () => void (losing = true),
    lost: () => lost,
    close: () => void route.close(),
  };
}

describe('redisStore when an answer is lost and the command is sent again', () => {
  let route: Awaited<ReturnType<typeof startLossyRoute>>;
  let redis: Redis;
  let store: MfaStore;
  let namespace: string;

  beforeEach(async () => {
    route = await startLossyRoute();
    namespace = freshNamespace();
    redis = new Redis(route.port, '127.0.0.1');
    redis.on('error', () => undefined);
    store = patientStore(redis, { namespace });
    await store.load('u');
  });

  afterEach(async () => {
    expect(route.lost()).to.equal(1);
    redis.disconnect();
    route.close();
    const sweeper = newRedis();
    await removeNamespace(sweeper, namespace);
    sweeper.disconnect();
  });

  it('finds its own save applied, and tells its revision', async () => {
    const first = await store.save('u', emptyRecord('first'), undefined);
    route.loseNextAnswer();
    const second = await store.save('u', emptyRecord('second'), first);
    expect(second).to.be.a('string');
    expect(await store.load('u')).to.deep.equal({ record: emptyRecord('second'), revision: second });
  });

  it('finds its own first save applied', async () => {
    route.loseNextAnswer();
    const revision = await store.save('u', emptyRecord('first'), undefined);
    expect(await store.load('u')).to.deep.equal({ record: emptyRecord('first'), revision });
  });

  it('finds its own claim', async () => {
    route.loseNextAnswer();
    expect(await store.claim('k', 'u')).to.equal('u');
  });

  it('gives a taken value to nobody rather than to two', async () => {
    await store.put('u', 'flow', 'x', 60);
    route.loseNextAnswer();
    expect(await store.take('u', 'flow')).to.equal(undefined);
  });

  it('counts too much rather than too little', async () => {
    route.loseNextAnswer();
    expect((await store.increment('u', 'sent', 60)).count).to.equal(2);
  });
});
