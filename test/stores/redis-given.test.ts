// Which client a store in Redis was given: of ioredis, of node-redis, or neither, which is refused with what it lacks.
import { expect } from 'chai';
import { readClient, wholeClient } from '../../src/stores/node-redis.js';
import { redisStandIn } from '../support/redis-stand-in.js';
import { thrownBy } from '../support/thrown.js';

const nothing = () => undefined;
/** What tells a client of node-redis. */
const whole = { isOpen: true, sendCommand: nothing, withTypeMapping: nothing, multi: nothing, on: nothing };

describe('the client of a store in Redis', () => {
  it('is told from a client of ioredis, and from what is neither', () => {
    expect(readClient('aStore', whole as never)).to.not.equal(whole);
    const ioredis = redisStandIn({});
    expect(wholeClient('aStore', ioredis)).to.equal(ioredis);
    const both = { ...ioredis, withTypeMapping: () => undefined };
    expect(readClient('aStore', both)).to.equal(both);
    const wrong: [unknown, string][] = [
      [undefined, 'eval'],
      [null, 'eval'],
      [{}, 'eval'],
      [{ ...whole, on: undefined }, 'eval'],
      [{ ...whole, multi: undefined }, 'eval'],
      [{ ...whole, totalClients: 1 }, 'eval'],
    ];
    for (const [given, method] of wrong) {
      const error = thrownBy(() => readClient('aStore', given as never));
      expect(error).to.include({ code: 'config.invalid_option' });
      expect(error.message).to.match(new RegExp(`^aStore: the client has no method \`${method}\``));
    }
    for (const method of ['eval', 'get', 'set', 'scan', 'config', 'pipeline', 'duplicate', 'on'])
      expect(thrownBy(() => wholeClient('aStore', { ...ioredis, [method]: undefined })).message).to.include(
        `\`${method}\``,
      );
    expect(readClient('aStore', { eval: () => undefined } as never)).to.have.property('eval');
  });
});
