// Days of a census: in UTC, and which of them go.
import { expect } from 'chai';
import { dayOf, daysToDrop } from '../../../src/core/kernel/stats.js';

describe('the day of a time', () => {
  it('is that of UTC, to the second', () => {
    const midnight = Date.UTC(2026, 10, 29) / 1000;
    expect(dayOf(midnight)).to.equal('2026-11-29');
    expect(dayOf(midnight - 1)).to.equal('2026-11-28');
    expect(dayOf(midnight + 86_399)).to.equal('2026-11-29');
    expect(dayOf(0)).to.equal('1970-01-01');
  });
});

describe('days that go', () => {
  it('are those before a day, but for the last of each month, whatever their order', () => {
    const days = ['2026-11-02', '2026-09-30', '2026-10-01', '2026-10-30', '2026-09-01', '2026-11-01', '2025-10-05'];
    const rows: [keepFrom: string, gone: string[]][] = [
      ['2026-09-01', []],
      ['2026-09-02', ['2026-09-01']],
      ['2026-10-01', ['2026-09-01']],
      ['2026-10-02', ['2026-10-01', '2026-09-01']],
      ['2026-11-02', ['2026-10-01', '2026-09-01', '2026-11-01']],
      ['2027-01-01', ['2026-10-01', '2026-09-01', '2026-11-01']],
    ];
    for (const [keepFrom, gone] of rows) expect(daysToDrop(days, keepFrom), keepFrom).to.deep.equal(gone);
    expect(days[0]).to.equal('2026-11-02');
    expect(daysToDrop([], '2027-01-01')).to.deep.equal([]);
  });
});
