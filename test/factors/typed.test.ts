// Codes and addresses as they are copied, by each factor alike: what one of them understands, all do.
import { expect } from 'chai';
import { readGrantTyped } from '../../src/core/flows/enrollment-grant.js';
import { backupCodes, emailCode, outboxSender, smsCode, totp } from '../../src/index.js';

const email = emailCode({ sender: outboxSender('email') });
const sms = smsCode({ sender: outboxSender('sms') });

const digits = { totp: totp().parse, email: email.parse, sms: sms.parse };
const letters = {
  'backup codes': (body: { code: string }) => (backupCodes().parse(body) as { code?: string }).code,
  'a granted code': (body: { code: string }) => readGrantTyped(body),
};

/** What copying puts between any two characters. */
const unseen = {
  'zero-width space': '\u200b',
  'zero-width joiner': '\u200d',
  'word joiner': '\u2060',
  'byte-order mark': '\ufeff',
  'soft hyphen': '\u00ad',
  'left-to-right mark': '\u200e',
  'direction of a contact': '\u202a',
  'variation selector': '\ufe0f',
  'variation selector 17': '\u{e0100}',
  'Hangul filler': '\u3164',
  'half-width Hangul filler': '\uffa0',
  'combining grapheme joiner': '\u034f',
  'Mongolian vowel separator': '\u180e',
  'tag character': '\u{e0041}',
};
const between = {
  'non-breaking hyphen': '\u2011',
  'en dash': '\u2013',
  'minus sign': '\u2212',
  'no-break space': '\u00a0',
  'thin space': '\u202f',
  'ideographic space': '\u3000',
};

const spread = (text: string, mark: string) => mark + [...text].join(mark) + mark;

for (const [factor, parse] of Object.entries(digits))
  describe(`a code of ${factor}`, () => {
    const read = (code: string) => parse({ code });
    for (const [name, mark] of Object.entries({ ...unseen, ...between }))
      it(`is read through each ${name}`, () => expect(read(spread('012345', mark))).to.deep.equal({ code: '012345' }));
    for (const typed of [
      'code: 012 345',
      '012345.',
      '٠١٢٣٤٥',
      '०१२३४५',
      '０１２３４５',
      'Acme: 012345 is your security code.',
    ])
      it(`is read in ${typed}`, () => expect(read(typed)).to.deep.equal({ code: '012345' }));
    it('is no other where letters only look like digits', () => {
      for (const typed of ['O12345', '0l2345', '01234S']) expect(read(typed)).to.have.property('malformed', true);
    });
  });

for (const [factor, read] of Object.entries(letters))
  describe(`${factor}, typed`, () => {
    for (const [name, mark] of Object.entries({ ...unseen, ...between }))
      it(`is read through each ${name}`, () => expect(read({ code: spread('K7QF3XTM', mark) })).to.equal('K7QF3XTM'));
    for (const code of ['3. K7QF-3XTM', 'k7qf 3xtm.', 'Code: K7QF-3XTM', 'Ｋ７ＱＦ－３ＸＴＭ', 'K7QF‑3XTM'])
      it(`is read in ${code}`, () => expect(read({ code })).to.equal('K7QF3XTM'));
    it('is no other where one character only looks like another', () => {
      for (const code of ['K7QF-3XT0', 'K7QF-3XTO', 'K7QF-3XT1']) expect(read({ code })).to.equal(undefined);
    });
  });

describe('an address that is typed', () => {
  const mail = (address: string) => email.enrollment.parseBegin?.({ address });
  const phone = (address: string) => sms.enrollment.parseBegin?.({ address });

  for (const [name, mark] of Object.entries(unseen))
    it(`is read through each ${name}`, () => {
      expect(mail(spread('ada@example.com', mark))).to.deep.equal({ address: 'ada@example.com' });
      expect(phone(spread('+41791234567', mark))).to.deep.equal({ address: '+41791234567' });
    });

  for (const typed of [
    '0041 79 123 45 67',
    '00 41 79 123 45 67',
    '+41‑79‑123‑45‑67',
    '＋41 79 123 45 67',
    'tel:+41791234567',
    '+٤١٧٩١٢٣٤٥٦٧',
  ])
    it(`is the phone number in ${typed}`, () => expect(phone(typed)).to.deep.equal({ address: '+41791234567' }));

  for (const typed of [
    '<ada@example.com>',
    'mailto:ada@example.com',
    'ada@example.com.',
    'ada＠example.com',
    '\u00a0ada@example.com',
  ])
    it(`is the mailbox in ${typed}`, () => expect(mail(typed)).to.deep.equal({ address: 'ada@example.com' }));

  for (const typed of ['+44 7400 123456', '0049 1512 3456789', '+33 6 12 34 56 78', '+39 312 345 6789'])
    it(`is not our own example, ${typed}`, () =>
      expect(phone(typed)).to.deep.equal({ malformed: true, details: { field: 'address', hint: 'phone.example' } }));

  it('is one mailbox still, and no header', () => {
    for (const typed of [
      'ada@example.com\r\nBcc: eve@example.com',
      'ada@example.com, eve@example.com',
      'ada@example.com\u2028x',
    ])
      expect(mail(typed)).to.have.property('malformed', true);
  });
});
