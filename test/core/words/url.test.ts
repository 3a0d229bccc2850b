// An address is the same after ten thousand questions: `URL.canParse` of Node.js 20 calls one with `ü` none as soon as it is asked often.
import { expect } from 'chai';
import { urlOf } from '../../../src/core/words/url.js';
import { originFault } from '../../../src/origins.js';
import { isSafePath } from '../../../middleware/http/safe-path.js';

const often = 20_000;
const timesThat = (says: () => boolean) => Array.from({ length: often }, says).filter(Boolean).length;

describe('urlOf', () => {
  it('reads an address, one from a base, and none', () => {
    expect(urlOf('https://bücher.example/é')?.href).to.equal('https://xn--bcher-kva.example/%C3%A9');
    expect(urlOf('/a?b', 'https://a.example')?.href).to.equal('https://a.example/a?b');
    expect(['', '/a', 'https://', 'http://[::1'].map((text) => urlOf(text))).to.deep.equal(Array(4).fill(undefined));
    expect(urlOf('/a', 'b')).to.equal(undefined);
  });

  it('says the same of letters beyond ASCII however often it is asked', () => {
    expect(timesThat(() => urlOf('https://bücher.example') !== undefined)).to.equal(often);
    expect(timesThat(() => urlOf('/für', 'https://a.example') !== undefined)).to.equal(often);
  });

  it('is how origins and paths are read, so that none is refused in a process that has run for long', () => {
    expect(timesThat(() => originFault('https://bücher.example') === undefined)).to.equal(often);
    expect(timesThat(() => isSafePath('/für/é'))).to.equal(often);
  });
});
