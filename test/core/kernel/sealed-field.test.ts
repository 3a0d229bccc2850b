// Fields of a record that open in their place alone, and are sealed anew once their secret is not the newest.
import { expect } from 'chai';
import { emptyRecord } from '../../../src/core/kernel/record.js';
import { openField, outdatedFields, resealed, sealField } from '../../../src/core/kernel/sealed-field.js';
import { createSealer } from '../../../src/crypto/seal.js';
import { secretOfTests } from '../../support/core-kernel.js';
import { thrownBy } from '../../support/thrown.js';

const next = 'the next secret of the tests, thirty-two bytes';
const [before, rotated, after] = [[secretOfTests], [next, secretOfTests], [next]].map((secrets) =>
  createSealer({ secrets, namespace: 'tests' }),
) as [ReturnType<typeof createSealer>, ReturnType<typeof createSealer>, ReturnType<typeof createSealer>];

describe('a sealed field', () => {
  it('opens in its field of its person alone', () => {
    const field = sealField(before, 'ann', 'spent', 'plain');
    expect(openField(before, 'ann', 'spent', field)).to.equal('plain');
    for (const open of [
      () => openField(before, 'bob', 'spent', field),
      () => openField(before, 'ann', 'recovery', field),
      () => openField(after, 'ann', 'spent', field),
    ])
      expect(thrownBy(open).code).to.equal('store.unavailable');
  });

  it('is outdated where an older secret sealed it, and is sealed anew with all that stands beside', () => {
    const [old, young] = [sealField(before, 'ann', 'spent', 'old'), sealField(rotated, 'ann', 'recovery', 'young')];
    const rows = { rows: [], ...sealField(before, 'ann', 'activity', 'browsers') };
    const record = { ...emptyRecord('e'), spent: old, recovery: young, activity: rows, hold: { since: 1, until: 2 } };
    expect(outdatedFields(rotated, record)).to.deep.equal([
      ['spent', old],
      ['activity', rows],
    ]);
    expect(outdatedFields(before, { ...record, recovery: old })).to.deep.equal([]);
    const none = { ...emptyRecord('e'), spent: null, recovery: { sealed: 7 }, addresses: undefined } as never;
    expect(outdatedFields(rotated, none)).to.deep.equal([]);
    const anew = resealed(rotated, 'ann', 'activity', rows);
    expect(anew).to.have.deep.property('rows', []);
    expect(rotated.isCurrent(anew.sealed)).to.equal(true);
    expect(openField(after, 'ann', 'activity', anew)).to.equal('browsers');
    expect(thrownBy(() => resealed(rotated, 'bob', 'activity', rows)).code).to.equal('store.unavailable');
  });
});
