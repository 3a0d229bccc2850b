// Exempt from the policy for a while: when one is in force, how many days of a year it counts, and how it ends.
import { expect } from 'chai';
import { exemptDays, exemptionOf, withExemption, withoutExemption } from '../../../src/core/rules/exemption.js';
import { emptyRecord, type Exemption, type MfaRecord } from '../../../src/core/kernel/record.js';

const day = 86_400;
const now = 1_800_000_000;
const had = (...exemptions: Exemption[]): MfaRecord => ({ ...emptyRecord('e'), exemptions });

describe('an exemption', () => {
  it('is in force from its first second to its last, and the latest one counts', () => {
    const record = had({ from: 1, until: now + 9 * day }, { from: now, until: now + day });
    expect(exemptionOf(record, now - 1)).to.equal(undefined);
    expect(exemptionOf(record, now)).to.deep.equal({ from: now, until: now + day });
    expect(exemptionOf(record, now + day - 1)).to.deep.equal({ from: now, until: now + day });
    expect(exemptionOf(record, now + day)).to.equal(undefined);
    expect(exemptionOf(emptyRecord('e'), now)).to.equal(undefined);
  });

  it('counts the days of the last year, begun ones as whole, and of an older one what is within it', () => {
    const yearAgo = now - 365 * day;
    expect(exemptDays([], now)).to.equal(0);
    expect(exemptDays([{ from: now, until: now + 1 }], now)).to.equal(1);
    expect(exemptDays([{ from: now - day, until: now + day }], now)).to.equal(2);
    expect(exemptDays([{ from: yearAgo - 5 * day, until: yearAgo + day }], now)).to.equal(1);
    expect(exemptDays([{ from: yearAgo - 5 * day, until: yearAgo }], now)).to.equal(0);
    const two = [
      { from: now - 20 * day, until: now - 15 * day },
      { from: now - 10 * day, until: now - 9 * day + 1 },
    ];
    expect(exemptDays(two, now)).to.equal(7);
  });

  it('that is in force becomes longer or shorter; one that is over stays counted for a year', () => {
    const running = { from: now - day, until: now + day };
    expect(withExemption(had(running), now + 5, now)).to.deep.equal([{ from: now - day, until: now + 5 }]);
    const over = { from: now - 3 * day, until: now };
    expect(withExemption(had(over), now + day, now)).to.deep.equal([over, { from: now, until: now + day }]);
    const three = had(over, { ...over, from: 7 }, running);
    expect(withExemption(three, now + 5, now)).to.have.length(3);
    const ended = { ...running, until: now };
    expect(withoutExemption(three, now).exemptions).to.deep.equal([over, { ...over, from: 7 }, ended]);
    const forgotten = { from: 1, until: now - 365 * day };
    expect(withExemption(had(forgotten, running), now + 5, now)).to.deep.equal([{ from: now - day, until: now + 5 }]);
    expect(withExemption(emptyRecord('e'), now + 5, now)).to.deep.equal([{ from: now, until: now + 5 }]);
  });

  it('ends now where one is in force, and else nothing changes', () => {
    const over = { from: 1, until: 2 };
    const ended = withoutExemption(had(over, { from: now - day, until: now + day }), now);
    expect(ended.exemptions).to.deep.equal([over, { from: now - day, until: now }]);
    for (const record of [ended, had(over), emptyRecord('e')]) expect(withoutExemption(record, now)).to.equal(record);
  });
});
