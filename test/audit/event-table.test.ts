// The table of what the log knows of every event: a row for each, and a severity.
import { expect } from 'chai';
import { eventTable, rowOf } from '../../src/audit/event-table.js';
import { eventNames } from '../../src/core/words/events.js';

describe('the table of events', () => {
  it('has a row for every event', () => {
    expect(Object.keys(eventTable)).to.include.members([...eventNames]);
  });

  it('has a neutral row for what only a newer process can tell', () => {
    expect(rowOf('cat-fed')).to.include({ severity: 3, title: 'Something that this version does not know' });
    expect(rowOf('constructor')).to.equal(rowOf('cat-fed'));
  });

  it('gives each a severity as CEF counts them', () => {
    for (const [name, { severity }] of Object.entries(eventTable)) {
      expect(Number.isInteger(severity) && severity >= 0 && severity <= 10, name).to.equal(true);
    }
  });
});
