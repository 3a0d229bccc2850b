// JSON in one line, for every reader of lines.
import { expect } from 'chai';
import { jsonLine } from '../../../src/core/words/json-line.js';

describe('jsonLine', () => {
  it('has no sign in it that any reader takes for the end of a line, and reads back the same', () => {
    const value = { 'a\u2028': ['b\u2029\n\r\u0085', '\ud800', 'ключ-🙂'] };
    expect(jsonLine(value)).to.match(/^[^\u2028\u2029\n\r]*$/);
    expect(JSON.parse(jsonLine(value))).to.deep.equal(value);
  });
});
