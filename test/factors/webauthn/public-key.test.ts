// The kind of key that a new passkey brings: of an algorithm that was offered, on the one curve of that algorithm.
import { expect } from 'chai';
import { isOfferedKey } from '../../../src/factors/webauthn/public-key.js';

const offered = [-8, -7, -35, -36, -257];
const key = (algorithm: unknown, curve?: number) =>
  new Map<number, unknown>([[3, algorithm], ...(curve === undefined ? [] : ([[-1, curve]] as [number, number][]))]);

describe('the key of a new passkey', () => {
  for (const [name, algorithm, curve] of [
    ['Ed25519', -8, 6],
    ['P-256', -7, 1],
    ['P-384', -35, 2],
    ['P-521', -36, 3],
  ] as const) {
    it(`of algorithm ${algorithm} is on ${name} and nowhere else`, () => {
      for (const other of [1, 2, 3, 6, 7, 8]) {
        expect(isOfferedKey(key(algorithm, other), offered), `curve ${other}`).to.equal(other === curve);
      }
      expect(isOfferedKey(key(algorithm), offered)).to.equal(false);
    });
  }

  it('has no curve with RSA, and counts for nothing without a number that was offered', () => {
    expect(isOfferedKey(key(-257), offered)).to.equal(true);
    for (const algorithm of [-65535, '-7', undefined]) expect(isOfferedKey(key(algorithm, 1), offered)).to.equal(false);
    expect(isOfferedKey(key(-7, 1), [-8])).to.equal(false);
  });
});
