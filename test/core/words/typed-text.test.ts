// What people type and paste, one reader for all: marks that nobody sees, digits of every script, lines of lists and messages.
// What only looks like something is left as it is, to be refused.
import { expect } from 'chai';
import { groupsTyped } from '../../../src/core/words/readable-code.js';
import { addressTyped, digitsTyped } from '../../../src/core/words/typed-text.js';

const six = (typed: string) => digitsTyped(typed, [6]);
const eight = (typed: string) => groupsTyped(typed, [8, 16]);

describe('digits that are typed', () => {
  const zeros = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xe50, 0x17e0, 0x1090, 0xff10, 0x1d7ce, 0x1d7f6, 0x1e950];
  for (const zero of zeros)
    it(`are read in the script of ${String.fromCodePoint(zero)}`, () =>
      expect(six([0, 1, 2, 3, 4, 9].map((digit) => String.fromCodePoint(zero + digit)).join(''))).to.equal('012349'));

  const lines = [
    'code: 123 456',
    'Code: 123-456.',
    '123456.',
    'Acme: 123456 is your security code.',
    '@acme.example #123456',
    'Your code 123456, valid for 10 minutes, no. 3 (10:30)',
    '1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣',
    'コード：１２３４５６。',
    'code:123456',
  ];
  for (const line of lines) it(`are found in ${line}`, () => expect(six(line)).to.equal('123456'));

  for (const line of [
    '123456 or 654321',
    '12345a',
    'a123456',
    '123456b',
    '10.123456',
    '12:123456',
    '12345',
    'O12345',
    '1234567',
  ])
    it(`are not guessed in ${line}`, () => expect(six(line)).not.to.match(/^\d{6}$/));
});

describe('groups that are typed', () => {
  for (const line of [
    '3. K7QF-3XTM',
    '10) k7qf 3xtm',
    ' 3. K7QF-3XTM.',
    'Code: K7QF-3XTM',
    '(2) K7QF‑3XTM',
    'Your code K7QF-3XTM.',
  ])
    it(`are found in ${line}`, () => expect(eight(line)).to.equal('K7QF3XTM'));

  for (const line of ['K7QF-3XTM or 9RVA-WC2L', 'K7QF-3XT', '3K7QF-3XTM', 'K7QF_3XTM', 'YOUR CODE', ''])
    it(`are not guessed in ${line}`, () => expect(eight(line)).to.equal(line === 'YOUR CODE' ? 'YOURCODE' : undefined));
});

describe('an address that is typed', () => {
  for (const typed of [
    ' ada@example.com\u00a0',
    'mailto:ada@example.com',
    '<ada@example.com>',
    'ada@example.com.',
    '"ada@example.com"',
  ])
    it(`is read in ${typed}`, () => expect(addressTyped(typed)).to.equal('ada@example.com'));

  it('keeps the joiners of scripts that need them, and no others', () => {
    expect(addressTyped('ada@نامه\u200cای.example')).to.equal('ada@نامه\u200cای.example');
    expect(addressTyped('a\u200cda@exam\u200dple.com')).to.equal('ada@example.com');
  });

  it('keeps line breaks and control characters, to be refused', () => {
    for (const typed of ['ada@example.com\r\nBcc: x', 'ada\u0000@example.com', 'ada@example.com\u2028'])
      expect(addressTyped(typed)).to.equal(typed);
  });
});
