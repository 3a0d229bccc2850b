// The Redis store while Redis is dead, paused or refusing: 503 within two seconds, nothing half-written, and back to
// work by itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import type { NodeRedisClient } from '../../src/stores/node-redis.js';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { eventually } from '../support/eventually.js';
import { ended, nodeRedis, type NodeRedisVersion } from '../support/node-redis.js';
import { startRedisServer, storeOn, type RedisServer } from '../support/redis.js';

const commands: { [name: string]: (store: MfaStore) => Promise<unknown> } = {
  load: (store) => store.load('u'),
  save: (store) => store.save('u', emptyRecord('e'), undefined),
  remove: (store) => store.remove('nobody'),
  abandon: (store) => store.abandon('nobody', ['k']),
  'claim, reading': (store) => store.claim('k'),
  claim: (store) => store.claim('k', 'u'),
  scan: (store) => store.scan()[Symbol.asyncIterator]().next(),
  put: (store) => store.put('u', 'flow', 'x', 60),
  putIfAbsent: (store) => store.putIfAbsent('u', 'flow', 'x', 60),
  get: (store) => store.get('u', 'flow'),
  take: (store) => store.take('u', 'flow'),
  increment: (store) => store.increment('u', 'sent', 60),
  ready: (store) => store.ready!(),
};

/** A client, and what the two packages call differently. */
type Opened = { client: RedisClient | NodeRedisClient; isReady(): boolean; end(): void; closed: string };

function ioredis(Version: typeof Redis | typeof Redis5) {
  return ({ port }: RedisServer): Opened => {
    const client = new (Version as typeof Redis)(port, '127.0.0.1');
    // Without a listener ioredis prints every failed attempt to connect.
    client.on('error', () => undefined);
    const isReady = () => client.status === 'ready';
    return { client, isReady, end: () => client.disconnect(), closed: 'Connection is closed.' };
  };
}

function ofNodeRedis(version: NodeRedisVersion, options = {}) {
  return ({ url }: RedisServer): Opened => {
    const client = nodeRedis(version, url, options);
    client.connect().catch(() => undefined);
    return { client, isReady: () => client.isReady, end: () => void ended(client), closed: 'The client is closed' };
  };
}

const clients: { [version: string]: (server: RedisServer) => Opened } = {
  'ioredis 6': ioredis(Redis),
  'ioredis 5': ioredis(Redis5),
  'node-redis 6': ofNodeRedis(6),
  'node-redis 5': ofNodeRedis(5),
};

for (const [version, open] of Object.entries(clients)) {
  describe(`redisStore with ${version} and its default settings`, function () {
    let server: RedisServer;
    /** For what is asked of the server; its own connection. */
    let redis: Redis;
    let opened: Opened;
    let store: MfaStore;
    let escaped: unknown[];
    const onRejection = (reason: unknown) => void escaped.push(reason);

    beforeEach(async () => {
      server = await startRedisServer(['--appendonly', 'yes', '--appendfsync', 'always']);
      redis = ioredis(Redis)(server).client as Redis;
      opened = open(server);
      store = storeOn(server, opened.client, { namespace: 'acme', warn: () => undefined });
      await eventually(() => Promise.resolve(expect(opened.isReady()).to.equal(true)));
      escaped = [];
      process.on('unhandledRejection', onRejection);
    });

    afterEach(async () => {
      redis.disconnect();
      opened.end();
      await server.close();
      process.off('unhandledRejection', onRejection);
      expect(escaped).to.deep.equal([]);
    });

    it('answers every command with 503 at its deadline when Redis dies, and recovers by itself', async () => {
      const revision = await store.save('kept', emptyRecord('kept'), undefined);
      await server.stop();
      await expectAllUnavailable(store);
      await sleep(100);
      await expectAllUnavailable(store);
      await server.start();
      await eventually(async () => {
        expect(await store.load('kept')).to.deep.equal({ record: emptyRecord('kept'), revision });
      });
      await expectAllAnswered(store);
    });

    it('answers every command with 503 at its deadline when Redis hangs, and recovers by itself', async () => {
      await store.load('u');
      await server.pause();
      await expectAllUnavailable(store);
      server.resume();
      await eventually(() => expectAllAnswered(store));
    });

    it('answers the same when Redis was never there, and begins to work when it comes', async () => {
      await server.stop();
      const early = open(server);
      const waiting = storeOn(server, early.client, { namespace: 'acme', warn: () => undefined });
      await expectAllUnavailable(waiting);
      await server.start();
      await eventually(() => expectAllAnswered(waiting));
      early.end();
    });

    it('never sends what timed out while there was no connection', async () => {
      await server.stop();
      await eventually(() => Promise.resolve(expect(opened.isReady()).to.equal(false)));
      await expectAllUnavailable(store);
      await server.start();
      await eventually(async () => expect(await store.load('u')).to.deep.equal({}));
      expect(await redis.dbsize()).to.equal(0);
    });

    it('refuses at once when the host has closed its client', async () => {
      opened.end();
      await eventually(() => Promise.resolve(expect(opened.isReady()).to.equal(false)));
      for (const error of await expectAllUnavailable(store)) expect(error.message).to.include(opened.closed);
    });

    it('counts a save that Redis applied too late as not made, and lets nobody build on the old revision', async () => {
      const first = await store.save('u', emptyRecord('first'), undefined);
      await server.pause();
      const error = await store.save('u', emptyRecord('late'), first).catch((reason: unknown) => reason);
      expect(error).to.include({ code: 'store.unavailable' });
      server.resume();
      await eventually(async () => expect((await store.load('u')).record?.epoch).to.equal('late'));
      expect(await store.save('u', emptyRecord('again'), first)).to.equal(undefined);
      const { revision } = await store.load('u');
      expect(await store.save('u', emptyRecord('again'), revision)).to.be.a('string');
    });

    it('answers 503 for every write to a replica (READONLY) and without memory (OOM), and 200 after', async () => {
      const writes = ['save', 'remove', 'claim', 'put', 'putIfAbsent', 'take', 'increment'];
      await store.put('u', 'flow', 'x', 60);
      await redis.config('SET', 'maxmemory', '1');
      for (const name of writes.filter((write) => write !== 'take')) await expectUnavailable(name, store);
      await redis.config('SET', 'maxmemory', '0');
      await redis.replicaof('127.0.0.1', server.port + 1);
      for (const name of writes) await expectUnavailable(name, store);
      await redis.replicaof('NO', 'ONE');
      await expectAllAnswered(store);
    });
  });
}

async function expectUnavailable(name: string, store: MfaStore): Promise<Error> {
  const answer = await commands[name]!(store).then(
    () => 'no error',
    (reason: unknown) => reason,
  );
  expect(answer, name).to.include({ name: 'MfaError', code: 'store.unavailable', status: 503 });
  expect((answer as Error).cause, name).to.be.an('error');
  // What ioredis says once it has tried for ten seconds.
  expect((answer as Error).message, name).to.not.include('retries');
  return answer as Error;
}

async function expectAllUnavailable(store: MfaStore): Promise<Error[]> {
  return Promise.all(Object.keys(commands).map((name) => expectUnavailable(name, store)));
}

async function expectAllAnswered(store: MfaStore): Promise<void> {
  for (const command of Object.values(commands)) await command(store);
}
