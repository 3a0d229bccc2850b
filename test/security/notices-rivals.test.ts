// Attack: one change over and over, in two processes of the app at once, so that each counts for itself.
// Rule: three notices an hour per person and kind, then one that counts; the counter is one, in the store.
// Answer: four in all, however many processes there are, and an event for each that was only counted.
import { expect } from 'chai';
import { operate } from '../support/operator-rivals.js';
import { expectTogether, startRivals, type Rivals } from '../support/rivals.js';

describe('a flood of changes in two processes of the app on one Redis', () => {
  let rivals: Rivals;

  before(async () => {
    rivals = await startRivals(2);
  });
  after(() => rivals.close());
  after(expectTogether);

  it('is told of four times to each of two people, and one of the four counts', async () => {
    const people = ['ada', 'bob'];
    const resets = Array.from({ length: 120 }, (_, index) => ({
      uid: people[index % 4 < 2 ? 0 : 1]!,
      reset: true as const,
    }));
    const { notices, events } = await operate(rivals, resets);
    expect(events.filter(({ name }) => name === 'reset')).to.have.length(120);
    for (const uid of people) {
      const told = notices.filter(({ userId }) => userId === uid).map(({ what, count = 0 }) => [what, count]);
      expect(told.sort()).to.deep.equal([...Array<unknown>(3).fill(['reset', 0]), ['reset', 4]]);
      const counted = events.filter(({ name, userId }) => name === 'send-limited' && userId === uid);
      expect(counted).to.have.length(56);
    }
  });
});
