// The options of codes that are sent.
import { inspect } from 'node:util';
import { expect } from 'chai';
import { isMalformed } from '../../../src/core/kernel/factor.js';
import { cryptoRandom } from '../../../src/crypto/random.js';
import { emailCode } from '../../../src/factors/email/email-code.js';
import { drawCode, parseCode } from '../../../src/factors/one-time-code/code.js';
import type { CodeOptions } from '../../../src/factors/one-time-code/options.js';
import { smsCode } from '../../../src/factors/sms/sms-code.js';
import { outboxSender } from '../../../src/senders/outbox-sender.js';
import { must, startCodes } from './fixture.js';

const byEmail = outboxSender('email');
const bySms = outboxSender('sms');
const make = (options: object) => () => emailCode({ sender: byEmail, ...options });

describe('the options of codes that are sent', () => {
  const wrong: [object, string, string][] = [
    [{ digits: 5 }, 'config.invalid_option', 'digits must be a whole number from 6 to 10, received 5'],
    [{ digits: 11 }, 'config.invalid_option', 'received 11'],
    [{ digits: '6' }, 'config.invalid_option', 'received "6"'],
    [{ digits: 6.5 }, 'config.invalid_option', '6.5'],
    [{ expiresInSeconds: 59 }, 'config.invalid_option', 'from 60 to 3600'],
    [{ expiresInSeconds: 3601 }, 'config.invalid_option', 'from 60 to 3600'],
    [{ tries: 0 }, 'config.invalid_option', 'from 1 to 10'],
    [{ tries: 11 }, 'config.invalid_option', 'from 1 to 10'],
    [{ maxPerHour: 0 }, 'config.invalid_option', 'maxPerHour'],
    [{ maxPerNetworkPerHour: Infinity }, 'config.invalid_option', 'maxPerNetworkPerHour'],
    [{ defaultLocale: 'English please' }, 'config.invalid_option', 'defaultLocale'],
    [{ sender: undefined }, 'config.invalid_option', 'needs a sender'],
    [{ sender: { channel: 'email' } }, 'config.invalid_option', 'send method'],
    [{ sender: bySms }, 'config.invalid_option', "of channel 'email', received one of 'sms'"],
    [{ digit: 6 }, 'config.unknown_option', 'Did you mean `digits`?'],
    [{ expiresInSecond: 6 }, 'config.unknown_option', 'Did you mean `expiresInSeconds`?'],
    [{ allowedCountries: ['CH'] }, 'config.unknown_option', 'no option `allowedCountries`'],
    [{ templates: { Verify: {} } }, 'config.unknown_option', 'no option `templates.Verify`'],
    [{ templates: { BindMfaX: {} } }, 'config.unknown_option', 'Did you mean `templates.BindM'],
    [{ templates: { Notice: 'text' } }, 'config.invalid_option', 'templates by language'],
    [{ templates: { Notice: { en: 'text' } } }, 'config.invalid_option', 'templates.Notice.en needs a text'],
    [{ templates: { Notice: { en: { text: 'a', body: 'b' } } } }, 'config.invalid_option', 'templates.Notice.en.body'],
    [{ templates: { Notice: { en: { text: 'a', html: 5 } } } }, 'config.invalid_option', 'templates.Notice.en.html'],
    [{ templates: { Notice: { en: { text: '{{cod}}' } } } }, 'config.invalid_option', '{{cod}}'],
    [{ templates: { Notice: { en_US: { text: 'a' } } } }, 'config.invalid_option', "'en_US'"],
  ];
  for (const [options, code, words] of wrong) {
    it(`refuse ${JSON.stringify(options)}`, () => expect(make(options)).to.throw(words).with.property('code', code));
  }

  it('refuse a call without options', () => {
    for (const none of [undefined, null, 'sender']) {
      expect(() => emailCode(none as unknown as CodeOptions)).to.throw('emailCode needs an object of options');
    }
    expect(() => smsCode({ sender: byEmail })).to.throw("smsCode needs a sender of channel 'sms'");
  });

  it('accept the limits of their ranges, and BindMfa for BindMFA', async () => {
    make({ digits: 10, expiresInSeconds: 3600, tries: 10 })();
    const codes = startCodes('email', { templates: { BindMfa: { en: { text: 'Own {{code}}' } } } });
    must(await codes.session().begin());
    expect(codes.outbox.messages[0]?.text).to.equal(`Own ${codes.lastCode()}`);
  });

  it('are never changed', () => {
    const options = Object.freeze({ sender: byEmail, templates: Object.freeze({ BindMfa: Object.freeze({}) }) });
    expect(() => emailCode(options)).not.to.throw();
  });

  it('make a primary factor that can be guessed, on its own channel, kept for twice the life of a code', () => {
    const factor = emailCode({ sender: byEmail, expiresInSeconds: 120, tries: 3 });
    expect(factor).to.include({
      kind: 'email',
      rank: 'primary',
      channel: 'email',
      guessable: true,
      challengeTtlSeconds: 240,
    });
    expect(factor).to.deep.include({ ceremony: { tries: 3 } });
    expect(factor.wrong).to.equal('verification_code.code_mismatch');
    expect(factor).not.to.have.property('amr');
    expect(factor.enrollment).to.deep.include({
      ceremony: { tries: 3 },
      ttlSeconds: 240,
      limit: 1,
      beginsOnPage: false,
    });
  });
});

describe('a typed code', () => {
  for (const typed of [
    '123456',
    ' 123 456 ',
    '123-456',
    '12–34—56',
    '1 2 3 4 5 6',
    '１２３４５６',
    '123\u00a0456\u200b',
    '123\n456',
  ]) {
    it(`${JSON.stringify(typed)} is 123456`, () =>
      expect(parseCode({ code: typed }, 6)).to.deep.equal({ code: '123456' }));
  }

  const refused: [unknown, string][] = [
    [undefined, 'code.missing'],
    [null, 'code.missing'],
    [123456, 'code.missing'],
    [['123456'], 'code.missing'],
    [{ $ne: '' }, 'code.missing'],
    ['', 'code.missing'],
    [' - ', 'code.missing'],
    ['12345', 'code.too_short'],
    ['1234567', 'code.too_long'],
    ['1'.repeat(1e6), 'code.too_long'],
    ['12345a', 'code.not_digits'],
    ['+12345', 'code.not_digits'],
    ['1e5000', 'code.not_digits'],
  ];
  for (const [code, hint] of refused) {
    it(`${inspect(code).slice(0, 30)} is malformed: ${hint}`, () => {
      const parsed = parseCode({ code } as never, 6);
      expect(isMalformed(parsed)).to.equal(true);
      expect(parsed).to.have.property('details').that.includes({ field: 'code', hint });
    });
  }

  it('of another length is told how many digits it has and should have', () => {
    const params = { digits: 6, typed: 4 };
    expect(parseCode({ code: '12-34' }, 6)).to.have.deep.nested.property('details.params', params);
  });

  it('keeps leading zeros', () => expect(parseCode({ code: '000001' }, 6)).to.deep.equal({ code: '000001' }));
});

describe('a drawn code', () => {
  it('has its digits, every one of them in every place', () => {
    const seen = Array.from({ length: 6 }, () => new Set<string>());
    for (let index = 0; index < 2000; index += 1) {
      const code = drawCode(cryptoRandom, 6);
      expect(code).to.match(/^\d{6}$/);
      seen.forEach((digits, place) => digits.add(code[place] ?? ''));
    }
    for (const digits of seen) expect(digits.size).to.equal(10);
  });

  it('takes one number below ten per digit from the source', () => {
    const limits: number[] = [];
    const random = { ...cryptoRandom, int: (limit: number) => limits.push(limit) % 10 };
    expect(drawCode(random, 8)).to.equal('12345678');
    expect(limits).to.deep.equal(Array.from({ length: 8 }, () => 10));
  });
});
