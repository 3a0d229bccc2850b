// `waitReplicas`: a save counts only when replicas have it.
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { redisStore } from '../../src/stores/redis-store.js';
import { eventually } from '../support/eventually.js';
import { patientStore } from '../support/patience.js';
import { type RedisServer, startRedisServer, storeOn } from '../support/redis.js';

describe('redisStore with waitReplicas', function () {
  let master: RedisServer;
  let replica: RedisServer;
  let redis: Redis;

  before(async () => {
    master = await startRedisServer(['--repl-diskless-sync-delay', '0']);
    replica = await startRedisServer(['--replicaof', `127.0.0.1 ${master.port}`]);
    redis = new Redis(master.port, '127.0.0.1');
    await eventually(async () =>
      expect(await redis.info('replication')).to.match(/connected_slaves:1[^]*state=online/),
    );
  });

  after(async () => {
    redis.disconnect();
    await replica.close();
    await master.close();
  });

  it('has a save and a removal on the replica before it answers', async () => {
    const store = patientStore(redis, { namespace: 'acme', waitReplicas: 1 });
    const reader = new Redis(replica.port, '127.0.0.1');
    for (let saves = 0; saves < 10; saves += 1) {
      const revision = await store.save(`u${saves}`, emptyRecord('e'), undefined);
      expect(await reader.get(`acme:{u${saves}}:record`)).to.match(new RegExp(`^${revision}\n`));
    }
    await store.remove('u0');
    expect(await reader.get('acme:{u0}:record')).to.match(/\nremoved$/);
    reader.disconnect();
  });

  it('waits on a connection of its own, which ends with the client of the host', async () => {
    const client = new Redis(master.port, '127.0.0.1', { connectionName: 'host' });
    const store = patientStore(client, { namespace: 'acme', waitReplicas: 1 });
    const connections = async () => String(await redis.client('LIST')).match(/ name=host /g)?.length ?? 0;
    await store.load('own');
    expect(await connections()).to.equal(1);
    await Promise.all([store.save('own', emptyRecord('e'), undefined), store.remove('own2')]);
    expect(await connections()).to.equal(2);
    await client.quit();
    await eventually(async () => expect(await connections()).to.equal(0));
    const error = await store.save('own', emptyRecord('e'), undefined).catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'store.unavailable' });
    expect(await connections()).to.equal(0);
  });

  it('tells losers of a race apart from a lack of replicas', async () => {
    const store = patientStore(redis, { namespace: 'acme', waitReplicas: 1 });
    const rivals = Array.from({ length: 20 }, (_, index) => store.save('race', emptyRecord(`${index}`), undefined));
    expect((await Promise.all(rivals)).filter((revision) => revision !== undefined)).to.have.lengthOf(1);
  });

  it('answers 503 at its deadline while the replica hangs, reads on, and recovers by itself', async () => {
    const store = storeOn(replica, redis, { namespace: 'acme', waitReplicas: 1 });
    const revision = await store.save('u', emptyRecord('first'), undefined);
    await replica.pause();
    const error = await store.save('u', emptyRecord('second'), revision).catch((reason: unknown) => reason);
    expect(error).to.include({ name: 'MfaError', code: 'store.unavailable', status: 503 });
    expect((await store.load('u')).record?.epoch).to.equal('second');
    replica.resume();
    await eventually(async () => {
      const { revision: now } = await store.load('u');
      expect(await store.save('u', emptyRecord('third'), now)).to.be.a('string');
    });
    expect((await store.load('u')).record?.epoch).to.equal('third');
  });

  it('answers 503 for more replicas than there are', async () => {
    const store = redisStore(redis, { namespace: 'acme', waitReplicas: 2, timeoutMs: 2000 });
    const error = await store.save('two', emptyRecord('e'), undefined).catch((reason: unknown) => reason);
    expect((error as Error).message).to.contain('1 of 2 replicas');
  });
});
