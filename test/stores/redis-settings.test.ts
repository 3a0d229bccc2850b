// What is said of the settings of Redis servers, by what they answer: the tables behind `ready` and the doctor.
import { expect } from 'chai';
import { askWithin } from '../../src/stores/redis-client.js';
import { checkSettings, findingsOf, type Checked, type Kept } from '../../src/stores/redis-checks.js';
import { inEnvironment } from '../support/environment.js';
import { redisStandIn } from '../support/redis-stand-in.js';
import { codeOf } from '../support/thrown.js';

const kept: Kept = { store: 'aStore', stays: 'STAYS', lost: 'LOST', lapses: 'LAPSES.' };
const durable = { 'maxmemory-policy': 'noeviction', save: '', appendonly: 'yes' };
const lru = { ...durable, 'maxmemory-policy': 'allkeys-lru' };
const ttl = { ...durable, 'maxmemory-policy': 'volatile-ttl' };
const refuse = () => {
  throw new Error("NOPERM this user has no permissions to run the 'config' command");
};

type Server = { [parameter: string]: string };
/** A server with these settings; the rest is refused, and INFO tells `info`. */
const serverOf = (
  settings: Server,
  info: () => unknown = refuse,
  reply = (name: string, value: string): unknown => [name, value],
) =>
  redisStandIn({
    config: (_get: string, name: string) => (settings[name] === undefined ? refuse() : reply(name, settings[name])),
    info,
  });

function check(servers: ReturnType<typeof serverOf>[], of = kept, environment = 'test'): Promise<Checked> {
  return inEnvironment(environment, () => checkSettings(servers, askWithin(redisStandIn({}), 30_000), of));
}

/** What each sentence must name. */
const table: [title: string, servers: ReturnType<typeof serverOf>[], unwise: RegExp[]][] = [
  ['keeps all in an append-only file', [serverOf(durable)], []],
  ['keeps snapshots', [serverOf({ ...durable, save: '3600 1', appendonly: 'no' })], []],
  ['answers settings as an object', [serverOf(durable, refuse, (name, value) => ({ [name]: value }))], []],
  ['keeps nothing on disk', [serverOf({ ...durable, appendonly: 'no' })], [/a restart loses LOST/]],
  ['evicts what has a TTL', [serverOf(ttl)], [/"volatile-ttl".*it may forget LAPSES\./]],
  ['evicts all', [serverOf(lru)], [/"allkeys-lru".*it may evict STAYS/]],
  ['stands beside one that evicts less', [serverOf(ttl), serverOf(lru)], [/"allkeys-lru".*it may evict STAYS/]],
  ['stands beside one that evicts nothing', [serverOf(durable), serverOf(ttl)], [/"volatile-ttl"/]],
  ['stands beside one that forgets', [serverOf(durable), serverOf({ ...durable, appendonly: 'no' })], [/LOST/]],
  ['stands beside one that tells nothing', [serverOf(durable), serverOf({})], [/does not allow CONFIG GET/]],
  ['tells a number', [serverOf(durable, refuse, (name) => [name, 7])], [/does not allow CONFIG GET/]],
  ['tells nothing', [serverOf({})], [/does not allow CONFIG GET/]],
  ['tells no text', [serverOf(durable, refuse, () => null)], [/does not allow CONFIG GET/]],
  [
    'tells its policy by INFO',
    [serverOf({}, () => 'a:b\r\nmaxmemory_policy:allkeys-lru\r\nc:d\r\n')],
    [/evict STAYS/, /CONFIG GET/],
  ],
  ['tells a policy that evicts nothing', [serverOf({}, () => 'maxmemory_policy:noeviction\n')], [/CONFIG GET/]],
  [
    'tells its policy in a line of its own',
    [serverOf({}, () => 'a:b\nmaxmemory_policy:allkeys-lru\nc:d')],
    [/STAYS/, /CONFIG/],
  ],
  ['tells another policy', [serverOf({}, () => 'no_maxmemory_policy:allkeys-lru\r\n')], [/CONFIG GET/]],
  [
    'tells all but its policy',
    [serverOf({ save: '', appendonly: 'yes' }, () => 'maxmemory_policy:allkeys-lru\r\n')],
    [/STAYS/, /CONFIG GET/],
  ],
  [
    'tells all but whether it saves',
    [serverOf({ 'maxmemory-policy': 'allkeys-lru', appendonly: 'yes' }, () => '')],
    [/STAYS/, /CONFIG GET/],
  ],
  [
    'tells all but whether it appends',
    [serverOf({ 'maxmemory-policy': 'noeviction', save: '' }, () => '')],
    [/CONFIG GET/],
  ],
];

describe('the settings of a Redis server', () => {
  for (const [title, servers, unwise] of table)
    it(`are told of one that ${title}`, async () => {
      const found = await check(servers);
      expect(found.wrong).to.equal(undefined);
      expect(found.unwise).to.have.length(unwise.length);
      for (const [at, words] of unwise.entries())
        expect(found.unwise[at])
          .to.match(/^aStore: /)
          .and.match(words);
    });

  it('are wrong in production where what must stay could be evicted, and only there', async () => {
    const { wrong, unwise } = await check([serverOf(ttl), serverOf(lru)], kept, 'production');
    expect(wrong).to.include({ code: 'config.redis_evicts' });
    expect(wrong?.message).to.match(/STAYS/);
    expect(unwise).to.deep.equal([]);
    for (const settings of [durable, ttl])
      expect((await check([serverOf(settings)], kept, 'production')).wrong).to.equal(undefined);
  });

  it('are not spoken of where nothing that has a TTL would be missed', async () => {
    const { lapses: _none, ...stays } = kept;
    expect(await check([serverOf(ttl)], stays)).to.deep.equal({ unwise: [] });
  });

  it('are asked for again where the server is not there yet', async () => {
    const loading = () => {
      throw new Error('LOADING Redis is loading the dataset in memory');
    };
    expect(await codeOf(check([redisStandIn({ config: loading })]))).to.equal('store.unavailable');
    expect(await codeOf(check([serverOf({}, loading)]))).to.equal('store.unavailable');
  });

  it('are told to operators by weight: what is wrong first', async () => {
    const { wrong } = await check([serverOf(lru)], kept, 'production');
    expect(findingsOf({ ...(wrong && { wrong }), unwise: ['a', 'b'] })).to.deep.equal([
      { level: 'fail', text: wrong?.message },
      { level: 'warn', text: 'a' },
      { level: 'warn', text: 'b' },
    ]);
    expect(findingsOf({ unwise: [] })).to.deep.equal([]);
  });
});
