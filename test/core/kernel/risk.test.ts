// What levels of risk are worth beside each other.
import { expect } from 'chai';
import { higherLevel, riskLevels } from '../../../src/core/kernel/risk.js';

describe('levels of risk', () => {
  it('are three, and of two the higher counts', () => {
    expect(riskLevels).to.deep.equal(['low', 'medium', 'high']);
    for (const [index, one] of riskLevels.entries())
      for (const [at, other] of riskLevels.entries())
        expect(higherLevel(one, other)).to.equal(riskLevels[Math.max(index, at)]);
  });
});
