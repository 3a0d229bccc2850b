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
});
