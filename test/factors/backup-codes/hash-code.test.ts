// The hash of a code: its parameters, what it depends on, and how it fails.
import { hash as argon2 } from '@node-rs/argon2';
import { expect } from 'chai';
import { isMfaError } from '../../../src/core/words/errors.js';
import { createSealer } from '../../../src/crypto/seal.js';
import { hashCode } from '../../../src/factors/backup-codes/hash-code.js';
import { secretOfTheApp } from '../../support/factor-context.js';

const salt = Buffer.from('sixteen bytes ok').toString('base64url');
const old = createSealer({ secrets: [secretOfTheApp], namespace: 'acme' });
const newer = createSealer({
  secrets: ['a newer secret of the app, 32 bytes and more', secretOfTheApp],
  namespace: 'acme',
});

describe('hashCode', () => {
  it('is argon2id with m = 19456 KiB, t = 2, p = 1 over the peppered code', async () => {
    const hash = await hashCode(old, 'ann', 'K7QF3XTM', { salt, keyId: old.keyId });
    const peppered = old.digest('backup-codes', 'ann K7QF3XTM');
    const inWords = await argon2(peppered, { salt: Buffer.from('sixteen bytes ok'), outputLen: 16 });
    const unpadded = Buffer.from(hash, 'base64url').toString('base64').replace(/=+$/, '');
    expect(inWords).to.equal(`$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlcyBvaw$${unpadded}`);
    expect(Buffer.from(hash, 'base64url').length).to.equal(16);
  });

  it('differs by person, by code, by salt and by secret', async () => {
    const other = Buffer.from('another 16 bytes').toString('base64url');
    const hashes = await Promise.all([
      hashCode(newer, 'ann', 'K7QF3XTM', { salt, keyId: newer.keyId }),
      hashCode(newer, 'ann', 'K7QF3XTN', { salt, keyId: newer.keyId }),
      hashCode(newer, 'ann', 'K7QF3XTM', { salt: other, keyId: newer.keyId }),
      hashCode(newer, 'ann', 'K7QF3XTM', { salt, keyId: old.keyId }),
      hashCode(newer, 'bob', 'K7QF3XTM', { salt, keyId: newer.keyId }),
    ]);
    expect(new Set(hashes).size).to.equal(5);
    expect(hashes[3]).to.equal(await hashCode(old, 'ann', 'K7QF3XTM', { salt, keyId: old.keyId }));
  });

  for (const [what, planted] of [
    ['empty', ''],
    ['of one byte', 'AA'],
    ['a number', 5],
    ['missing', undefined],
    ['longer than one that was drawn', 'A'.repeat(24)],
    ['no base64url', `${'A'.repeat(21)}=`],
  ] as [string, string][])
    it(`fails as 503, not as a fault of the library, for a salt that is ${what}`, async () => {
      const hashing = { salt: planted, keyId: old.keyId };
      const error: unknown = await hashCode(old, 'ann', 'K7QF3XTM', hashing).catch((thrown: unknown) => thrown);
      expect(isMfaError(error) && [error.code, error.status]).to.deep.equal(['store.record_altered', 503]);
    });

  it('fails as 503, not as a wrong code, when the secret of the set is gone', async () => {
    const keyId = newer.keyId;
    const error: unknown = await hashCode(old, 'ann', 'K7QF3XTM', { salt, keyId }).catch((thrown: unknown) => thrown);
    expect(isMfaError(error) && error.code).to.equal('store.unavailable');
  });
});
