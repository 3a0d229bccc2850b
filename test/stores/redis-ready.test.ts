// What a store asks of Redis before it is used, by what servers answer: rights that are missing, settings that are unwise, a clock.
// Redis that really refuses is in the tests beside.
import { expect } from 'chai';
import type { RedisClient } from '../../src/stores/redis-client.js';
import { patientStore } from '../support/patience.js';
import { redisStandIn, type Answers } from '../support/redis-stand-in.js';
import { rejectionOf } from '../support/thrown.js';

const fails = (message: string) => () => {
  throw new Error(message);
};
const settings: { [name: string]: string } = { 'maxmemory-policy': 'noeviction', save: '', appendonly: 'no' };
const allowing: Answers = {
  get: () => null,
  set: () => 'OK',
  incrby: fails('ERR value is not an integer or out of range'),
  pttl: () => 60_000,
  pexpire: () => 1,
  eval: () => '1',
  scan: () => ['0', []],
  wait: () => 1,
  del: () => 0,
  config: (_get: string, name: string) => [name, settings[name]],
  time: () => ['1700000000', '250000'],
};
/** A store over a server that answers these, and otherwise allows all; what it warns of. */
function storeOn(answers: Answers, more: Partial<RedisClient> = {}) {
  const warned: string[] = [];
  const client = redisStandIn({ ...allowing, ...answers }, more);
  const store = patientStore(client, {
    namespace: 'acme',
    warn: (message) => void warned.push(message),
  });
  return { store, warned, client };
}
/** One message of these commands is not answered. */
const silentTo = (command: string): Partial<RedisClient> => {
  const { pipeline } = redisStandIn(allowing);
  return {
    pipeline: (commands) => (commands[0]?.[0] === command ? { exec: () => Promise.resolve(null) } : pipeline(commands)),
  };
};

describe('redisStore before it is used', () => {
  it('warns once of what is unwise, however often it is asked whether it is ready', async () => {
    const { store, warned } = storeOn({});
    for (const time of ['first', 'second']) {
      await store.ready?.();
      expect(warned, time).to.have.length(1);
    }
    expect(warned[0]).to.match(/^redisStore: Redis keeps nothing on disk/);
  });

  it('names each right that is missing, also where not even a key may be read', async () => {
    const forbidden = fails("NOPERM this user has no permissions to run the 'x' command");
    for (const [answers, lacks] of [
      [{ get: forbidden }, '+get'],
      [{ pttl: forbidden, del: forbidden }, '+pttl +del'],
      [{ set: fails('NOPERM No permissions to access a key') }, '~acme:*'],
    ] as const) {
      const error = await rejectionOf(async () => storeOn(answers).store.ready?.());
      expect(error.code).to.equal('config.redis_forbids');
      expect(error.message).to.include(`lacks ${lacks}. `);
    }
  });

  it('tells a script that is refused from one that fails now', async () => {
    for (const [said, code] of [
      ['NOPERM The user has no permission', 'config.redis_forbids'],
      ['LOADING Redis is loading', 'store.unavailable'],
    ] as const) {
      const script = (text: string) => (text === 'return 1' ? 1 : fails(said)());
      expect((await rejectionOf(async () => storeOn({ eval: script }).store.ready?.())).code, said).to.equal(code);
    }
  });

  it('fails where it is not answered, and never takes that for a right or a clock', async () => {
    for (const command of ['set', 'time']) {
      const failed = await rejectionOf(async () => storeOn({}, silentTo(command)).store.examine?.());
      expect(failed.code, command).to.equal('store.unavailable');
      expect(failed.message).to.match(/No reply\.$/);
    }
  });

  it('tells operators its clock, or that it may not be told', async () => {
    expect(await storeOn({}).store.examine?.()).to.have.property('serverTimeMs', 1_700_000_000_250);
    const unsaid = await storeOn({ time: fails('NOPERM no') }).store.examine?.();
    expect(unsaid).to.not.have.property('serverTimeMs');
    expect(unsaid?.findings.map(({ level }) => level)).to.deep.equal(['warn', 'warn']);
    expect(unsaid?.findings[1]?.text).to.include('does not allow TIME');
  });
});

describe('the time of an answer over Redis', () => {
  it('is that of a command where that is longer', async () => {
    const copies: ReturnType<typeof redisStandIn>[] = [];
    const duplicate = () => {
      const copy = redisStandIn(allowing);
      copies.push(copy);
      return copy;
    };
    const client = redisStandIn(allowing, { duplicate });
    const store = patientStore(client, { namespace: 'acme', timeoutMs: 50_000, waitReplicas: 1 });
    await store.within?.((own) => own.remove('u'));
    expect(copies[0]?.asked.at(-1)).to.deep.equal(['wait', 1, 25_000]);
  });
});
