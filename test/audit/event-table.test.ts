import { expect } from 'chai';
import { eventTable } from '../../src/audit/event-table.js';
import { eventNames } from '../../src/core/words/events.js';

describe('the table of events', () => {
  it('has a row for every event, and for nothing else', () => {
    expect(Object.keys(eventTable).sort()).to.deep.equal([...eventNames].sort());
  });

  it('gives each a severity as CEF counts them', () => {
    for (const [name, { severity }] of Object.entries(eventTable)) {
      expect(Number.isInteger(severity) && severity >= 0 && severity <= 10, name).to.equal(true);
    }
  });
});
