// One deadline for all that one answer asks Redis for: each command gets what is left. Told by how long commands were
// given, not by a watch.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { redisStore } from '../../src/stores/redis-store.js';
import { startRedisServer, type RedisServer } from '../support/redis.js';

/** A timer counts whole milliseconds of the event loop, and may end one or two before the clock that is asked says so. */
const slackMs = 100;

describe('redisStore, within one answer,', () => {
  let server: RedisServer;
  let redis: Redis;

  beforeEach(async () => {
    server = await startRedisServer();
    redis = new Redis(server.port, '127.0.0.1');
    await redis.ping();
  });
  afterEach(async () => {
    redis.disconnect();
    await server.close();
  });

  const open = (timeoutMs = 1500): MfaStore => redisStore(redis, { namespace: 'acme', timeoutMs });

  /** How many milliseconds the command was given that failed. */
  async function given(command: Promise<unknown>): Promise<number> {
    const error = await command.then(
      () => expect.fail('It was answered.'),
      (reason: unknown) => reason,
    );
    expect(error).to.include({ code: 'store.unavailable' });
    return Number(/No answer within (\d+) ms/.exec((error as Error).message)?.[1]);
  }

  it('gives each command what is left of two seconds, and in the end nothing', async () => {
    const store = open();
    server.pause();
    const each = await store.within!(async () => [
      await given(store.load('u')),
      await given(store.get('u', 'flow')),
      await given(store.load('u')),
    ]);
    expect(each[0]).to.equal(1500);
    expect(each[1]).to.be.within(0, 500 + slackMs);
    expect(each[2]).to.be.within(0, 500 + slackMs - each[1]!);
  });

  it('counts commands side by side once', async () => {
    const store = open();
    server.pause();
    await store.within!(async () => {
      const together = await Promise.all(['a', 'b', 'c'].map((id) => given(store.load(id))));
      for (const ms of together) expect(ms).to.be.within(600, 1500);
      expect(await given(store.load('u'))).to.be.within(0, 500 + slackMs);
    });
  });

  it('counts nothing but waiting for Redis', async () => {
    const store = open(300);
    await store.within!(async () => {
      await store.load('u');
      // A slow look-up, upload or provider of the host's.
      await sleep(2200);
      await store.load('u');
      server.pause();
      expect(await given(store.load('u'))).to.equal(300);
    });
  });

  it('gives the whole deadline again to what goes on when the answer has left', async () => {
    const store = open(300);
    server.pause();
    let later: Promise<number> | undefined;
    await store.within!(async () => {
      for (let tries = 0; tries < 7; tries += 1) await given(store.load('u'));
      later = sleep(50).then(() => given(store.load('u')));
    });
    expect(await later).to.equal(300);
  });

  it('knows one answer from another, and is no longer than a longer timeoutMs', async () => {
    const store = open(2500);
    server.pause();
    const answers = ['a', 'b'].map((id) => store.within!(() => given(store.load(id))));
    expect(await Promise.all(answers)).to.deep.equal([2500, 2500]);
  });

  it('holds within an answer within an answer', async () => {
    const store = open();
    server.pause();
    await store.within!(async () => {
      await given(store.load('u'));
      expect(await store.within!(() => given(store.load('u')))).to.be.within(0, 500 + slackMs);
    });
  });

  it('is not one of the host, which may keep a context of its own', async () => {
    const own = new AsyncLocalStorage<string>();
    const seen = await own.run('host', () => open().within!(() => Promise.resolve(own.getStore())));
    expect(seen).to.equal('host');
  });
});
