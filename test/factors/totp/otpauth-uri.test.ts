// The address in the QR code.
import { expect } from 'chai';
import fc from 'fast-check';
import { otpauthUri } from '../../../src/factors/totp/otpauth-uri.js';
import { anyCharacter } from '../../support/any-character.js';

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const usual = { algorithm: 'SHA1', digits: 6, periodSeconds: 30 } as const;

describe('otpauthUri', () => {
  it('is the form that authenticator apps know, with the issuer in both places', () => {
    expect(otpauthUri(secret, 'Acme Co', 'alice@example.com', usual)).to.equal(
      `otpauth://totp/Acme%20Co:alice%40example.com?secret=${secret}&issuer=Acme%20Co&algorithm=SHA1&digits=6&period=30`,
    );
  });

  it('carries the parameters', () => {
    const uri = otpauthUri(secret, 'Acme', 'alice', { algorithm: 'SHA512', digits: 8, periodSeconds: 60 });
    expect(uri).to.match(/&algorithm=SHA512&digits=8&period=60$/);
  });

  it('lets no name break the address, and no colon part issuer from account at a wrong place', () => {
    const name = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.constantFrom('A:B', 'a&b=c', '100%', '<svg>', '\ud800', '', '::', 'a/b?c#d', "O'Hara (x)*!"),
    );
    fc.assert(
      fc.property(name, name, (issuer, account) => {
        const uri = otpauthUri(secret, issuer, account, usual);
        expect(uri).to.match(/^otpauth:\/\/totp\/[A-Za-z0-9%._~:-]*\?[A-Za-z0-9%._~=&-]+$/);
        const [, label = '', query = ''] = /^otpauth:\/\/totp\/([^?]*)\?(.*)$/.exec(uri) ?? [];
        expect(decodeURIComponent(label).split(':').length).to.be.at.most(2);
        const told = new URLSearchParams(query);
        expect([...told.keys()].filter((key) => key !== 'issuer')).to.deep.equal([
          'secret',
          'algorithm',
          'digits',
          'period',
        ]);
        if (label.includes(':')) expect(decodeURIComponent(label).split(':')[0]).to.equal(told.get('issuer'));
        expect(uri.length).to.be.below(800);
      }),
    );
  });

  it('reads a colon as a dash', () => {
    expect(otpauthUri(secret, 'Acme: Prod', 'tenant:alice', usual)).to.contain('totp/Acme-Prod:tenant-alice?');
  });

  it('cuts a long name between two characters', () => {
    const uri = otpauthUri(secret, '😀'.repeat(200), 'alice', usual);
    expect(() => decodeURIComponent(uri)).not.to.throw();
    expect(decodeURIComponent(uri)).to.match(/totp\/(😀)+:alice/u);
  });
});
