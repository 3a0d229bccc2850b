// What the store in Redis tries before it may be used: which rights are missing by what a server refuses, what is no refusal, and the
// clock.
import { expect } from 'chai';
import type { RedisClient } from '../../src/stores/redis-client.js';
import type { RedisStoreOptions } from '../../src/stores/redis-options.js';
import { patientStore } from '../support/patience.js';
import { redisStandIn, type Answers } from '../support/redis-stand-in.js';
import { codeOf } from '../support/thrown.js';

const fails = (message: string) => () => {
  throw new Error(message);
};
const denied = (command: string) => fails(`NOPERM this user has no permissions to run the '${command}' command`);
const settings: { [name: string]: string } = { 'maxmemory-policy': 'noeviction', save: '', appendonly: 'yes' };
const well: Answers = {
  set: () => 'OK',
  get: () => null,
  incrby: fails('ERR value is not an integer or out of range'),
  pttl: () => 60_000,
  pexpire: () => 1,
  eval: () => 1,
  scan: () => ['0', []],
  wait: () => 0,
  del: () => 1,
  config: (_get: string, name: string) => [name, settings[name]],
  info: () => '',
  time: () => ['1700000000', '123456'],
};
/** The scripts of the store answer as these do. */
const scripts = { eval: (script: string) => (script.includes('INCRBY') ? [1, 60_000] : '1') };

const storeOn = (answers: Answers, options: Partial<RedisStoreOptions> = {}, more: Partial<RedisClient> = {}) => {
  const client = redisStandIn({ ...well, ...scripts, ...answers }, more);
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  return { client, warnings, store: patientStore(client, { namespace: 'acme', warn, ...options }) };
};
const tried = ['set', 'get', 'incrby', 'pttl', 'pexpire', 'eval', 'scan', 'del', 'del', 'del'];
const namesOf = (asked: readonly unknown[][]) => asked.map(([name]) => name);

describe('what a store in Redis tries before it may be used', () => {
  it('finds nothing where all is allowed, and tells the clock of the server', async () => {
    const { client, store, warnings } = storeOn({});
    expect(await store.examine?.()).to.deep.equal({ findings: [], serverTimeMs: 1_700_000_000_123.456 });
    await store.ready?.();
    expect(warnings).to.deep.equal([]);
    expect(namesOf(client.asked.slice(0, 11))).to.deep.equal(['get', ...tried]);
  });

  it('tries WAIT where replicas are waited for', async () => {
    const { client, store } = storeOn({ wait: denied('wait') }, { waitReplicas: 1 }, {});
    const { findings = [] } = (await store.examine?.()) ?? {};
    expect(findings[0]?.text).to.include('lacks +wait.');
    expect(namesOf(client.asked)).to.include('wait');
  });

  it('tries keys of nobody, of its namespace, that lapse or are deleted', async () => {
    const { client, store } = storeOn({});
    await store.examine?.();
    const keyed = client.asked.slice(1, 11).filter(([name]) => name !== 'scan');
    for (const [name, ...args] of keyed) {
      const key = String(name === 'eval' ? args[2] : args[0]);
      expect(key, String(name)).to.match(/^acme:\{(%|ready\/[\w-]+)\}:(transient:ready\/[\w-]+|record|owner)$/);
    }
    expect(client.asked[1]?.slice(2)).to.deep.equal(['1', 'PX', 60_000]);
    expect(client.asked[5]?.[2]).to.equal(60_000);
    expect(new Set(keyed.map((command) => command.join()).filter((one) => one.startsWith('del'))).size).to.equal(3);
  });

  it('puts the prefix of a cluster before keys that it asks its nodes for, and only there', async () => {
    const node = redisStandIn({ ...well, ...scripts });
    const options = { keyPrefix: 'p:' };
    const { client, store } = storeOn({}, {}, { nodes: () => [node], options });
    await store.examine?.();
    expect(String(node.asked[0]?.[1])).to.match(/^p:acme:\{/);
    const single = storeOn({}, {}, { options });
    await single.store.examine?.();
    expect(String(single.client.asked[1]?.[1])).to.match(/^acme:\{/);
    expect(single.client.asked.find(([name]) => name === 'scan')?.[3]).to.match(/^p:acme:/);
    expect(namesOf(client.asked)).to.not.include('pttl');
  });

  const lacking: [answers: Answers, lacks: string, prefix?: string][] = [
    [{ incrby: denied('incrby') }, '+incrby'],
    [{ del: denied('del') }, '+del'],
    [{ pttl: denied('pttl'), pexpire: fails("ERR unknown command 'pexpire'") }, '+pttl +pexpire'],
    [{ set: fails('NOPERM No permissions to access a key') }, '~acme:*'],
    [{ set: fails('NOPERM one of the keys used as arguments') }, '~p:acme:*', 'p:'],
  ];
  for (const [answers, lacks, keyPrefix] of lacking)
    it(`says that ${lacks} is missing`, async () => {
      const { store } = storeOn(answers, {}, keyPrefix === undefined ? {} : { options: { keyPrefix } });
      const { findings = [] } = (await store.examine?.()) ?? {};
      expect(findings.map(({ level }) => level)).to.deep.equal(['fail']);
      expect(findings[0]?.text).to.include(`lacks ${lacks}. docs/deploy-on-redis.md`);
      expect(await codeOf(store.ready?.() ?? Promise.resolve())).to.equal('config.redis_forbids');
    });

  it('takes a redirection for leave, and what it cannot tell for a server that is to be asked again', async () => {
    expect((await storeOn({ pttl: fails('MOVED 1 127.0.0.1:7000') }).store.examine?.())?.findings).to.deep.equal([]);
    expect((await storeOn({ pttl: fails('ASK 1 127.0.0.1:7000') }).store.examine?.())?.findings).to.deep.equal([]);
    const silent = { pipeline: () => ({ exec: () => Promise.resolve(null) }) };
    for (const { store } of [
      storeOn({ pttl: fails('LOADING Redis is loading') }),
      storeOn({ get: fails('LOADING Redis is loading') }),
      storeOn({ eval: fails('BUSY Redis is busy running a script') }),
      storeOn({ time: fails('LOADING Redis is loading') }),
      storeOn({}, {}, silent),
    ])
      expect(await codeOf(store.examine?.() ?? Promise.resolve())).to.equal('store.unavailable');
  });

  it('says so where not even a key may be read, or a script may not do what it may do', async () => {
    let gets = 0;
    const onlyOnce = () => ((gets += 1) % 2 === 1 ? denied('get')() : null);
    expect((await storeOn({ get: onlyOnce }).store.examine?.())?.findings[0]?.text).to.include('may not read a key');
    const inScript = (script: string) => (script === 'return 1' ? 1 : fails('NOPERM in a script')());
    const { findings = [] } = (await storeOn({ eval: inScript }).store.examine?.()) ?? {};
    expect(findings[0]?.text).to.match(/may not do in a script what it may do: .*NOPERM in a script/);
  });

  it('says that the clock may not be read', async () => {
    const { findings = [], serverTimeMs } = (await storeOn({ time: denied('time') }).store.examine?.()) ?? {};
    expect(serverTimeMs).to.equal(undefined);
    expect(findings.map(({ level, text }) => [level, text.includes('TIME')])).to.deep.equal([['warn', true]]);
  });

  it('warns once of what is unwise, however often it is asked', async () => {
    const { store, warnings } = storeOn({ config: denied('config') });
    await store.ready?.();
    await store.ready?.();
    expect(warnings).to.have.length(1);
  });
});
