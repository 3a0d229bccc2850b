// The short form of a record says all that the record says, whatever is in it, and is no longer than it must be.
import { expect } from 'chai';
import fc from 'fast-check';
import { shownToPeople } from '../../../src/core/kernel/activity.js';
import { compacted, readStoredRecord } from '../../../src/core/kernel/compact-record.js';
import { emptyRecord, type MfaRecord } from '../../../src/core/kernel/record.js';
import { shortBundles, shortEvents, shortKinds, shortNames } from '../../../src/core/words/compact-words.js';

type Fields = { [name: string]: unknown };

const through = (record: unknown): unknown =>
  readStoredRecord(JSON.parse(JSON.stringify(compacted(record as MfaRecord))));
const same = (record: unknown) => expect(through(record)).to.deep.equal(record);

const hash = fc.stringMatching(/^[\w-]{22}$/);
const id = fc.stringMatching(/^[\w-]{12}$/);
const at = fc.oneof(fc.integer({ min: 1_700_000_000, max: 2_200_000_000 }), fc.integer(), fc.double());
const keyIds = fc.constantFrom('AAAAAAAA', 'BBBBBBBB', '', 'a.b');
const text = fc.oneof(
  fc.string(),
  keyIds,
  keyIds.map((keyId) => `v1.${keyId}.nonce.text`),
  fc.constantFrom('!x', '^', '*', '*known', '~', '~~', '', '__proto__'),
);
const names = fc.constantFrom(
  ...Object.entries(shortNames).flat(),
  ...shortBundles.flatMap(({ short, fields }) => [short, ...Object.keys(fields)]),
  ...['v', '~', '~v', '~e', '', '__proto__', 'constructor', 'value', 'totp/unknown'],
);
/** Of any kind, with the lists that have forms of their own among it, nearly right ones too. */
const { any } = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text,
    at,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(names, fc.string()), tie('any'), { maxKeys: 6 }),
    fc.array(fc.record({ id, hash, createdAt: at })),
    fc.array(fc.oneof(fc.record({ hash }), fc.record({ usedAt: at }), fc.record({ hash, usedAt: at }))),
    fc.array(
      fc.tuple(
        at,
        fc.constantFrom(...shownToPeople, 'other'),
        fc.constantFrom('', 'totp', 'riddle'),
        fc.integer({ min: -2, max: 11 }),
      ),
      { maxLength: 8 },
    ),
    fc.record({ keyId: keyIds, value: text }),
    fc.constant({ algorithm: 'SHA1', digits: 6, period: 30, secret: 'x' }),
  ),
}));
const json = (value: unknown): Fields => JSON.parse(JSON.stringify(value)) as Fields;

describe('the short form of a record', () => {
  it('gives back any record as it was', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.oneof({ weight: 4, arbitrary: names }, fc.string()), any, { maxKeys: 12 }),
        (some) => {
          const { v: _v, ...fields } = json(some);
          same({ ...fields, v: 1 });
          same({ ...emptyRecord('e'), ...fields });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives back a record of a person, with a set half used, a wrong guess and what a later release may add', () => {
    same({
      ...emptyRecord('epoch'),
      protected: true,
      authenticators: [
        {
          id: 'a',
          kind: 'totp',
          createdAt: 1_790_000_000,
          data: { secret: 'v1.AAAAAAAA.n.x', algorithm: 'SHA1', digits: 6, period: 30, lastStep: 1 },
        },
        {
          id: 'b',
          kind: 'backup-codes',
          createdAt: 1_790_000_000,
          data: { keyId: 'AAAAAAAA', codes: [{ hash: 'h'.repeat(22) }, { usedAt: 1_790_000_000 }, { hash: 'x' }] },
        },
      ],
      attempts: { 'totp/known:x': { failures: 1, failedAt: 1_790_000_000 } },
      known: [{ id: 'i'.repeat(12), hash: '_'.repeat(22), createdAt: 1_790_000_000 }],
      activity: { rows: [[1_790_000_000, 'verification-accepted', 'totp', 0]], sealed: 'v1.BBBBBBBB.n.x' },
      mac: { keyId: 'AAAAAAAA', value: 'A+/B' },
      later: { e: 1, '~e': 2, epoch: 3 },
    });
  });

  it('is told from a record written out, which is read as it stands', () => {
    const record = { ...emptyRecord('e'), skipped: { e: 1 } };
    expect(readStoredRecord(record)).to.deep.equal(record);
    expect(compacted(record)).to.deep.equal({ v: 2, e: 'e', a: [], p: false, s: { '~e': 1 } });
  });

  it('is refused where its version or its text is not known', () => {
    for (const stored of [{ v: 3 }, { v: '2' }, {}, null, [], 'x', { v: 2, '~v': 3 }, { v: 2, '~': 1 }])
      expect(() => readStoredRecord(stored), JSON.stringify(stored)).to.throw(TypeError);
    for (const broken of [
      { k: '*x' },
      { y: { w: '*zzVQ0' } },
      { y: { w: '*!' } },
      { m: '*x' },
      { a: '*' },
      { C: '*.1' },
    ])
      expect(() => readStoredRecord({ v: 2, ...broken }), JSON.stringify(broken)).to.throw(TypeError);
  });

  it('has one word for one thing, and one for everything that a person is shown', () => {
    const ours = [...Object.values(shortNames), ...shortBundles.map(({ short }) => short), 'v'];
    expect(new Set(ours).size).to.equal(ours.length);
    expect(ours.filter((short) => Object.hasOwn(shortNames, short))).to.deep.equal([]);
    expect(Object.keys(shortEvents)).to.have.members([...shownToPeople]);
    for (const signs of [shortEvents, shortKinds]) {
      expect(new Set(Object.values(signs)).size).to.equal(Object.keys(signs).length);
      for (const sign of Object.values(signs)) expect(sign).to.match(/^[A-Z-]$/);
    }
  });
});
