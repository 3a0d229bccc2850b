// What a reset leaves: bars, holds, exemptions and levels outlive it, what somebody has does not.
import { expect } from 'chai';
import { lastingOf } from '../../../src/core/rules/lasting.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';

describe('what outlives the rest of a record', () => {
  it('is nothing where nothing bars, holds or is known', () => {
    const record: MfaRecord = { ...emptyRecord('e'), protected: true, owed: ['backup-codes'], skipped: { x: 1 } };
    expect(lastingOf(record)).to.deep.equal({});
  });

  it('is each of these as it was', () => {
    const lasting: Partial<MfaRecord> = {
      suspended: { admin: 5 },
      account: 'anew',
      hold: { since: 1, until: 2 },
      codesBarredUntil: 9,
      exemptions: [{ from: 1, until: 2 }],
      history: { sealed: 'x' },
      upstream: [{ issuer: 'i', claim: 'c' }],
      releasedUntil: 7,
    };
    expect(lastingOf({ ...emptyRecord('e'), protectedBefore: true, ...lasting })).to.deep.equal(lasting);
  });

  it('keeps the worst level of any browser for all of them: none is known any more', () => {
    const raised = { unknown: 'medium', 'known:a': 'high', 'known:b': 'low' } as const;
    expect(lastingOf({ ...emptyRecord('e'), raised }).raised).to.deep.equal({ unknown: 'high' });
    expect(lastingOf({ ...emptyRecord('e'), raised: { unknown: 'low' } })).to.deep.equal({});
  });
});
