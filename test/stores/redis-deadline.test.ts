// One deadline for all that one answer asks Redis for: each command gets what is left. Told by how long commands were
// given, not by a watch.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { MfaStore } from '../../src/core/kernel/ports.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
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
    await server.pause();
    const each = await store.within!(async (own) => [
      await given(own.load('u')),
      await given(own.get('u', 'flow')),
      await given(own.load('u')),
    ]);
    expect(each[0]).to.equal(1500);
    expect(each[1]).to.be.within(0, 500 + slackMs);
    expect(each[2]).to.be.within(0, 500 + slackMs - each[1]!);
  });

  it('asks what a host put around the store, in an answer within an answer too', async () => {
    const store = open();
    const asked: string[] = [];
    const wrapped: MfaStore = {
      ...store,
      load: async (userId) => {
        asked.push(userId);
        return store.load(userId);
      },
    };
    await wrapped.within!(async (own) => {
      await own.load('ann');
      await own.within!(async (inner) => inner.load('bob'));
    });
    expect(asked).to.deep.equal(['ann', 'bob']);
  });

  it('counts commands side by side once', async () => {
    const store = open();
    await server.pause();
    await store.within!(async (own) => {
      const together = await Promise.all(['a', 'b', 'c'].map((id) => given(own.load(id))));
      for (const ms of together) expect(ms).to.be.within(600, 1500);
      expect(await given(own.load('u'))).to.be.within(0, 500 + slackMs);
    });
  });

  it('counts nothing but waiting for Redis', async () => {
    const store = open(300);
    await store.within!(async (own) => {
      await own.load('u');
      // A slow look-up, upload or provider of the host's.
      await sleep(2200);
      await own.load('u');
      await server.pause();
      expect(await given(own.load('u'))).to.equal(300);
    });
  });

  it('gives the whole deadline again to what goes on when the answer has left', async () => {
    const store = open(300);
    await server.pause();
    let later: Promise<number> | undefined;
    await store.within!(async (own) => {
      for (let tries = 0; tries < 7; tries += 1) await given(own.load('u'));
      later = sleep(50).then(() => given(own.load('u')));
    });
    expect(await later).to.equal(300);
  });

  it('knows one answer from another, and is no longer than a longer timeoutMs', async () => {
    const store = open(2500);
    await server.pause();
    const answers = ['a', 'b'].map((id) => store.within!((own) => given(own.load(id))));
    expect(await Promise.all(answers)).to.deep.equal([2500, 2500]);
  });

  it('holds within an answer within an answer', async () => {
    const store = open();
    await server.pause();
    await store.within!(async (own) => {
      await given(own.load('u'));
      expect(await own.within!((inner) => given(inner.load('u')))).to.be.within(0, 500 + slackMs);
    });
  });

  it('begins anew in an answer that begins when the one around it has left', async () => {
    const store = open();
    await server.pause();
    let left: MfaStore | undefined;
    await store.within!(async (own) => {
      left = own;
      await given(own.load('u'));
    });
    const each = await left!.within!(async (own) => [await given(own.load('u')), await given(own.load('u'))]);
    expect(each[0]).to.equal(1500);
    expect(each[1]).to.be.within(0, 500 + slackMs);
  });

  it('holds for every method', async () => {
    const store = open();
    const { revision } = await store.load('u');
    await server.pause();
    await store.within!(async (own) => {
      await given(own.load('u'));
      await given(own.load('u'));
      const none = [
        own.save('u', emptyRecord('e'), revision),
        own.saveAll!([{ userId: 'u', record: emptyRecord('e'), expected: revision }]),
        own.remove('u'),
        own.abandon('u', ['key']),
        own.claim('key', 'u'),
        own.put('u', 'flow', 1, 60),
        own.putIfAbsent('u', 'flow', 1, 60),
        own.get('u', 'flow'),
        own.take('u', 'flow'),
        own.increment('u', 'sent', 60),
      ];
      for (const ms of await Promise.all(none.map(given))) expect(ms).to.be.within(0, slackMs);
    });
  });
});
