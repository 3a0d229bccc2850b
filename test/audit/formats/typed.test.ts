// What of clients' text fits a field that has a type, case by case.
import { expect } from 'chai';
import { compact, countOf, cut, ipOf, jsonLine, msOf, riskOf, wellFormed } from '../../../src/audit/formats/typed.js';

/** A row for each text or value, and what becomes of it. */
const tables: { [what: string]: [becomes: (value: never) => unknown, rows: [value: unknown, expected: unknown][]] } = {
  'text of at most five units': [
    (text: string) => cut(text, 5),
    [
      ['', ''],
      ['abcde', 'abcde'],
      ['abcdef', 'abcd…'],
      ['abc😀', 'abc😀'],
      ['abc😀d', 'abc…'],
      ['ab😀cd', 'ab😀…'],
      ['abcd\ud83d', 'abcd\ud83d'],
    ],
  ],
  'text of no unit': [(text: string) => cut(text, 0), [['a', '…']]],
  'text that UTF-8 can carry': [
    wellFormed,
    [
      ['a😀b', 'a😀b'],
      ['\ud83d', '\ufffd'],
      ['\ude00', '\ufffd'],
      ['a\ud83db', 'a\ufffdb'],
      ['a\ude00b', 'a\ufffdb'],
      ['\ude00\ud83d', '\ufffd\ufffd'],
      ['\ud83d\ud83d\ude00', '\ufffd😀'],
      ['😀\ude00', '😀\ufffd'],
    ],
  ],
  'an address': [
    ipOf,
    [
      [undefined, undefined],
      ['', undefined],
      ['192.0.2.7', '192.0.2.7'],
      ['2001:db8::7', '2001:db8::7'],
      ['fe80::1%eth0', undefined],
      ['1.2.3.4|drop', undefined],
      ['::ffff:192.0.2.7', '192.0.2.7'],
      ['::FFFF:192.0.22.77', '192.0.22.77'],
      ['::ffff:100.100.100.100', '100.100.100.100'],
      ['1::ffff:192.0.2.7', '1::ffff:192.0.2.7'],
      ['::ffff:c000:207', '::ffff:c000:207'],
      ['64:ff9b::192.0.2.7', '64:ff9b::192.0.2.7'],
    ],
  ],
  'a time': [
    msOf,
    [
      ['2026-03-01T12:00:00.125Z', 1_772_366_400_125],
      ['2026-03-01', undefined],
      ['x2026-03-01T12:00:00Z', undefined],
      ['March 1, 2026', undefined],
      ['2026-99-01T12:00:00Z', undefined],
      ['1960-01-01T00:00:00Z', undefined],
      ['1970-01-01T00:00:00Z', 0],
      [0, 0],
      [-1, undefined],
      [1.5, undefined],
      [8.64e15, 8.64e15],
      [8.64e15 + 2, undefined],
      [NaN, undefined],
      [undefined, undefined],
      [null, undefined],
      [true, undefined],
    ],
  ],
  'a number of things': [
    countOf,
    [
      [0, 0],
      [7, 7],
      [-1, undefined],
      [1.5, undefined],
      [2 ** 53, undefined],
      ['7', undefined],
      [undefined, undefined],
    ],
  ],
  'a risk': [
    riskOf,
    [
      [undefined, {}],
      ['', {}],
      ['medium 42', { score: 42, level: 'medium' }],
      ['high', { level: 'high' }],
      ['low', { level: 'low' }],
      ['highly likely', {}],
      ['below 7', { score: 7 }],
      ['0', { score: 0 }],
      ['100', { score: 100 }],
      ['101', {}],
      ['1000', {}],
      ['-5', {}],
      ['0.5', {}],
      ['5.', {}],
      ['a5', {}],
      ['5a', {}],
      ['score=5, high', { score: 5, level: 'high' }],
    ],
  ],
  'a line of JSON': [
    jsonLine,
    [
      [{ a: 'b\nc' }, '{"a":"b\\nc"}'],
      ['\u007f\u0085\u009f', '"\\u007f\\u0085\\u009f"'],
      ['\u2028\u2029', '"\\u2028\\u2029"'],
      ['~\u00a0é', '"~\u00a0é"'],
    ],
  ],
  'what is there': [
    compact,
    [
      [{}, {}],
      [
        { a: undefined, b: null, c: 0, d: '', e: false, f: [] },
        { b: null, c: 0, d: '', e: false, f: [] },
      ],
      [{ a: { b: undefined }, c: { d: { e: undefined }, f: 1 }, g: {} }, { c: { f: 1 } }],
      [{ a: [{ b: undefined }] }, { a: [{ b: undefined }] }],
    ],
  ],
};

describe('of what clients sent', () => {
  for (const [what, [becomes, rows]] of Object.entries(tables))
    it(`only ${what} is taken as that`, () => {
      for (const [value, expected] of rows)
        expect(becomes(value as never), JSON.stringify(value)).to.deep.equal(expected);
    });
});
