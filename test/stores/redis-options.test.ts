// What may be said of a store in Redis, to the very edge; and how keys are named.
import { expect } from 'chai';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { redisCaseStore } from '../../src/stores/redis-case-store.js';
import { readNamespace, redisKeys } from '../../src/stores/redis-keys.js';
import { parseOptions, type RedisStoreOptions } from '../../src/stores/redis-options.js';
import { redisStatsStore } from '../../src/stores/redis-stats-store.js';
import { redisStore } from '../../src/stores/redis-store.js';
import { redisStandIn } from '../support/redis-stand-in.js';
import { thrownBy } from '../support/thrown.js';

const client = (options?: RedisClient['options']) => redisStandIn({}, options ? { options } : {});

describe('the options of a store in Redis', () => {
  it('have their defaults, and are taken to the edge', () => {
    const { warn, ...told } = parseOptions(client(), { namespace: 'acme' });
    expect(told).to.deep.equal({ namespace: 'acme', waitReplicas: 0, timeoutMs: 1500 });
    const warned: unknown[] = [];
    const emit = process.emitWarning;
    process.emitWarning = (...given: unknown[]) => void warned.push(given);
    try {
      warn('It evicts.');
    } finally {
      process.emitWarning = emit;
    }
    expect(warned).to.deep.equal([['It evicts.', 'ExpressMfaWarning']]);
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

  it('need a namespace, and say what they were given instead', () => {
    for (const none of [undefined, null, ''])
      expect(thrownBy(() => readNamespace('aStore', none))).to.include({ code: 'config.namespace_missing' });
    for (const [wrong, received] of [
      [7, 'number'],
      ['a{', '"a{"'],
    ] as const)
      expect(thrownBy(() => readNamespace('aStore', wrong)).message).to.match(new RegExp(`received ${received}\\.$`));
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
