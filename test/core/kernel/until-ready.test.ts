// A store at start-up that is ready, or never will be. How one is waited for is not asked here.
import { expect } from 'chai';
import { untilReady } from '../../../src/core/kernel/until-ready.js';
import { MfaError } from '../../../src/core/words/errors.js';
import { codeOf } from '../../support/thrown.js';

describe('a store at start-up', () => {
  it('is ready where it says so or has nothing to say, without a word', async () => {
    const warned: string[] = [];
    const warn = (message: string) => void warned.push(message);
    await untilReady({}, warn);
    await untilReady({ ready: async () => undefined }, warn);
    expect(warned).to.deep.equal([]);
  });

  it('is not waited for where waiting does not help', async () => {
    const ready = () => Promise.reject(new MfaError('config.redis_evicts', 'x'));
    const warned: string[] = [];
    expect(await codeOf(untilReady({ ready }, (message) => void warned.push(message)))).to.equal('config.redis_evicts');
    expect(warned).to.deep.equal([]);
  });
});
