// Which codes are drawn: their characters, and that no two are the same.
import { expect } from 'chai';
import type { Random } from '../../../src/core/words/random.js';
import { cryptoRandom } from '../../../src/crypto/random.js';
import { readableAlphabet as alphabet } from '../../../src/core/words/readable-code.js';
import { drawCodes, grouped } from '../../../src/factors/backup-codes/alphabet.js';
import { offends } from '../../../src/factors/backup-codes/offensive-words.js';

/** Draws the given codes in turn, over and over. */
function drawing(...codes: string[]): Random & { drawn: () => number } {
  const indexes = codes
    .join('')
    .split('')
    .map((character) => alphabet.indexOf(character));
  let at = 0;
  return { ...cryptoRandom, int: () => indexes[at++ % indexes.length] ?? 0, drawn: () => at };
}

describe('drawing backup codes', () => {
  it('knows 31 characters, and none that is mistaken for another', () => {
    expect(alphabet).to.equal('ABCDEFGHJKMNPQRSTUVWXYZ23456789').and.to.have.length(31);
    expect(alphabet).not.to.match(/[0O1IL]/);
  });

  it('makes distinct codes of two groups of four, or of four groups', () => {
    const normal = drawCodes(cryptoRandom, 20, 'normal').map(grouped);
    expect(new Set(normal).size).to.equal(20);
    for (const code of normal) expect(code).to.match(/^[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}$/);
    const high = drawCodes(cryptoRandom, 5, 'high').map(grouped);
    for (const code of high) expect(code).to.match(/^([A-HJKMNP-Z2-9]{4}-){3}[A-HJKMNP-Z2-9]{4}$/);
  });

  it('asks for whole numbers below 31, one for each character', () => {
    const limits = new Set<number>();
    let calls = 0;
    const random: Random = {
      ...cryptoRandom,
      int: (limit) => {
        limits.add(limit);
        calls += 1;
        return cryptoRandom.int(limit);
      },
    };
    const codes = drawCodes(random, 10, 'normal');
    expect([...limits]).to.deep.equal([31]);
    expect(calls % 8).to.equal(0);
    expect(calls).to.be.at.least(codes.length * 8);
  });

  it('draws a code again that the set has already', () => {
    const random = drawing('K7QF3XTM', 'K7QF3XTM', '9RVAWC2H');
    expect(drawCodes(random, 2, 'normal')).to.deep.equal(['K7QF3XTM', '9RVAWC2H']);
    expect(random.drawn()).to.equal(24);
  });

  it('draws a code again in which people read an offensive word', () => {
    const random = drawing('KFUCKTMK', 'XXF0CKXX'.replace('0', 'U'), 'MMA55MMM', '9RVAWC2H');
    expect(drawCodes(random, 1, 'normal')).to.deep.equal(['9RVAWC2H']);
  });

  it('gives up where the source of chance repeats itself', () => {
    expect(() => drawCodes(drawing('K7QF3XTM'), 2, 'normal')).to.throw('repeats itself');
  });
});

describe('offends', () => {
  it('reads words across the hyphen and digits as letters', () => {
    for (const code of ['FUCKKKMM', 'KKFUCKMM', 'XX5HA7XX', 'W4NKXXXX', 'MMMM53XM'])
      expect(offends(code), code).to.equal(true);
    for (const code of ['K7QF3XTM', '9RVAWC2H', 'P4NE8YJD', 'HB6ZQK5S']) expect(offends(code), code).to.equal(false);
  });

  it('costs next to no entropy: fewer than one code in twenty is drawn again', () => {
    const drawn = Array.from({ length: 4000 }, () =>
      Array.from({ length: 8 }, () => alphabet.charAt(cryptoRandom.int(31))).join(''),
    );
    expect(drawn.filter(offends).length).to.be.below(200);
  });
});
