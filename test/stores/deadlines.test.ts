// The deadlines of many stores in one process: each counts by itself, and no promise of the process pays for them.
import { executionAsyncResource } from 'node:async_hooks';
import { expect } from 'chai';
import { createDeadlines } from '../../src/stores/redis-deadline.js';

describe('deadlines of several stores', () => {
  it('are each their own, one within the other', async () => {
    const [one, other] = [createDeadlines(60_000, 50_000), createDeadlines(700, 600)];
    await one.within(async (outer) => {
      expect(other.begin().ms).to.equal(600);
      outer.begin(() => one.begin());
      await other.within(async (inner) => {
        await Promise.resolve();
        inner.begin(() => other.begin());
        expect(inner.begin(() => other.begin().ms)).to.be.at.most(600);
        expect(outer.begin(() => one.begin().ms)).to.be.within(601, 50_000);
      });
    });
    expect(one.begin().ms).to.equal(50_000);
  });

  it('are of the answer that a command begins in, whatever else begins meanwhile or fails', async () => {
    const deadlines = createDeadlines(700, 600);
    await deadlines.within(async (slow) => {
      const { end } = slow.begin(() => deadlines.begin());
      await new Promise((resolve) => setTimeout(resolve, 300));
      end();
      expect(slow.begin(() => deadlines.begin().ms)).to.be.below(600);
      await deadlines.within(async (fresh) => {
        expect(() =>
          slow.begin(() => {
            throw new Error('It cannot begin.');
          }),
        ).to.throw('It cannot begin.');
        expect(fresh.begin(() => deadlines.begin().ms)).to.equal(600);
        expect(slow.begin(() => fresh.begin(() => deadlines.begin().ms))).to.equal(600);
      });
      expect(deadlines.begin().ms).to.equal(600);
    });
  });

  it('are handed on to no promise', async () => {
    await createDeadlines(2000, 1500).within(async () => {
      await Promise.resolve();
      expect(Object.getOwnPropertySymbols(executionAsyncResource()).map(String)).not.to.include(
        'Symbol(kResourceStore)',
      );
    });
  });
});
