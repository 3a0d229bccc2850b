// Whether two addresses are the same, said by a digest of one: for one person, and as long as its secret is kept.
import { expect } from 'chai';
import { addressDigest, isAddressOf } from '../../../src/core/kernel/address-digest.js';
import { createSealer } from '../../../src/crypto/seal.js';
import { secretOfTests } from '../../support/core-kernel.js';
import { thrownBy } from '../../support/thrown.js';

const next = 'the next secret of the tests, thirty-two bytes';
const [before, rotated, after] = [[secretOfTests], [next, secretOfTests], [next]].map((secrets) =>
  createSealer({ secrets, namespace: 'tests' }),
) as [ReturnType<typeof createSealer>, ReturnType<typeof createSealer>, ReturnType<typeof createSealer>];

describe('the digest of an address', () => {
  it('says whether two are the same, of one person, as long as its secret is kept', () => {
    const digest = addressDigest(before, 'ann', 'ann@example.com');
    expect(JSON.stringify(digest)).not.to.include('example');
    expect(digest.keyId).to.equal(before.keyId);
    for (const sealer of [before, rotated])
      expect(isAddressOf(sealer, 'ann', 'ann@example.com', digest)).to.equal(true);
    expect(isAddressOf(before, 'ann', 'other@example.com', digest)).to.equal(false);
    expect(isAddressOf(before, 'bob', 'ann@example.com', digest)).to.equal(false);
    expect(isAddressOf(after, 'ann', 'ann@example.com', digest)).to.equal(false);
    expect(
      thrownBy(() => isAddressOf({ ...before, digest: () => JSON.parse('x') as never }, 'ann', 'a', digest)),
    ).to.be.instanceOf(SyntaxError);
  });
});
