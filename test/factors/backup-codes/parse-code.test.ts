// Backup codes as people type them.
import { expect } from 'chai';
import fc from 'fast-check';
import type { Json } from '../../../src/core/words/json.js';
import { readableAlphabet as alphabet } from '../../../src/core/words/readable-code.js';
import { parseCode } from '../../../src/factors/backup-codes/parse-code.js';
import { anyCharacter } from '../../support/any-character.js';

const hintOf = (code: Json) => {
  const parsed = parseCode({ code });
  return 'malformed' in parsed ? parsed.details?.hint : `accepted ${parsed.code}`;
};

const someCode = fc
  .tuple(fc.constantFrom(8, 16), fc.array(fc.constantFrom(...alphabet.split('')), { minLength: 16, maxLength: 16 }))
  .map(([length, characters]) => characters.slice(0, length).join(''));

describe('parseCode', () => {
  it('forgives case, gaps and every kind of dash', () => {
    const between = [
      '',
      '-',
      ' ',
      '\t',
      '\r\n',
      '\u00a0',
      '\u200b',
      '\u2010',
      '\u2011',
      '\u2012',
      '\u2013',
      '\u2014',
      '\u2015',
      '\u2212',
      '\ufe63',
      '\uff0d',
      '\ufeff',
      '\u00ad',
      '\u2060',
      ' - ',
    ];
    const gaps = fc.array(fc.constantFrom(...between), { minLength: 17, maxLength: 17 });
    fc.assert(
      fc.property(someCode, gaps, fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }), (code, around, lower) => {
        const spelled = code.split('').map((letter, at) => (lower[at] === true ? letter.toLowerCase() : letter));
        const typed = spelled.map((letter, at) => String(around[at]) + letter).join('') + String(around[16]);
        expect(parseCode({ code: typed })).to.deep.equal({ code });
      }),
    );
  });

  it('reads full-width letters', () => {
    expect(parseCode({ code: 'ｋ７ｑｆ－３ｘｔｍ' })).to.deep.equal({ code: 'K7QF3XTM' });
  });

  it('says which characters never occur, where that is why', () => {
    for (const code of [
      'K7QF-3XT0',
      'o7qf-3xtm',
      'K7QF-3XT1',
      'i7qf3xtm',
      'L7QF-3XTM',
      'OOOO-1111',
      'K7QF-3XTM-9RVA-WC2l',
    ]) {
      expect(hintOf(code), code).to.equal('backup.never_contains');
    }
  });

  it('says that the form is wrong for everything else', () => {
    const wrong: Json[] = [
      '',
      '   ',
      'K7QF',
      'K7QF-3XT',
      'K7QF-3XTMM',
      'K7QF_3XTM',
      'K7QF-3XT!',
      'K7QF-3XTÄ',
      '0',
      'x'.repeat(100_000),
      '💥'.repeat(8),
      null,
      12345678,
      ['K7QF-3XTM'],
      { a: 1 },
      true,
    ];
    for (const code of wrong) expect(hintOf(code), JSON.stringify(code)).to.equal('backup.format');
    expect(parseCode(['K7QF-3XTM'])).to.deep.equal({
      malformed: true,
      details: { field: 'code', hint: 'backup.format' },
    });
  });

  it('yields eight or sixteen characters of the alphabet or nothing', () => {
    const drawn = new RegExp(`^([${alphabet}]{8}|[${alphabet}]{16})$`);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: anyCharacter }),
          fc.string({ unit: 'grapheme', minLength: 8, maxLength: 8 }),
          someCode,
        ),
        (code) => {
          const parsed = parseCode({ code });
          expect('malformed' in parsed || drawn.test(parsed.code)).to.equal(true);
        },
      ),
    );
  });
});
