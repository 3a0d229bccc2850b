// One user id, one text: what a host may call an id, and what is refused because it could stand for two people.
import { expect } from 'chai';
import { idTextOf, userIdOf } from '../../../src/core/words/user-id.js';
import { thrownBy } from '../../support/thrown.js';

const objectId = (hex: unknown) => ({
  hex,
  toHexString(this: { hex: unknown }) {
    return this.hex;
  },
});

describe('a user id', () => {
  const good: [string, unknown, string][] = [
    ['a string as it is', ' Ann@example.com ', ' Ann@example.com '],
    ['a string of one character', '0', '0'],
    ['a string of 255 characters', 'x'.repeat(255), 'x'.repeat(255)],
    ['a number', 42, '42'],
    ['nought', 0, '0'],
    ['a negative number', -7, '-7'],
    ['the greatest safe number', Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['a number beyond those, exactly', 2n ** 64n, '18446744073709551616'],
    ['an ObjectId', objectId('507f1f77bcf86cd799439011'), '507f1f77bcf86cd799439011'],
    ['a text that only holds the words for nothing', 'undefined-1', 'undefined-1'],
    ['a text in brackets', '[object', '[object'],
    ['the word null', 'null', 'null'],
  ];
  for (const [what, given, text] of good)
    it(`is ${what}`, () => {
      expect(userIdOf(given)).to.equal(text);
      expect(idTextOf(given)).to.equal(text);
    });

  const bad: [what: string, given: unknown, described: string][] = [
    ['an empty string', '', 'an empty string'],
    ['a string of 256 characters', 'x'.repeat(256), 'a string of 256 characters'],
    ['what String() makes of nothing', 'undefined', 'a string of 9 characters'],
    ['what String() makes of an object', '[object Object]', 'a string of 15 characters'],
    ['what String() makes of another object', '[object Promise]', 'a string of 16 characters'],
    ['a number with a fraction', 1.5, 'the number 1.5'],
    ['a number that stands for two', 2 ** 53, 'the number 9007199254740992'],
    ['no number', NaN, 'the number NaN'],
    ['null', null, 'null'],
    ['undefined', undefined, 'a value of type undefined'],
    ['a truth value', true, 'a value of type boolean'],
    ['an object', {}, 'a value of type object'],
    ['a list', ['ann'], 'a value of type object'],
    ['a promise', Promise.resolve('ann'), 'a value of type object'],
    ['a function', () => 'ann', 'a value of type function'],
    ['an ObjectId whose text is none', objectId(7), 'a value of type object'],
    ['an ObjectId of no text', objectId(''), 'a value of type object'],
    ['an ObjectId of too long a text', objectId('a'.repeat(256)), 'a value of type object'],
    ['an object with a name like an ObjectId’s', { toHexString: 'abc' }, 'a value of type object'],
  ];
  for (const [what, given, described] of bad)
    it(`is not ${what}, and the error says what came`, () => {
      const error = thrownBy(() => userIdOf(given));
      expect(error.code).to.equal('config.invalid_user_id');
      expect(error.message).to.include(`cannot name a person: ${described}. Return the stored key`);
    });

  it('is not repeated in the error, for it may be a secret of the host', () => {
    const given = 's3cret'.repeat(50);
    expect(thrownBy(() => userIdOf(given)).message).not.to.include('s3cret');
  });

  it('is no text of anything else', () => {
    for (const given of [null, undefined, true, {}, [], 1.5, 2 ** 53, NaN, Infinity, objectId(7), { toHexString: 'a' }])
      expect(idTextOf(given)).to.equal(undefined);
    expect(idTextOf('')).to.equal('');
  });
});
