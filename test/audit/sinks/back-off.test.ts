// How long a sink waits after it failed.
import { expect } from 'chai';
import { backOff } from '../../../src/audit/sinks/back-off.js';

function waitAfter(failures: number): number {
  const waits = backOff(4, 10, Date.now);
  for (let failed = 1; failed < failures; failed += 1) waits.failed();
  return waits.failed();
}

describe('the wait after a failure', () => {
  it('is twice as long each time, up to the most, and between half of that and all of it', () => {
    for (const [failures, least, most] of [
      [1, 2, 4],
      [2, 4, 8],
      [3, 5, 10],
      [4, 5, 10],
    ] as const) {
      const drawn = Array.from({ length: 300 }, () => waitAfter(failures));
      expect([Math.min(...drawn), Math.max(...drawn)], `after ${failures}`).to.deep.equal([least, most]);
    }
    expect(waitAfter(5000)).to.be.within(5, 10);
    expect(backOff(1, 1, Date.now).failed()).to.equal(1);
    expect(backOff(3, 3, Date.now).failed()).to.be.within(2, 3);
  });

  it('begins anew after a success, and so does the time since when it fails', () => {
    let now = 1_000_000;
    const waits = backOff(1, 1000, () => now);
    expect(waits.since()).to.equal(undefined);
    waits.failed();
    now += 1000;
    expect(waits.failed()).to.be.within(1, 2);
    expect(waits.since()).to.equal(1_000_000);
    waits.succeeded();
    expect(waits.since()).to.equal(undefined);
    expect(waits.failed()).to.equal(1);
    expect(waits.since()).to.equal(now);
  });
});
