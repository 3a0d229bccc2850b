// Which records are read, and since when an authenticator shows who holds it.
import { expect } from 'chai';
import { emptyRecord, standsSince, upgradeRecord } from '../../../src/core/kernel/record.js';

describe('a record', () => {
  it('is of this version, or not read', () => {
    const record = emptyRecord('e');
    expect(upgradeRecord(record)).to.equal(record);
    for (const other of [{ ...record, v: 2 }, { ...record, v: '1' }, {}, null, undefined, 'text'])
      expect(() => upgradeRecord(other)).to.throw(TypeError, 'version');
  });

  it('shows who holds an authenticator since it was made, or since its address moved', () => {
    expect(standsSince({ createdAt: 5 })).to.equal(5);
    expect(standsSince({ createdAt: 5, movedAt: 7 })).to.equal(7);
    expect(standsSince({ createdAt: 5, movedAt: 3 })).to.equal(5);
  });
});
