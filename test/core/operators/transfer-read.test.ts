// What is exported of one store is read as what it says, or refused with what is wrong with it; and states and names tell apart.
import { expect } from 'chai';
import { nameOf, readTransferred, stateOf, unreadable } from '../../../src/core/operators/transfer.js';
import { compacted } from '../../../src/core/kernel/compact-record.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { testKernel } from '../../support/core-kernel.js';
import { thrownBy } from '../../support/thrown.js';

const { sealer } = testKernel();
const one: MfaRecord = { ...emptyRecord('one'), protected: true, skipped: { b: 1, a: 2 } };
const other = emptyRecord('other');

describe('what an export says', () => {
  const read = (said: object) => readTransferred(said as { [name: string]: unknown });

  for (const [what, said, meant] of [
    ['a record', { userId: 'ann', record: one }, { userId: 'ann', record: one }],
    ['a record as a store keeps it', { userId: 'ann', record: compacted(one) }, { userId: 'ann', record: one }],
    [
      'whose place it takes',
      { userId: 'ann', record: one, instead: 'x' },
      { userId: 'ann', record: one, instead: 'x' },
    ],
    ['a place that is none', { userId: 'ann', record: one, instead: 7 }, { userId: 'ann', record: one }],
    ['somebody who was removed', { userId: 'ann', removed: true, instead: 'x' }, { userId: 'ann', instead: 'x' }],
    ['somebody removed, whose record is not looked at', { userId: 'ann', removed: true, record: 7 }, { userId: 'ann' }],
    [
      'what cannot be read',
      { userId: 'ann', unread: true, instead: 'x' },
      { userId: 'ann', record: unreadable, instead: 'x' },
    ],
    ['what is said to be readable', { userId: 'ann', unread: 'true', record: one }, { userId: 'ann', record: one }],
    ['a claim', { claim: 'k', userId: 'ann', instead: 'x' }, { claim: 'k', userId: 'ann', instead: 'x' }],
    ['a claim of nobody any more', { claim: 'k', removed: true, instead: 'x' }, { claim: 'k', instead: 'x' }],
  ] as const)
    it(`is read: ${what}`, () => expect(read(said)).to.deep.equal(meant));

  for (const [what, said, fault] of [
    ['a claim that is no text', { claim: 7, userId: 'ann' }, 'it is no claim'],
    ['a claim of nobody', { claim: 'k' }, 'it is no claim'],
    ['a claim of the empty id', { claim: 'k', userId: '' }, 'it is no claim'],
    ['a claim of a number', { claim: 'k', userId: 7 }, 'it is no claim'],
    ['a claim half given up', { claim: 'k', removed: 'true' }, 'it is no claim'],
    ['a record of nobody', { record: one }, 'it is of nobody'],
    ['a record of the empty id', { userId: '', record: one }, 'it is of nobody'],
    ['a record of a number', { userId: 7, removed: true }, 'it is of nobody'],
    ['a record without epoch', { userId: 'ann', record: { ...one, epoch: 7 } }, 'it is no record'],
    ['a record without methods', { userId: 'ann', record: { ...one, authenticators: {} } }, 'it is no record'],
  ] as const)
    it(`is refused: ${what}`, () => {
      expect(thrownBy(() => read(said)))
        .to.be.instanceOf(TypeError)
        .with.property('message', fault);
    });

  it('is refused with neither record nor a word of why not, and of an unknown version', () => {
    for (const said of [{}, { removed: 'true' }, { unread: 1 }, { record: { ...one, v: 9 } }])
      expect(
        thrownBy(() => read({ userId: 'ann', ...said })),
        JSON.stringify(said),
      ).to.be.instanceOf(TypeError);
  });

  it('gives whom nobody can read a record of no app', () =>
    expect(unreadable).to.deep.equal(emptyRecord('unreadable')));
});

describe('the state of what stands in a store', () => {
  it('is the same for the same, in whatever order it is written, and else another', () => {
    const turned = Object.fromEntries(Object.entries({ ...one, skipped: { a: 2, b: 1 } }).reverse()) as MfaRecord;
    expect(stateOf(sealer, { record: turned })).to.equal(stateOf(sealer, { record: one, userId: 'bob' }));
    expect(stateOf(sealer, { record: one })).to.match(/^[\w-]{22}$/);
    const states = [
      stateOf(sealer, { record: one }),
      stateOf(sealer, { record: other }),
      stateOf(sealer, { claim: 'k', userId: 'ann', record: one }),
      stateOf(sealer, { claim: 'k', userId: 'bob' }),
      'removed',
    ];
    expect(new Set(states).size).to.equal(states.length);
    expect(stateOf(sealer, { userId: 'ann' }), 'somebody removed').to.equal('removed');
    expect(stateOf(sealer, { claim: 'k' }), 'a claim of nobody').to.equal('removed');
  });

  it('has a name for people and claims that no two of them share', () => {
    const names = [nameOf({ userId: 'a' }), nameOf({ userId: 'pa' }), nameOf({ claim: 'a' }), nameOf({ claim: '' })];
    expect(new Set(names).size).to.equal(4);
    expect(nameOf({ claim: 'a', userId: 'ann' })).to.equal(nameOf({ claim: 'a' }));
  });
});
