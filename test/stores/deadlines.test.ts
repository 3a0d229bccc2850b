// The deadlines of many stores in one process: each counts by itself, and a promise costs no more than beside one of them.
import { executionAsyncResource } from 'node:async_hooks';
import { expect } from 'chai';
import { createDeadlines } from '../../src/stores/redis-deadline.js';

describe('deadlines of several stores', () => {
  it('are each their own, one within the other', async () => {
    const [one, other] = [createDeadlines(60_000, 50_000), createDeadlines(700, 600)];
    await one.within(async () => {
      expect(other.begin().ms).to.equal(600);
      one.begin();
      await other.within(async () => {
        await Promise.resolve();
        other.begin();
        expect(other.begin().ms).to.be.at.most(600);
        expect(one.begin().ms).to.be.within(601, 50_000);
      });
    });
    expect(one.begin().ms).to.equal(50_000);
  });

  it('are handed on to promises as one, however many there are', async () => {
    const contextsBeside = () =>
      createDeadlines(2000, 1500).within(async () => {
        await Promise.resolve();
        const handedOn = Object.getOwnPropertySymbols(executionAsyncResource());
        return handedOn.filter(({ description }) => description === 'kResourceStore').length;
      });
    const beside = await contextsBeside();
    for (let count = 0; count < 50; count += 1) await createDeadlines(2000, 1500).within(() => Promise.resolve());
    expect(await contextsBeside()).to.equal(beside);
  });
});
