// Sealing and opening, and that what was altered or moved does not open.
import { createHmac, hkdfSync } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { createSealer } from '../../src/crypto/seal.js';
import { thrownBy } from '../support/thrown.js';

const old = 'the old secret of this app, 32 bytes and more';
const current = 'the new secret of this app, 32 bytes and more';
const place = { userId: 'u1', authenticatorId: 'a1', purpose: 'totp' };
const sealer = createSealer({ secrets: [current, old], namespace: 'acme' });

describe('seal and open', () => {
  it('opens what it sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (plain) => {
        expect(sealer.open(sealer.seal(plain, place), place)).to.equal(plain);
      }),
    );
  });

  it('seals the same text differently each time, and legibly only in version and key id', () => {
    const first = sealer.seal('JBSWY3DPEHPK3PXP', place);
    expect(first).to.match(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+$/);
    expect(first.split('.')[1]).to.equal(sealer.keyId);
    expect(sealer.seal('JBSWY3DPEHPK3PXP', place)).not.to.equal(first);
  });

  it('does not open a value that was moved to another user, authenticator, purpose or namespace', () => {
    const sealed = sealer.seal('secret', place);
    const moved = [
      { ...place, userId: 'u2' },
      { ...place, authenticatorId: 'a2' },
      { ...place, purpose: 'email' },
      { ...place, userId: 'u1a', authenticatorId: '1' },
      { ...place, userId: 'u1","a1', authenticatorId: '' },
    ];
    for (const elsewhere of moved) {
      expect(thrownBy(() => sealer.open(sealed, elsewhere)).code).to.equal('store.unavailable');
    }
    const neighbour = createSealer({ secrets: [current], namespace: 'other' });
    expect(thrownBy(() => neighbour.open(sealed, place)).message).to.contain('namespace');
  });

  it('does not open a value of which any one character was altered', () => {
    const sealed = sealer.seal('secret', place);
    for (let at = 0; at < sealed.length; at += 1) {
      for (const put of ['A', 'B', '.', '=']) {
        const altered = sealed.slice(0, at) + put + sealed.slice(at + 1);
        if (altered === sealed) continue;
        const error = thrownBy(() => sealer.open(altered, place));
        expect(error.code, altered).to.equal('store.unavailable');
        expect(error.status).to.equal(503);
      }
    }
  });

  it('opens a value in one spelling alone, though base64url is read leniently', () => {
    const sealed = sealer.seal('secret', place);
    const [version, keyId, nonce, text] = sealed.split('.') as [string, string, string, string];
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // 22 bytes: four bits of the last letter count for nothing.
    const twin = `${text.slice(0, -1)}${letters.charAt(letters.indexOf(text.slice(-1)) + 1)}`;
    const spellings = [`${nonce}.${twin}`, `${nonce}.${text}~`, `${nonce}=.${text}`, `${nonce}.${text}.`];
    for (const spelling of spellings) {
      const error = thrownBy(() => sealer.open(`${version}.${keyId}.${spelling}`, place));
      expect(error.message, spelling).to.contain('was altered');
    }
    expect(Buffer.from(twin, 'base64url')).to.deep.equal(Buffer.from(text, 'base64url'));
  });

  it('refuses a value without its nonce, or with less than a tag, like any that was altered', () => {
    const [version, keyId, nonce, text] = sealer.seal('secret', place).split('.');
    for (const cut of [`.${text}`, `${nonce}.`, `${nonce}.AAAA`, `AAAA.${text}`]) {
      const error = thrownBy(() => sealer.open(`${version}.${keyId}.${cut}`, place));
      expect(error.message, cut).to.contain('was altered');
    }
    const other = sealer.seal('other', place).split('.')[3];
    const exchanged = thrownBy(() => sealer.open([version, keyId, nonce, other].join('.'), place));
    expect(exchanged.cause).to.be.instanceOf(Error);
  });

  it('refuses anything else as altered, and never throws another error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String(), { maxLength: 5 }).map((parts) => ['v1', ...parts].join('.')),
        ),
        (text) => {
          expect(thrownBy(() => sealer.open(text, place)).code).to.equal('store.unavailable');
        },
      ),
    );
  });
});

describe('sealAlike', () => {
  it('seals the same text in the same place alike, and nothing else', () => {
    const sealed = sealer.sealAlike('secret', place);
    expect(sealer.sealAlike('secret', place)).to.equal(sealed);
    expect(sealer.open(sealed, place)).to.equal('secret');
    const nonceOf = (text: string) => text.split('.')[2];
    const others = [
      sealer.sealAlike('other', place),
      sealer.sealAlike('secret', { ...place, userId: 'u2' }),
      sealer.sealAlike('secret', { ...place, purpose: 'email' }),
      sealer.seal('secret', place),
    ];
    expect(new Set([sealed, ...others].map(nonceOf)).size).to.equal(5);
  });
});

describe('rotation of secrets', () => {
  const before = createSealer({ secrets: [old], namespace: 'acme' });

  it('opens what was sealed in another year: keys, ids and format are as they were', () => {
    const stored = 'v1.jd5kKKYm.LZcB12kI0GoWt3je.vCTkO_2h90U_kGIWZPGUV0jts2Kqg9Z8yhnGQ0yEn1o';
    expect(sealer.open(stored, place)).to.equal('JBSWY3DPEHPK3PXP');
    expect(before.keyId).to.equal(stored.split('.')[1]);
  });

  it('says no more of an unknown key id than sixteen characters: it may be anything', () => {
    const [version, , ...rest] = sealer.seal('secret', place).split('.');
    const { message } = thrownBy(() => sealer.open([version, 'x'.repeat(17), ...rest].join('.'), place));
    expect(message).to.contain(`"${'x'.repeat(16)}"`);
  });

  it('opens what an older secret sealed, and knows that it is not current', () => {
    const sealed = before.seal('secret', place);
    expect(sealer.open(sealed, place)).to.equal('secret');
    expect(sealer.isCurrent(sealed)).to.equal(false);
    expect(sealer.isCurrent(sealer.seal('secret', place))).to.equal(true);
  });

  it('says that the secret is missing where a value was sealed with one that was dropped', () => {
    const after = createSealer({ secrets: [current], namespace: 'acme' });
    const error = thrownBy(() => after.open(before.seal('secret', place), place));
    expect(error.code).to.equal('store.unavailable');
    expect(error.message)
      .to.contain('was sealed with a secret')
      .and.contain('not in `secrets`')
      .and.contain(before.keyId);
    expect(thrownBy(() => after.digest('backup-codes', 'x', before.keyId)).message).to.contain('not in `secrets`');
  });
});

describe('digest', () => {
  it('is HMAC-SHA-256 under a key that HKDF makes from the secret, the namespace and the purpose', () => {
    const info = JSON.stringify(['express-mfa', 'digest', 'acme', 'backup-codes']);
    const pepper = Buffer.from(hkdfSync('sha256', current, '', info, 32));
    const expected = createHmac('sha256', pepper).update('K7QF3XTM').digest();
    expect(Buffer.from(sealer.digest('backup-codes', 'K7QF3XTM'))).to.deep.equal(expected);
  });

  it('differs by purpose, namespace and secret, and is repeatable by key id', () => {
    const before = createSealer({ secrets: [old], namespace: 'acme' });
    const neighbour = createSealer({ secrets: [current], namespace: 'other' });
    const made = [
      sealer.digest('a', 'x'),
      sealer.digest('b', 'x'),
      sealer.digest('a', 'x', before.keyId),
      neighbour.digest('a', 'x'),
    ].map((bytes) => Buffer.from(bytes).toString('hex'));
    expect(new Set(made).size).to.equal(made.length);
    expect(sealer.digest('a', 'x', before.keyId)).to.deep.equal(before.digest('a', 'x'));
    expect(sealer.digest('a', 'x', sealer.keyId)).to.deep.equal(sealer.digest('a', 'x'));
  });
});

describe('equal and hashToken', () => {
  it('compares texts and bytes, of different lengths too', () => {
    expect(sealer.equal('abc', 'abc')).to.equal(true);
    expect(sealer.equal('abc', Buffer.from('abc'))).to.equal(true);
    expect(sealer.equal('abc', 'abd')).to.equal(false);
    expect(sealer.equal('abc', 'abcd')).to.equal(false);
    expect(sealer.equal('', new Uint8Array())).to.equal(true);
    expect(sealer.equal(new Uint8Array([1, 2]), new Uint8Array([1]))).to.equal(false);
    expect(sealer.equal(new Uint8Array([1, 0]), new Uint8Array([1]))).to.equal(false);
  });

  it('hashes a token with SHA-256 (FIPS 180-2, appendix B.1)', () => {
    const published = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(Buffer.from(sealer.hashToken('abc'), 'base64url').toString('hex')).to.equal(published);
  });
});
