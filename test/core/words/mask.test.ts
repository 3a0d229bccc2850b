// How much of an address may be shown: a third of the local part and four characters at most, two digits of a number.
import { expect } from 'chai';
import { maskEmail, maskLabel, maskPhone } from '../../../src/core/words/mask.js';

describe('a masked address', () => {
  const rows: [address: string, shown: string][] = [
    ['alexandra@example.com', 'ale***@example.com'],
    ['alexandra.long@example.com', 'alex***@example.com'],
    ['a-very-long-local-part@example.com', 'a-ve***@example.com'],
    ['twelve-chars@example.com', 'twel***@example.com'],
    ['eleven-char@example.com', 'ele***@example.com'],
    ['ada@example.com', 'a***@example.com'],
    ['ab@example.com', '***@example.com'],
    ['@example.com', '***@example.com'],
    ['"a@b"cdef@example.com', '"a@***@example.com'],
    ['👩👩👩👩👩👩@example.com', '👩👩***@example.com'],
    ['no address', '***'],
    ['', '***'],
  ];
  for (const [address, shown] of rows)
    it(`of ${address === '' ? 'nothing' : address} is ${shown}`, () => expect(maskEmail(address)).to.equal(shown));

  it('says nothing of how long what is hidden is', () => {
    const stars = (length: number) => maskEmail(`${'x'.repeat(length)}@example.com`).replace(/[^*]/g, '');
    for (const length of [1, 10, 60]) expect(stars(length)).to.equal('***');
  });
});

describe('a masked number', () => {
  for (const [number, shown] of [
    ['+41791234567', '***67'],
    ['+41 79 123 45 6 7', '***67'],
    ['123456', '***56'],
    ['12345', '***'],
    ['1-2-3-4-5', '***'],
    ['', '***'],
  ] as const)
    it(`of ${number === '' ? 'nothing' : number} is ${shown}`, () => expect(maskPhone(number)).to.equal(shown));
});

describe('a masked label', () => {
  it('is masked where it is an address, and else as it is', () => {
    expect(maskLabel('alexandra@example.com')).to.equal('ale***@example.com');
    for (const name of ['Alexandra', '', 'ann.example.com']) expect(maskLabel(name)).to.equal(name);
  });
});
