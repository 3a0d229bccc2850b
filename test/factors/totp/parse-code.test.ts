// Codes of an app as people type them.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Json } from '../../../src/core/words/json.js';
import { parseCode } from '../../../src/factors/totp/parse-code.js';
import { anyCharacter } from '../../support/any-character.js';

const hintOf = (body: Json) => {
  const parsed = parseCode(body);
  return 'malformed' in parsed ? parsed.details?.hint : `accepted ${parsed.code}`;
};

describe('parseCode', () => {
  it('forgives what people and clipboards put between the digits', () => {
    const gaps = [
      ' ',
      '-',
      '\t',
      '\n',
      '\u00a0',
      '\u200b',
      '\u2009',
      '\u2011',
      '\u2013',
      '\u2014',
      '\u2212',
      '\ufeff',
      '\u00ad',
      '\u2060',
    ];
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9]{6,8}$/),
        fc.array(fc.array(fc.constantFrom(...gaps), { maxLength: 3 }), { minLength: 9, maxLength: 9 }),
        (code, between) => {
          const typed =
            code
              .split('')
              .map((digit, at) => `${String(between[at]?.join(''))}${digit}`)
              .join('') + String(between[8]?.join(''));
          expect(parseCode({ code: typed })).to.deep.equal({ code });
        },
      ),
    );
  });

  it('keeps leading zeros and reads digits of other scripts', () => {
    expect(parseCode({ code: '٠١٢٣٤٥' })).to.deep.equal({ code: '012345' });
    expect(parseCode({ code: '000123' })).to.deep.equal({ code: '000123' });
    expect(parseCode({ code: '１２３４５６' })).to.deep.equal({ code: '123456' });
  });

  it('says what is wrong, one hint for each', () => {
    expect(hintOf({ code: '12345' })).to.equal('totp.too_short');
    expect(hintOf({ code: '123456789' })).to.equal('totp.too_long');
    expect(hintOf({ code: '1'.repeat(100_000) })).to.equal('totp.too_long');
    expect(hintOf({ code: '12345a' })).to.equal('totp.not_digits');
    expect(hintOf({ code: '-1e55' })).to.equal('totp.not_digits');
    expect(hintOf({ code: ' - ' })).to.equal('totp.missing');
  });

  it('takes nothing but text, and names the field', () => {
    const bodies: Json[] = [
      { code: 123456 },
      { code: ['123456'] },
      { code: { toString: '123456' } },
      { code: null },
      {},
      [],
      ['123456'],
      '123456',
      123456,
      null,
      true,
    ];
    for (const body of bodies) expect(hintOf(body), JSON.stringify(body)).to.equal('totp.missing');
    expect(parseCode({ code: [] })).to.deep.equal({
      malformed: true,
      details: { field: 'code', hint: 'totp.missing' },
    });
  });

  it('yields six to eight ASCII digits or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: anyCharacter }), fc.stringMatching(/^[\d ]{0,12}$/)), (code) => {
        const parsed = parseCode({ code });
        expect('malformed' in parsed || /^[0-9]{6,8}$/.test(parsed.code)).to.equal(true);
      }),
    );
  });
});
