// Which texts are addresses to senders.
import { expect } from 'chai';
import { formatMailbox, isEmailAddress, isPhoneNumber, parseMailbox } from '../../src/senders/address.js';

describe('isEmailAddress', () => {
  for (const address of [
    'a@b.co',
    'first.last+tag@sub.example.com',
    "o'neil!#$%&*/=?^_`{|}~-@example.com",
    'root@localhost',
    'jörg@bücher.example',
    '用户@例子.广告',
    `${'a'.repeat(64)}@example.com`,
  ]) {
    it(`takes ${address}`, () => expect(isEmailAddress(address)).to.equal(true));
  }

  for (const address of [
    'a b@example.com',
    'a@b@example.com',
    'a@-example.com',
    'a@example-.com',
    'a@example..com',
    'a@.com',
    'a@[127.0.0.1]',
    '"a b"@example.com',
    'a(comment)@example.com',
    'a:b@example.com',
    'a\\@example.com',
    'a@example.com\t',
    'a\u200b@example.com',
    'a@example.com\u2028b@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'ü'.repeat(60)}.${'ü'.repeat(60)}.${'ü'.repeat(10)}`,
    42,
    ['a@example.com'],
    undefined,
  ]) {
    it(`refuses ${JSON.stringify(address)}`, () => expect(isEmailAddress(address)).to.equal(false));
  }

  it('answers at once on a long hostile text', () => {
    const begun = Date.now();
    expect(isEmailAddress(`a@${'a-'.repeat(100_000)}`)).to.equal(false);
    expect(isEmailAddress(`a@${'a.'.repeat(120)}`)).to.equal(false);
    // To look at each character for each other one would take a minute.
    expect(Date.now() - begun).to.be.below(10_000);
  });
});

describe('isPhoneNumber', () => {
  it('takes E.164 from 7 to 15 digits', () => {
    for (const number of ['+1555010', '+15550100123', '+123456789012345']) expect(isPhoneNumber(number)).to.equal(true);
  });

  it('refuses everything else', () => {
    const wrong = [
      '+155501',
      '+1234567890123456',
      '+05550100123',
      '15550100123',
      '0015550100123',
      '+1555 0100123',
      15550100123,
    ];
    for (const number of wrong) expect(isPhoneNumber(number), String(number)).to.equal(false);
  });
});

describe('parseMailbox', () => {
  it('reads an address, an address with a name, and an object', () => {
    expect(parseMailbox('a@b.co')).to.deep.equal({ address: 'a@b.co' });
    expect(parseMailbox('Acme <a@b.co>')).to.deep.equal({ address: 'a@b.co', name: 'Acme' });
    expect(parseMailbox('"Acme, Inc." <a@b.co>')).to.deep.equal({ address: 'a@b.co', name: 'Acme, Inc.' });
    expect(parseMailbox({ address: 'a@b.co', name: 'Acme' })).to.deep.equal({ address: 'a@b.co', name: 'Acme' });
  });

  it('refuses what could hold two mailboxes or another header', () => {
    const wrong = [
      'a@b.co, c@d.co',
      'A <a@b.co>, B <c@d.co>',
      'A <a@b.co',
      'A\r\nBcc: c@d.co <a@b.co>',
      '',
      null,
      7,
      {},
    ];
    for (const value of wrong) expect(parseMailbox(value), JSON.stringify(value)).to.equal(undefined);
    expect(parseMailbox({ address: 'a@b.co', name: 'A\nB' })).to.equal(undefined);
  });
});

describe('formatMailbox', () => {
  it('quotes a name, and puts one that is not ASCII into encoded words of at most 75 characters', () => {
    expect(formatMailbox({ address: 'a@b.co' })).to.equal('a@b.co');
    expect(formatMailbox({ address: 'a@b.co', name: 'The "A" \\ Co' })).to.equal('"The \\"A\\" \\\\ Co" <a@b.co>');
    const name = 'Ä'.repeat(60);
    const words = formatMailbox({ address: 'a@b.co', name }).split(' ').slice(0, -1);
    const decoded = words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString('utf8'));
    expect(words.every((word) => word.length <= 75)).to.equal(true);
    expect(decoded.join('')).to.equal(name);
  });
});
