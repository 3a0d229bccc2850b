// Who is barred: whoever any one source suspended, and nobody else.
import { expect } from 'chai';
import { barredBy, refusedAsBarred } from '../../../src/core/rules/barred.js';
import { emptyRecord } from '../../../src/core/kernel/record.js';

describe('an account', () => {
  it('is barred by any one source, from whenever, and the refusal names none', () => {
    const barred = (suspended?: object) => ({ ...emptyRecord('e'), ...(suspended && { suspended }) });
    expect(barredBy(barred({ admin: 0 }))).to.equal('admin');
    expect(barredBy(barred({ scim: 5 }))).to.equal('scim');
    for (const free of [barred(), barred({})]) {
      expect(barredBy(free)).to.equal(undefined);
      expect(refusedAsBarred(free)).to.equal(undefined);
    }
    expect(refusedAsBarred(undefined)).to.equal(undefined);
    const refusal = refusedAsBarred(barred({ scim: 5 }));
    expect(refusal).to.include({ accepted: false, reason: 'session.mfa.suspended' });
    expect(JSON.stringify(refusal)).to.not.include('scim');
  });
});
