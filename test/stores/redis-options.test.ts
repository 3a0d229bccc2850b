// What may be said of a store in Redis, to the very edge; how keys are named; and what is said of values that cannot be read.
import { expect } from 'chai';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { redisCaseStore } from '../../src/stores/redis-case-store.js';
import { redisKeys } from '../../src/stores/redis-keys.js';
import { parseOptions, type RedisStoreOptions } from '../../src/stores/redis-options.js';
import { redisStatsStore } from '../../src/stores/redis-stats-store.js';
import { redisStore } from '../../src/stores/redis-store.js';
import { recordText, storedValues } from '../../src/stores/stored-values.js';
import { storeUnavailable } from '../../src/stores/redis-client.js';
import { emptyRecord } from '../../src/core/kernel/record.js';
import { redisStandIn } from '../support/redis-stand-in.js';
import { codeOf, thrownBy } from '../support/thrown.js';

const client = (options?: RedisClient['options']) => redisStandIn({}, options ? { options } : {});

describe('the options of a store in Redis', () => {
  it('have their defaults, and are taken to the edge', () => {
    const { warn, ...told } = parseOptions(client(), { namespace: 'acme' });
    expect(told).to.deep.equal({ namespace: 'acme', waitReplicas: 0, timeoutMs: 1500 });
    expect(warn).to.be.a('function');
    for (const more of [{ waitReplicas: 0 }, { waitReplicas: 100 }, { timeoutMs: 1 }, { timeoutMs: 60_000 }])
      expect(parseOptions(client(), { namespace: 'acme', ...more })).to.include(more);
  });

  for (const more of [{ waitReplicas: 101 }, { timeoutMs: 60_001 }, { timeoutMs: 1.5 }, { waitReplicas: null }])
    it(`refuse ${JSON.stringify(more)}`, () => {
      const error = thrownBy(() => parseOptions(client(), { namespace: 'acme', ...more } as RedisStoreOptions));
      expect(error.code).to.equal('config.invalid_option');
      expect(error.message).to.match(
        /^redisStore: the option `(waitReplicas|timeoutMs)` must be a whole number from [01] to (100|60000); received/,
      );
    });

  it('refuse a client that reads from replicas', () => {
    expect(parseOptions(client({ scaleReads: 'master' }), { namespace: 'acme' })).to.include({ namespace: 'acme' });
    for (const scaleReads of ['slave', 'all'])
      expect(thrownBy(() => parseOptions(client({ scaleReads }), { namespace: 'acme' })).message).to.include(
        'scaleReads',
      );
  });

  for (const [name, make] of Object.entries({ redisCaseStore, redisStatsStore }))
    it(`of ${name} have their edge too`, () => {
      for (const timeoutMs of [1, 60_000])
        expect(make(client(), { namespace: 'acme', timeoutMs }).name).to.equal('redis');
      for (const timeoutMs of [0, 60_001, 1.5])
        expect(thrownBy(() => make(client(), { namespace: 'acme', timeoutMs })).message).to.match(
          new RegExp(
            `^${name}: the option \`timeoutMs\` must be a whole number from 1 to 60000; received ${timeoutMs}\\.$`,
          ),
        );
    });

  it('have a store save many at once only on one server, where no replica is waited for', () => {
    const nodes = () => [];
    expect(redisStore(client(), { namespace: 'acme' })).to.have.property('saveAll');
    expect(redisStore(client(), { namespace: 'acme', waitReplicas: 1 })).to.not.have.property('saveAll');
    expect(redisStore(redisStandIn({}, { nodes }), { namespace: 'acme' })).to.not.have.property('saveAll');
  });
});

describe('the keys of a store in Redis', () => {
  const keys = redisKeys('ac*me');

  it('are found by a pattern that means nothing but itself, and read back', () => {
    expect(keys.pattern('record', 'p[1]?:')).to.equal('p\\[1\\]\\?:ac\\*me:{*}:record');
    expect(redisKeys('a\\b^c').pattern('owner', '')).to.equal('a\\\\b\\^c:{*}:owner');
    for (const id of ['', 'a', '}:record', '🙂']) {
      expect(keys.nameIn('record', keys.record(id), ''), id).to.equal(id);
      expect(keys.nameIn('owner', `p:${keys.owner(id)}`, 'p:'), id).to.equal(id);
    }
  });

  it('are passed over where the pattern met something else', () => {
    for (const key of [`x${keys.record('u')}`, `${keys.record('u')}x`, keys.owner('u'), 'ac*me:u}:record', ''])
      expect(keys.nameIn('record', key, ''), key).to.equal(undefined);
  });
});

describe('values that cannot be read', () => {
  const { readRecord, readText, unreadable } = storedValues(storeUnavailable);
  const revision = '0123456789abcdef'.repeat(2);

  it('are never taken for none', () => {
    expect(readRecord(revision, recordText(emptyRecord('e')), 'u')).to.deep.equal({
      revision,
      record: emptyRecord('e'),
    });
    expect(readRecord(revision, recordText(), 'u')).to.deep.equal({ revision });
    const spoilt: [string | undefined, string | undefined][] = [
      [revision, undefined],
      [undefined, recordText()],
      [`${revision}0`, recordText()],
      [`0${revision}`, recordText()],
      [revision.toUpperCase(), recordText()],
      [revision, '{'],
      [revision, '{"v":2,"epoch":1,"authenticators":[]}'],
      [revision, '{"v":1,"epoch":"e","authenticators":{}}'],
    ];
    for (const [known, text] of spoilt)
      expect(thrownBy(() => readRecord(known, text, 'u')).message, String(text)).to.include(
        'reading the record of "u"',
      );
    for (const nothing of [null, undefined]) expect(readText(nothing, 'transient', 'u')).to.equal(undefined);
    expect(readText('null', 'transient', 'u')).to.equal(null);
    expect(thrownBy(() => readText('{', 'transient', 'u')).message).to.include(
      'reading the transient of "u": Malformed.',
    );
  });

  it('are told without what stands there, but with the version that is not known', () => {
    expect(thrownBy(() => readRecord(revision, '{"v":2,"SECRET', 'u')).message).to.match(/Malformed\.$/);
    expect(thrownBy(() => readRecord(revision, '{"v":99}', 'u')).message).to.not.match(/Malformed\.$/);
    expect(unreadable('owner', 'k').message).to.include('reading the owner of "k": Malformed.');
  });

  it('fail cases and figures as well', async () => {
    const answering = (answer: unknown) => redisStandIn({ eval: () => answer });
    const cases = redisCaseStore(answering(['{']), { namespace: 'acme' });
    expect(await codeOf(cases.list())).to.equal('store.unavailable');
    const figures = redisStatsStore(answering([1, '{', 1, 1, 1]), { namespace: 'acme' });
    expect(await codeOf(figures.running())).to.equal('store.unavailable');
    const none = redisStatsStore(answering([]), { namespace: 'acme' });
    expect([
      await none.running(),
      await none.latest(),
      await none.begin({ startedAt: 1, resumeAfter: 0, ttlSeconds: 1 }),
    ]).to.deep.equal([undefined, undefined, undefined]);
    const unasked = answering(['"a"']);
    expect(
      await redisStatsStore(unasked, { namespace: 'acme' }).list({ name: 'all', after: 0, limit: 0 }),
    ).to.deep.equal([]);
    expect(unasked.asked).to.deep.equal([]);
  });
});

describe('the end of a census in Redis', () => {
  it('sends a command for days that are to be dropped only where there are such', async () => {
    for (const [days, sent] of [
      [['2025-01-31', '2026-11-30'], 2],
      [['2025-01-30', '2025-01-31', '2026-11-30'], 3],
    ] as const) {
      const replies = [[1_796_040_000, '', 0, 0, 1], [1, [...days]], 1];
      const client = redisStandIn({ eval: () => replies.shift() });
      const store = redisStatsStore(client, { namespace: 'acme', timeoutMs: 30_000 });
      expect(await store.finish(1, { endedAt: 1_796_040_009, keepFrom: '2026-01-01' })).to.equal(true);
      expect(client.asked).to.have.length(sent);
    }
  });
});

describe('pages of values in Redis', () => {
  const revision = 'a'.repeat(32);
  const stored = `${revision}\n${recordText(emptyRecord('e'))}`;
  const scan = () => ['0', ['acme:{u}:record', 'acme:{v}:record', 'acme:{u}:record', 'other']];
  const info = () => 'run_id:0123456789abcdef';

  it('are read in one message, each key once, and key by key in a cluster', async () => {
    const get = (key: string) => (key === 'acme:{v}:record' ? null : stored);
    const single = redisStandIn({ scan, info, get });
    const nodes = () => [redisStandIn({ scan, info, get })];
    const cluster = redisStandIn({ get }, { nodes });
    for (const one of [single, cluster]) {
      const met = [];
      for await (const { userId } of redisStore(one, { namespace: 'acme', timeoutMs: 30_000 }).scan()) met.push(userId);
      expect(met).to.deep.equal(['u']);
      expect(one.asked.filter(([name, key]) => name === 'get' && key === 'acme:{u}:record')).to.have.length(1);
    }
  });

  it('tell of a key of another type, and fail where the server does', async () => {
    const fails = (message: string) => () => {
      throw new Error(message);
    };
    const get = (message: string) => (key: string) => (key.endsWith('ready}:owner') ? null : fails(message)());
    for (const cluster of [true, false]) {
      const walk = async (message: string) => {
        const answers = { scan, info, get: get(message) };
        const one = redisStandIn(answers, cluster ? { nodes: () => [redisStandIn(answers)] } : {});
        const met = [];
        for await (const { userId, unread } of redisStore(one, { namespace: 'acme', timeoutMs: 30_000 }).scan())
          met.push([userId, unread?.code]);
        return met;
      };
      expect(await walk('WRONGTYPE Operation against a key')).to.deep.equal([
        ['u', 'store.unavailable'],
        ['v', 'store.unavailable'],
      ]);
      expect(await codeOf(walk('LOADING Redis'))).to.equal('store.unavailable');
    }
    const short = { exec: () => Promise.resolve([] as [null, unknown][]) };
    const silent = redisStandIn({ scan, info, get: () => null }, { pipeline: () => short });
    const store = redisStore(silent, { namespace: 'acme', timeoutMs: 30_000 });
    const walked = async () => {
      for await (const _record of store.scan()) expect.fail('Nothing was answered.');
    };
    expect(await codeOf(walked())).to.equal('store.unavailable');
    expect(
      await codeOf(
        store.saveAll?.([{ userId: 'u', record: emptyRecord('e'), expected: undefined }]) ?? Promise.resolve(),
      ),
    ).to.equal('store.unavailable');
  });

  it('are saved together, each told apart, and fail where one is unreadable', async () => {
    const said: { [userId: string]: number } = { one: 1, lost: 0, spoilt: -1 };
    const saving = redisStandIn({
      eval: (_script: string, _count: number, key: string) => said[/\{(\w+)\}/.exec(key)?.[1] ?? ''],
    });
    const store = redisStore(saving, { namespace: 'acme', timeoutMs: 30_000 });
    const of = (...ids: string[]) =>
      ids.map((userId) => ({ userId, record: emptyRecord('e'), expected: userId === 'lost' ? 'r' : undefined }));
    const [first, second] = (await store.saveAll?.(of('one', 'lost'))) ?? [];
    expect(first).to.match(/^[0-9a-f]{32}$/);
    expect(second).to.equal(undefined);
    expect(saving.asked.map(([, , , , known, revision]) => [known, revision === first])).to.deep.equal([
      ['', true],
      ['=r', false],
    ]);
    expect(await codeOf(store.saveAll?.(of('one', 'spoilt')) ?? Promise.resolve())).to.equal('store.unavailable');
    expect(await codeOf(store.save('spoilt', emptyRecord('e'), undefined))).to.equal('store.unavailable');
    expect(await store.save('lost', emptyRecord('e'), 'r')).to.equal(undefined);
  });
});
