// The known name that a misspelt one meant: near enough by edits, or begun; nothing where that would be a guess.
import { expect } from 'chai';
import { nearest } from '../../../src/core/words/nearest.js';

describe('the nearest known name', () => {
  const rows: [what: string, name: string, known: string[], found: string | undefined][] = [
    ['a letter more', 'isssuer', ['issuer'], 'issuer'],
    ['a letter less', 'isuer', ['issuer'], 'issuer'],
    ['another letter', 'issuor', ['issuer'], 'issuer'],
    ['a letter less at the end', 'issue', ['issuer'], 'issuer'],
    ['a letter more at the end', 'issuers', ['issuer'], 'issuer'],
    ['a letter less at the beginning', 'ssuer', ['issuer'], 'issuer'],
    ['a letter more at the beginning', 'xissuer', ['issuer'], 'issuer'],
    ['two letters that changed places', 'isuser', ['issuer'], 'issuer'],
    ['other capitals', 'MAXAGESECONDS', ['maxAgeSeconds'], 'maxAgeSeconds'],
    ['other capitals in what is known', 'trustdays', ['TRUSTDAYS'], 'TRUSTDAYS'],
    ['the name itself', 'period', ['digits', 'period'], 'period'],
    ['three edits', 'trustwxvs', ['trustDays'], 'trustDays'],
    ['three edits, letters less', 'trusta', ['trustDays'], 'trustDays'],
    ['four edits', 'trustwxvz', ['trustDays'], undefined],
    ['fewer edits than half the word', 'abcxy', ['abcde'], 'abcde'],
    ['as many edits as half the word', 'abxy', ['abcd'], undefined],
    ['two edits of half a longer word', 'abcxyz', ['abcdef'], undefined],
    ['one edit of two letters', 'ax', ['ab'], undefined],
    ['one edit of three letters', 'abx', ['abc'], 'abc'],
    ['the nearer of two, the first', 'digitz', ['digits', 'digiax'], 'digits'],
    ['the nearer of two, the last', 'digitz', ['digiax', 'digits'], 'digits'],
    ['the first of two as near', 'coda', ['code', 'codx'], 'code'],
    ['a beginning', 'maxAge', ['trustDays', 'maxAgeSeconds'], 'maxAgeSeconds'],
    ['a beginning in other capitals', 'MaxAge', ['maxAgeSeconds'], 'maxAgeSeconds'],
    ['the beginning of one in capitals', 'maxage', ['MAXAGESECONDS'], 'MAXAGESECONDS'],
    ['a beginning of four letters', 'trus', ['trustedNetworks'], 'trustedNetworks'],
    ['a beginning of three letters', 'tru', ['trustedNetworks'], undefined],
    ['the beginning of two', 'trust', ['trustedNetworks', 'trustedOrigins'], undefined],
    ['an end', 'Seconds', ['maxAgeSeconds'], undefined],
    ['what is near before what is begun', 'trusts', ['trustsOfOthers', 'trusty'], 'trusty'],
    ['another word', 'elephant', ['digits', 'period'], undefined],
    ['no word', '', ['digits'], undefined],
    ['nothing known', 'digits', [], undefined],
  ];
  for (const [what, name, known, found] of rows)
    it(`is ${found ?? 'none'} for ${what}`, () => expect(nearest(name, known)).to.equal(found));
});
