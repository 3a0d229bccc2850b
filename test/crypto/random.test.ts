// Random bytes, numbers and tokens.
import { expect } from 'chai';
import { cryptoRandom } from '../../src/crypto/random.js';

describe('cryptoRandom', () => {
  it('draws as many bytes as asked for, never the same twice', () => {
    const drawn = Array.from({ length: 100 }, () => Buffer.from(cryptoRandom.bytes(16)).toString('hex'));
    expect(drawn.every((hex) => hex.length === 32)).to.equal(true);
    expect(new Set(drawn).size).to.equal(100);
  });

  it('draws no byte twice, however much is drawn at once, and keeps none', () => {
    const counts = new Map<string, number>();
    for (const length of [1, 12, 4096, 4000, 97, 4097, 10_000, 16, 0, 4095]) {
      for (let time = 0; time < 20; time += 1) {
        const bytes = cryptoRandom.bytes(length);
        expect(bytes).to.have.length(length);
        // Eight bytes in a row are the same twice once in many millions of runs.
        for (let at = 0; at + 8 <= length; at += 8) {
          const piece = Buffer.from(bytes.subarray(at, at + 8)).toString('hex');
          counts.set(piece, (counts.get(piece) ?? 0) + 1);
        }
        bytes.fill(0);
      }
    }
    expect([...counts.values()].every((many) => many === 1)).to.equal(true);
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

  it('begins no token with a dash, which a command line takes for an option', () => {
    const tokens = Array.from({ length: 2000 }, () => cryptoRandom.token(9));
    expect(tokens.filter((token) => token.startsWith('-'))).to.deep.equal([]);
    expect(tokens.every((token) => token.length === 12)).to.equal(true);
  });
});
