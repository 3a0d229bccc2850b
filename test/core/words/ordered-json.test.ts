// One text for one value: JSON, whatever order the fields are in.
import { expect } from 'chai';
import fc from 'fast-check';
import { orderedJson } from '../../../src/core/words/ordered-json.js';

describe('orderedJson', () => {
  it('is JSON of the value, and the same for the same fields in any order', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, own]) => [name, turned(own)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = orderedJson(value);
        expect(JSON.parse(text)).to.deep.equal(JSON.parse(JSON.stringify(value)));
        expect(text).to.have.length(JSON.stringify(value).length);
        expect(orderedJson(turned(value))).to.equal(text);
      }),
      { numRuns: 500 },
    );
  });

  it('escapes as JSON.stringify does', () => {
    for (const text of ['"', '\\', '\n', '\u0000', '\u001f', '\u007f', '\u2028', '\ud800', '\udc00x', '😀', 'é'])
      expect(orderedJson(text)).to.equal(JSON.stringify(text));
  });

  it('leaves out fields that are not there', () => {
    expect(orderedJson({ b: undefined, a: [undefined, null, 1.5] })).to.equal('{"a":[null,null,1.5]}');
  });

  it('is null for what JSON does not know', () => {
    for (const value of [NaN, Infinity, -Infinity, null, undefined, () => 1, Symbol('x')])
      expect(orderedJson(value), String(value)).to.equal('null');
    for (const value of [true, false, 0, -1.5, 1e21]) expect(orderedJson(value)).to.equal(JSON.stringify(value));
  });

  it('has fields in the order of their names, few or many', () => {
    expect(orderedJson({ b: 1, a: 2, B: 3, aa: 4, '': 5 })).to.equal('{"":5,"B":3,"a":2,"aa":4,"b":1}');
    for (const count of [2, 32, 33, 600]) {
      const names = Array.from({ length: count }, (_none, index) => `n${String(index).padStart(3, '0')}`);
      const turned = Object.fromEntries([...names].reverse().map((name, index) => [name, index]));
      expect(
        [...orderedJson(turned).matchAll(/n\d+/g)].map(([name]) => name),
        String(count),
      ).to.deep.equal(names);
    }
  });

  it('leaves out one field of the value itself, and not of what is in it', () => {
    const value = { mac: 1, a: { mac: 2 }, b: [{ mac: 3 }] };
    expect(orderedJson(value, 'mac')).to.equal('{"a":{"mac":2},"b":[{"mac":3}]}');
    expect(orderedJson({ mac: 1 }, 'mac')).to.equal('{}');
    expect(orderedJson([{ mac: 1 }], 'mac')).to.equal('[{"mac":1}]');
  });

  it('quotes the names of fields as it does texts', () => {
    expect(orderedJson({ 'a"b': 'c\n', 'd\u2028': 1 })).to.equal('{"a\\"b":"c\\n","d\u2028":1}');
  });
});
