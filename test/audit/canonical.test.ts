// The text of an entry that is digested: one for all ways of writing the same, another for whatever differs.
import { expect } from 'chai';
import { canonical } from '../../src/audit/canonical.js';

describe('the text that is digested', () => {
  it('is the same in whatever order fields were written, all the way down', () => {
    const text = '{"a":{"b":[{"c":1,"d":"é\\n"},null,2],"e":true},"f":"x"}';
    for (const value of [
      { a: { b: [{ c: 1, d: 'é\n' }, null, 2], e: true }, f: 'x' },
      { f: 'x', a: { e: true, b: [{ d: 'é\n', c: 1 }, null, 2] } },
      { a: { b: [{ d: 'é\n', c: 1 }, null, 2], e: true }, f: 'x' },
    ])
      expect(canonical(value)).to.equal(text);
  });

  it('leaves out what is undefined, sorted or not', () => {
    expect(canonical({ a: 1, b: undefined, c: [undefined] })).to.equal('{"a":1,"c":[null]}');
    expect(canonical({ c: [undefined], b: undefined, a: 1 })).to.equal('{"a":1,"c":[null]}');
  });

  it('sorts names as texts, numbers among them', () => {
    expect(canonical({ 9: 'nine', 10: 'ten', a: 1, B: 2 })).to.equal('{"10":"ten","9":"nine","B":2,"a":1}');
  });

  it('tells apart what differs', () => {
    const values = [{ a: 1 }, { a: '1' }, { a: [1] }, { a: { 1: 1 } }, { b: 1 }, { a: null }, {}, [], null];
    expect(new Set(values.map(canonical)).size).to.equal(values.length);
  });
});
