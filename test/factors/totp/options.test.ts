// The options of `totp()`.
import { expect } from 'chai';
import { totp } from '../../../src/factors/totp/totp.js';
import { thrownBy } from '../../support/thrown.js';

function refusalOf(options: object): string {
  const { code, message } = thrownBy(() => totp(options));
  return `${code}: ${message}`;
}

describe('totp()', () => {
  it('says what it is to the flows', () => {
    expect(totp()).to.include({ kind: 'totp', rank: 'primary', amr: 'otp', guessable: true, ceremony: 'none' });
    expect(totp().enrollment).to.include({
      ceremony: 'kept',
      limit: 1,
      beginsOnPage: true,
      ttlSeconds: 900,
      inUse: 'user.totp_already_in_use',
    });
  });

  it('refuses an option that it does not have, and names the nearest that it has', () => {
    expect(refusalOf({ digit: 6 })).to.equal(
      'config.unknown_option: totp(): there is no option `digit`. Did you mean `digits`?',
    );
  });

  it('refuses values that no authenticator app or no RFC takes', () => {
    const refused: [object, string][] = [
      [{ algorithm: 'MD5' }, '`algorithm` is "MD5"; it takes SHA1, SHA256, SHA512.'],
      [{ digits: 5 }, '`digits` is 5; it takes 6, 7 or 8.'],
      [{ digits: '6' }, '`digits` is "6"'],
      [{ period: 0 }, '`period` is 0'],
      [{ period: 30.5 }, '`period` is 30.5'],
      [{ secretBytes: 15 }, '`secretBytes` is 15; it takes a whole number from 16 to 64.'],
      [{ window: 1 }, '`window` is 1; it takes strict, standard.'],
      [{ window: 'lenient' }, '`window` is "lenient"; it takes strict, standard.'],
      [{ window: 'toString' }, '`window` is "toString"'],
    ];
    for (const [options, sentence] of refused) {
      expect(refusalOf(options), JSON.stringify(options)).to.contain(`config.invalid_option: totp(): ${sentence}`);
    }
  });

  it('leaves the caller’s options as they are', () => {
    const options = Object.freeze({ digits: 8 as const });
    totp(options);
    expect(options).to.deep.equal({ digits: 8 });
  });
});
