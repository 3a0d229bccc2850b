// The options of `backupCodes()`.
import { expect } from 'chai';
import { backupCodes } from '../../../src/factors/backup-codes/backup-codes.js';
import { thrownBy } from '../../support/thrown.js';

function refusalOf(options: object): string {
  const { code, message } = thrownBy(() => backupCodes(options));
  return `${code}: ${message}`;
}

describe('backupCodes()', () => {
  it('says what it is to the flows', () => {
    expect(backupCodes()).to.include({ kind: 'backup-codes', rank: 'backup', guessable: true, ceremony: 'none' });
    expect(backupCodes()).not.to.have.property('amr');
    expect(backupCodes().enrollment).to.include({ ceremony: 'kept', limit: 1, beginsOnPage: false, ttlSeconds: 600 });
  });

  it('refuses an option that it does not have, and names the nearest that it has', () => {
    expect(refusalOf({ counts: 10 })).to.equal(
      'config.unknown_option: backupCodes(): there is no option `counts`. Did you mean `count`?',
    );
  });

  it('refuses values out of range', () => {
    const refused: [object, string][] = [
      [{ count: 4 }, '`count` is 4; it takes a whole number from 5 to 20.'],
      [{ count: 21 }, '`count` is 21'],
      [{ count: '10' }, '`count` is "10"'],
      [{ strength: 'extreme' }, '`strength` is "extreme"; it takes normal, high.'],
      [{ expiresInDays: 0 }, '`expiresInDays` is 0'],
      [{ expiresInDays: 1.5 }, '`expiresInDays` is 1.5'],
      [{ confirm: true }, '`confirm` is true; it takes checkbox, type-one.'],
      [{ lowAt: 10 }, '`lowAt` is 10'],
      [{ lowAt: -1 }, '`lowAt` is -1'],
    ];
    for (const [options, sentence] of refused) {
      expect(refusalOf(options), JSON.stringify(options)).to.contain(
        `config.invalid_option: backupCodes(): ${sentence}`,
      );
    }
  });

  it('takes the ends of every range', () => {
    for (const options of [{ count: 5 }, { count: 20 }, { expiresInDays: 1 }, { expiresInDays: null }, { lowAt: 0 }]) {
      expect(backupCodes(options).kind).to.equal('backup-codes');
    }
  });
});
