import { expect } from 'chai';
import { cryptoRandom } from '../../src/crypto/random.js';

describe('cryptoRandom', () => {
  it('draws as many bytes as asked for, never the same twice', () => {
    const drawn = Array.from({ length: 100 }, () => Buffer.from(cryptoRandom.bytes(16)).toString('hex'));
    expect(drawn.every((hex) => hex.length === 32)).to.equal(true);
    expect(new Set(drawn).size).to.equal(100);
  });

  it('draws whole numbers below the limit, every one about as often as the others', () => {
    const counts = new Map<number, number>();
    for (let i = 0; i < 31_000; i += 1) {
      const drawn = cryptoRandom.int(31);
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 31 }, (_, i) => i));
    // χ² with 30 degrees of freedom exceeds 90 once in tens of millions of runs.
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquare).to.be.below(90);
  });

  it('makes base64url tokens of 128 bits by default', () => {
    expect(cryptoRandom.token()).to.match(/^[A-Za-z0-9_-]{22}$/);
    expect(cryptoRandom.token(32)).to.match(/^[A-Za-z0-9_-]{43}$/);
    expect(cryptoRandom.token()).not.to.equal(cryptoRandom.token());
  });
});
