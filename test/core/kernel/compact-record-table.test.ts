// The short form of a record, to the letter: what is left out, what is named shortly, what is escaped, and what is not read back. What
// a record said in one version of the package, it says in every later one.
import { expect } from 'chai';
import { compacted, readStoredRecord } from '../../../src/core/kernel/compact-record.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';

const usual = { ...emptyRecord('x'), protected: true };
const mac = { keyId: 'KEY', value: 'v' };
const record = (more: object): MfaRecord => ({ ...usual, ...more });
const without = (...names: string[]): MfaRecord =>
  Object.fromEntries(Object.entries(usual).filter(([name]) => !names.includes(name))) as MfaRecord;

/** Each is written so, and read back as it was. */
const written: [what: string, record: MfaRecord, stored: object][] = [
  ['what is usual, left out', usual, { v: 2, e: 'x', a: [] }],
  [
    'what is not usual',
    record({ protected: false, owed: ['p'], skipped: { mfa: 1 } }),
    { v: 2, e: 'x', a: [], p: false, o: ['p'], s: { mfa: 1 } },
  ],
  [
    'lists and objects of the wrong kind',
    record({ owed: {}, skipped: [], trusted: 0 }),
    { v: 2, e: 'x', a: [], o: {}, s: [], r: 0 },
  ],
  ['fields that are missing', without('owed', 'protected'), { v: 2, '~': ['owed', 'protected'], e: 'x', a: [] }],
  ['a field without a short name', record({ later: [] }), { v: 2, e: 'x', a: [], later: [] }],
  [
    'fields named like ours',
    record({ later: { e: 1, v: 2, '~x': 3, T: 4, epoch: 5 } }),
    { v: 2, e: 'x', a: [], later: { '~e': 1, '~v': 2, '~~x': 3, '~T': 4, e: 5 } },
  ],
  [
    'texts that begin like ours',
    record({ later: ['!x', '^', '*x', '~x', 'x!', ''] }),
    { v: 2, e: 'x', a: [], later: ['~!x', '~^', '~*x', '~~x', 'x!', ''] },
  ],
  [
    'other values as they are',
    record({ later: [null, true, 0.5, [], {}] }),
    { v: 2, e: 'x', a: [], later: [null, true, 0.5, [], {}] },
  ],
  [
    'what the secret of the mac sealed',
    record({ mac, later: ['v1.KEY.n.t', 'v1.OLD.n.t', 'v1.KEY', 'KEY'] }),
    { v: 2, e: 'x', a: [], m: '*KEY.v', later: ['!n.t', 'v1.OLD.n.t', 'v1.KEY', '^'] },
  ],
  [
    'sealed texts of a record without a mac',
    record({ later: ['v1.KEY.n.t', 'v1..n.t'] }),
    { v: 2, e: 'x', a: [], later: ['v1.KEY.n.t', 'v1..n.t'] },
  ],
  [
    'a mac of no form of ours',
    record({ mac: { keyId: 'a.b', value: 'v' }, later: 'v1.a.b.n' }),
    { v: 2, e: 'x', a: [], m: { I: 'a.b', value: 'v' }, later: 'v1.a.b.n' },
  ],
  [
    'a bundle',
    record({ later: { algorithm: 'SHA1', digits: 6, period: 30, secret: 's' } }),
    { v: 2, e: 'x', a: [], later: { T: 0, q: 's' } },
  ],
  [
    'a bundle that does not fit',
    record({ later: { algorithm: 'SHA1', digits: 8, period: 30 } }),
    { v: 2, e: 'x', a: [], later: { al: 'SHA1', di: 8, pe: 30 } },
  ],
  [
    'a part of a bundle',
    record({ later: { algorithm: 'SHA1', digits: 6 } }),
    { v: 2, e: 'x', a: [], later: { al: 'SHA1', di: 6 } },
  ],
  [
    'both bundles',
    record({ later: { algorithm: 'SHA1', digits: 6, period: 30, backupEligible: true, backedUp: true } }),
    { v: 2, e: 'x', a: [], later: { T: 0, W: 0 } },
  ],
  [
    'a list of a form',
    record({ ended: [{ id: 'h'.repeat(22), at: 1_800_000_000 }] }),
    { v: 2, e: 'x', a: [], n: `*${'h'.repeat(22)}tro8w0` },
  ],
  [
    'a list that is not of the form',
    record({ ended: [{ id: 'short', at: 1 }] }),
    { v: 2, e: 'x', a: [], n: [{ i: 'short', A: 1 }] },
  ],
  [
    'the same lists in a list',
    record({ later: [[{ hash: 'h'.repeat(22) }]] }),
    { v: 2, e: 'x', a: [], later: [[{ h: 'h'.repeat(22) }]] },
  ],
];

describe('a record as it is stored', () => {
  for (const [what, value, stored] of written)
    it(`has ${what}`, () => {
      expect(compacted(value)).to.deep.equal(stored);
      expect(readStoredRecord(JSON.parse(JSON.stringify(stored)))).to.deep.equal(value);
    });

  it('has no field of nothing, and keeps one named like the prototype', () => {
    expect(compacted(record({ hold: undefined }))).to.deep.equal({ v: 2, e: 'x', a: [] });
    const odd = record({ later: JSON.parse('{"__proto__":{"e":1}}') as object });
    const stored = JSON.stringify(compacted(odd));
    expect(stored).to.include('"later":{"__proto__":{"~e":1}}');
    expect(JSON.stringify(readStoredRecord(JSON.parse(stored)))).to.include('"later":{"__proto__":{"e":1}}');
  });

  it('shares nothing with another that was read', () => {
    const [one, other] = [1, 2].map(() => readStoredRecord({ v: 2, e: 'x', a: [] }));
    one!.owed.push('p');
    one!.skipped['s'] = 1;
    expect(other).to.deep.equal(usual);
  });

  it('is not read where a name or a text was never written', () => {
    const broken = [
      ...[
        { epoch: 'x' },
        { later: { kind: 'k' } },
        { later: '*x' },
        { later: ['*'] },
        { n: ['*'] },
        { '~': 'owed' },
        { '~': {} },
      ],
      ...[{ m: '*' }, { m: '*x', later: '!x' }],
    ];
    for (const stored of broken)
      expect(() => readStoredRecord({ v: 2, e: 'x', a: [], ...stored }), JSON.stringify(stored)).to.throw(TypeError);
  });

  it('that was written out is read as it stands, and no list is one', () => {
    const whole = record({ later: { e: 1 }, text: '~x' });
    expect(readStoredRecord(whole)).to.equal(whole);
    for (const other of [Object.assign([], { v: 2 }), Object.assign([], { v: 3 }), 2, true])
      expect(() => readStoredRecord(other)).to.throw(TypeError);
  });
});
