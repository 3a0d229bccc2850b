// Sign-ins that ended, as the record knows them: by name and by flow, twenty at most.
import { expect } from 'chai';
import { canEnd, endedByFlow, endedByName, hasEnded, withEnded } from '../../../src/core/rules/ended-sign-ins.js';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import type { SignIn } from '../../../src/core/kernel/sign-in.js';
import { testKernel } from '../../support/core-kernel.js';

const kernel = testKernel();
const name = 'a-name-of-a-sign-in-which-is-long';
const signIn = { flowId: 'flow', signInId: name } as SignIn;
const unnamed = { flowId: 'other' } as SignIn;

describe('a sign-in that ended', () => {
  it('is known by its name, or by its flow, and no other is', () => {
    const byName = withEnded(kernel, emptyRecord('e'), endedByName(name));
    const byFlow = withEnded(kernel, emptyRecord('e'), endedByFlow(kernel, 'flow'));
    for (const record of [byName, byFlow]) {
      expect(hasEnded(kernel, signIn, record)).to.equal(true);
      expect(hasEnded(kernel, unnamed, record)).to.equal(false);
      expect(JSON.stringify(record.ended)).to.not.include('"flow"').and.not.include(name);
    }
    expect(hasEnded(kernel, { ...signIn, signInId: 'another' }, byName)).to.equal(false);
    expect(hasEnded(kernel, { ...signIn, flowId: 'another' }, byName)).to.equal(true);
    expect(hasEnded(kernel, signIn, withEnded(kernel, byName, 'another'))).to.equal(true);
    expect(hasEnded(kernel, signIn, emptyRecord('e'))).to.equal(false);
  });

  it('stands there once, with its last end, as long as anything proved in it could count', () => {
    const at = (now: number) => ({ ...kernel, now: () => now });
    const first = withEnded(at(1000), emptyRecord('e'), 'a');
    expect(first.ended).to.deep.equal([{ id: 'a', at: 1000 }]);
    const again = withEnded(at(2000), withEnded(at(1500), first, 'b'), 'a');
    expect(again.ended).to.deep.equal([
      { id: 'b', at: 1500 },
      { id: 'a', at: 2000 },
    ]);
    const { elevationMaxAgeSeconds } = kernel.settings;
    expect(withEnded(at(1500 + elevationMaxAgeSeconds), again, 'c').ended).to.have.length(3);
    expect(withEnded(at(1501 + elevationMaxAgeSeconds), again, 'c').ended?.map(({ id }) => id)).to.deep.equal([
      'a',
      'c',
    ]);
  });

  it('gives way to the twenty-first', () => {
    let record = emptyRecord('e');
    for (let nth = 1; nth <= 21; nth += 1) record = withEnded(kernel, record, String(nth));
    expect(record.ended?.map(({ id }) => Number(id))).to.deep.equal(Array.from({ length: 20 }, (_, at) => at + 2));
  });

  it('is of somebody who is protected, or vouched for', () => {
    expect(canEnd(emptyRecord('e'))).to.equal(false);
    expect(canEnd({ ...emptyRecord('e'), protected: true })).to.equal(true);
    expect(canEnd({ ...emptyRecord('e'), upstream: [] })).to.equal(true);
  });
});
