// The key of a webhook as people paste it.
import { expect } from 'chai';
import { signingKey } from '../../src/crypto/webhook-signature.js';

describe('signingKey', () => {
  it('reads base64 behind `whsec_`, else the text itself, and takes nothing too short to be a secret', () => {
    const octets = (length: number) => Buffer.alloc(length, 7);
    const encoded = (length: number) => `whsec_${octets(length).toString('base64')}`;
    expect(signingKey(encoded(24))).to.deep.equal(octets(24));
    expect(signingKey(encoded(23))).to.equal(undefined);
    expect(signingKey('x'.repeat(32))).to.deep.equal(Buffer.from('x'.repeat(32)));
    expect(signingKey('x'.repeat(31))).to.equal(undefined);
    expect(signingKey(undefined)).to.equal(undefined);
  });
});
