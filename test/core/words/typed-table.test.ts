// What people type, as tables: the ends of a line, what is taken for a dash or a space, where a number stands in a message, how an
// address is wrapped, and names that are cleared of what could be an instruction.
import { expect } from 'chai';
import { plainName } from '../../../src/core/words/plain-name.js';
import { drawReadable, groupsTyped, readableAlphabet, readTyped } from '../../../src/core/words/readable-code.js';
import { addressTyped, digitsTyped, longestTyped, plainTyped } from '../../../src/core/words/typed-text.js';

const shown = (text: string) => JSON.stringify(text);

describe('a line as it is typed', () => {
  const rows: [typed: string, plain: string][] = [
    ['', ''],
    ['  a  b  ', 'a b'],
    ['\ta\n\nb\u00a0c\u3000d', 'a b c d'],
    ['a.', 'a'],
    ['a . , ; : !', 'a'],
    ['a\u3002', 'a'],
    ['.a', '.a'],
    ['a?', 'a?'],
    ['a\u2010b\u2011c\u2012d\u2013e\u2014f', 'a-b-c-d-e-f'],
    ['a\u2212b\u2043c\u02d7d\u2796e\u30fcf', 'a-b-c-d-e-f'],
    ['a\u200bb\u00adc\ufeffd\u2060e\ufe0ff\u2800g\u20e3h', 'abcdefgh'],
    ['\uff21\uff11', 'A1'],
    ['\u00bd', '1\u20442'],
    ['\u0661\u0662\u0663', '123'],
    ['\u{1d7ff}\u{1d7d9}', '91'],
    ['0123456789', '0123456789'],
  ];
  for (const [typed, plain] of rows)
    it(`is ${shown(plain)} of ${shown(typed)}`, () => expect(plainTyped(typed)).to.equal(plain));
});

describe('digits in a line', () => {
  const rows: [typed: string, digits: string][] = [
    ['12 34-56', '123456'],
    ['1-2-3-4-5-6', '123456'],
    ['', ''],
    ['12345678', '12345678'],
    ['+123456', '+123456'],
    ['12.34.56', '12.34.56'],
    ['your code is 123456', '123456'],
    ['your code is 12345678', '12345678'],
    ['your code is 1234567', 'yourcodeis1234567'],
    ['12345 then 123456', '123456'],
    ['123456 twice 123456', '123456twice123456'],
    ['use 12 34 56 now', '123456'],
    ['use 12-34-56 now', '123456'],
    ['use 12  34 now', 'use1234now'],
    ['at 123456:', '123456'],
    ['at 123456: now', '123456'],
    ['at 123456:07', 'at123456:07'],
    ['at 1/123456', 'at1/123456'],
    ['at 123456/1', 'at123456/1'],
    ['at 123456.de', 'at123456.de'],
    ['at 1-123456', 'at1123456'],
    ['x 123456-y', 'x123456y'],
    ['#123456 x', '123456'],
    ['(123456) x', '123456'],
    ['code \u0661\u0662\u0663\u0664\u0665\u0666', '123456'],
    ['\u00e9123456', '\u00e9123456'],
  ];
  for (const [typed, digits] of rows)
    it(`are ${shown(digits)} of ${shown(typed)}`, () => expect(digitsTyped(typed, [6, 8])).to.equal(digits));
});

describe('an address in a line', () => {
  const rows: [typed: string, address: string][] = [
    ['MAILTO:ada@example.com', 'ada@example.com'],
    ['  tel:+41791234567', '+41791234567'],
    ['sms:+41791234567', '+41791234567'],
    ['a mailto:ada@example.com', 'a mailto:ada@example.com'],
    ['http:ada@example.com', 'http:ada@example.com'],
    [' < "\'ada@example.com\'" > . ', 'ada@example.com'],
    ['ada@example.com\u3002', 'ada@example.com'],
    ['.ada@example.com', '.ada@example.com'],
    ['\uff41\uff44\uff41\uff20example.com', 'ada@example.com'],
    ['\uff01\uff5e', '!~'],
    ['+\u0664\u0661 79\u2013123', '+41 79-123'],
    ['+41\u00a0\u300079', '+41 79'],
    ['a\u200bd\u2800a@example.com', 'ada@example.com'],
    ['\u0646\u200c\u0627', '\u0646\u200c\u0627'],
    ['a\u200c\u0627', 'a\u0627'],
    ['a\tb', 'a\tb'],
  ];
  for (const [typed, address] of rows)
    it(`is ${shown(address)} of ${shown(typed)}`, () => expect(addressTyped(typed)).to.equal(address));
});

describe('groups of a code in a line', () => {
  const rows: [typed: string, groups: string | undefined][] = [
    ['k7qf3xtm', 'K7QF3XTM'],
    ['K7QF-3XTM-9RVA-WC2L', 'K7QF3XTM9RVAWC2L'],
    ['1. K7QF-3XTM', 'K7QF3XTM'],
    ['12: K7QF-3XTM', 'K7QF3XTM'],
    ['(12) K7QF 3XTM', 'K7QF3XTM'],
    ['123. K7QF-3XTM', 'K7QF3XTM'],
    ['1 K7QF-3XTM', 'K7QF3XTM'],
    ['K7QF-3XTM 9RVA-WC2', 'K7QF3XTM'],
    ['K7QF-3XTM-9RVA', undefined],
    ['use K7QF-3XTM-9RVA-WC2L now', 'K7QF3XTM9RVAWC2L'],
    ['use xK7QF-3XTM now', undefined],
    ['use K7QF-3XTMx now', undefined],
    ['use K7QF-3XTM-x now', undefined],
    ['use -K7QF-3XTM now', undefined],
    ['use K7QF 3XTM now', undefined],
    ['10KO-1LI0', '10KO1LI0'],
    ['use 10KO-1LI0 now', '10KO1LI0'],
    ['', undefined],
  ];
  for (const [typed, groups] of rows)
    it(`are ${groups ?? 'none'} of ${shown(typed)}`, () => expect(groupsTyped(typed, [8, 16])).to.equal(groups));

  it('are looked for in a line of five hundred characters, and in no longer one', () => {
    expect(longestTyped).to.equal(500);
    const line = (length: number) => 'K7QF-3XTM'.padEnd(length, '.');
    expect(groupsTyped(line(500), [8])).to.equal('K7QF3XTM');
    expect(groupsTyped(line(501), [8])).to.equal(undefined);
  });

  it('are a code where they are of its length and its alphabet', () => {
    expect(readTyped('k7qf-3xtm', 2)).to.equal('K7QF3XTM');
    for (const not of [undefined, null, 7, ['K7QF-3XTM'], 'K7QF-3XT0', 'K7QF', 'K7QF-3XTM-9RVA', ''])
      expect(readTyped(not, 2), shown(String(not))).to.equal(undefined);
    expect(readTyped('K7QF', 1)).to.equal('K7QF');
  });
});

describe('a code that is drawn', () => {
  it('is of groups of four out of the whole alphabet, without signs that are taken for one another', () => {
    expect(readableAlphabet)
      .to.match(/^[A-Z2-9]{31}$/)
      .and.not.match(/[ILO]/);
    expect(new Set(readableAlphabet).size).to.equal(31);
    const asked: number[] = [];
    const random = { int: (below: number) => asked.push(below) - 1, bytes: () => new Uint8Array(), token: () => '' };
    expect(drawReadable(random, 2)).to.equal('ABCD-EFGH');
    expect(asked).to.deep.equal(Array.from({ length: 8 }, () => 31));
    expect(drawReadable(random, 0)).to.equal('');
  });
});

describe('a name that somebody gave', () => {
  const rows: [name: string, plain: string][] = [
    ["Ann's i-Phone_2", "Ann's i-Phone_2"],
    ['Clé «Zoë» Ключ 鍵', 'Clé Zoë Ключ 鍵'],
    ['call https://evil.example/x?y=1 now!', 'call https evil example x y 1 now'],
    ['<b>bold</b>\r\nBcc: x@example.com', 'b bold b Bcc x example com'],
    ['  !  ', ''],
    ['x'.repeat(40), 'x'.repeat(40)],
    ['x'.repeat(41), 'x'.repeat(40)],
    ['𠀀'.repeat(41), '𠀀'.repeat(40)],
  ];
  for (const [name, plain] of rows)
    it(`is ${shown(plain)} of ${shown(name)}`, () => expect(plainName(name)).to.equal(plain));
});
