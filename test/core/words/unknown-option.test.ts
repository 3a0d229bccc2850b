// Options that do not exist, told with the one that was most likely meant, or with all that there are.
import { expect } from 'chai';
import { checkOptionNames, unknownOption } from '../../../src/core/words/unknown-option.js';
import { thrownBy } from '../../support/thrown.js';

const known = ['digits', 'period'];
const ofCheck = (options: unknown) => thrownBy(() => checkOptionNames('totp', options, known));

describe('an option that does not exist', () => {
  it('is told with the one that was meant, where it stands', () => {
    for (const [path, sentence] of [
      [['digit'], 'totp: there is no option `digit`. Did you mean `digits`?'],
      [
        ['factors', 'totp', 'perod'],
        'totp: there is no option `factors.totp.perod`. Did you mean `factors.totp.period`?',
      ],
    ] as const) {
      const error = unknownOption('totp', path, known);
      expect(error).to.include({ code: 'config.unknown_option', message: sentence, status: 500 });
    }
  });

  it('is told with all that there are, where none is like it', () => {
    for (const [path, name] of [
      [['elephant'], 'elephant'],
      [['a', 'elephant'], 'a.elephant'],
      [[], ''],
    ] as const)
      expect(unknownOption('totp', path, known).message).to.equal(
        `totp: there is no option \`${name}\`. Known are: digits, period.`,
      );
  });

  it('is refused by its name, whatever it says; those that exist pass', () => {
    for (const options of [{}, { digits: 6 }, { period: undefined, digits: null }])
      expect(() => checkOptionNames('totp', options, known)).not.to.throw();
    expect(() => checkOptionNames('totp', {}, [])).not.to.throw();
    for (const options of [{ digit: undefined }, { period: 30, digit: 6 }]) {
      const error = ofCheck(options);
      expect(error.code).to.equal('config.unknown_option');
      expect(error.message).to.include('`digit`').and.include('`digits`');
    }
  });

  it('is not looked for in what is no object, and the error says what came', () => {
    for (const [options, received] of [
      [null, 'null'],
      [undefined, 'a value of type undefined'],
      ['digits', 'a value of type string'],
      [6, 'a value of type number'],
      [() => known, 'a value of type function'],
    ] as const) {
      const error = ofCheck(options);
      expect(error.code).to.equal('config.invalid_option');
      expect(error.message).to.equal(`totp: the options are ${received}. Give an object.`);
    }
  });
});
