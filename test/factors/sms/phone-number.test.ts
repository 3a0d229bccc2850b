// Phone numbers as people type them, and those at which fraud is aimed.
import { expect } from 'chai';
import { parsePhoneNumber } from '../../../src/factors/sms/phone-number.js';
import { smsCode } from '../../../src/factors/sms/sms-code.js';
import { outboxSender } from '../../../src/senders/outbox-sender.js';
import { startCodes } from '../one-time-code/fixture.js';
import { saidOf } from '../../support/core-person.js';
import { addresses } from '../../support/addresses.js';

describe('a phone number', () => {
  const accepted: { [typed: string]: string } = {
    '+41 79 123 45 67': '+41791234567',
    ' +41-79-123-45-67 ': '+41791234567',
    '+41 (0)79 123 45 67': '+41791234567',
    '+1 (202) 456-1111': '+12024561111',
    '+44.7911.123456': '+447911123456',
  };
  for (const [typed, number] of Object.entries(accepted)) {
    it(`'${typed}' becomes ${number}`, () => expect(parsePhoneNumber(typed, {})).to.deep.equal({ address: number }));
  }

  const refused: { [typed: string]: string } = {
    '': 'phone.missing',
    '079 123 45 67': 'phone.country_code_missing',
    '+41 79 123 45': 'phone.invalid',
    '+999 123456789': 'phone.invalid',
    'call +41791234567': 'phone.invalid',
    '+41791234567 ext. 5': 'phone.invalid',
    'tel:+41791234567': 'phone.invalid',
    '+41791234567\n+41791234599': 'phone.invalid',
    '+41791234567\r\nTo: +41791234599': 'phone.invalid',
    '+41791234567\u0000': 'phone.invalid',
    '+41791234567,+41791234599': 'phone.only_one',
    '+41791234567;+41791234599': 'phone.only_one',
    '+41791234567 +41791234599': 'phone.invalid',
    '+٤١٧٩١٢٣٤٥٦٧': 'phone.invalid',
    [`+${'4'.repeat(60)}`]: 'phone.invalid',
  };
  for (const [typed, hint] of Object.entries(refused)) {
    it(`${JSON.stringify(typed)} is refused: ${hint}`, () =>
      expect(parsePhoneNumber(typed, {})).to.deep.equal({ hint }));
  }

  it('is no number, list or object', () => {
    for (const typed of [undefined, null, 41791234567, ['+41791234567'], { toString: () => '+41791234567' }]) {
      expect(parsePhoneNumber(typed, {})).to.deep.equal({ hint: 'phone.missing' });
    }
  });

  it('may be typed as at home where the app names a default country', () => {
    const swiss = { defaultCountry: 'CH' } as const;
    expect(parsePhoneNumber('079 123 45 67', swiss)).to.deep.equal({ address: '+41791234567' });
    expect(parsePhoneNumber('+1 202 456 1111', swiss)).to.deep.equal({ address: '+12024561111' });
    expect(parsePhoneNumber('12', swiss)).to.deep.equal({ hint: 'phone.invalid' });
  });
});

describe('toll fraud', () => {
  const premium = ['+41900123456', '+19002345678', '+449098234567', '+33891123456'];
  for (const number of premium) {
    it(`sends nothing to the premium-rate number ${number}`, () =>
      expect(parsePhoneNumber(number, {})).to.deep.equal({ hint: 'phone.kind_not_allowed' }));
  }

  for (const number of ['+881612345678', '+979123456789', '+883510012345']) {
    it(`sends nothing to ${number}, which belongs to no country`, () => {
      const parsed = parsePhoneNumber(number, {});
      expect(parsed).not.to.have.property('address');
    });
  }

  it('keeps to the countries that the app allows, also where countries share a calling code', () => {
    const rules = { allowedCountries: ['CH', 'US'] } as const;
    expect(parsePhoneNumber('+41791234567', rules)).to.have.property('address');
    expect(parsePhoneNumber('+12024561111', rules)).to.have.property('address');
    expect(parsePhoneNumber('+18763123456', rules), 'Jamaica').to.deep.equal({ hint: 'phone.country_not_allowed' });
    expect(parsePhoneNumber('+3725123456', rules), 'Estonia').to.deep.equal({ hint: 'phone.country_not_allowed' });
  });

  it('sends no code to a country that is no longer allowed, though the number is bound', async () => {
    const before = startCodes('sms');
    await before.bind();
    const after = startCodes('sms', { allowedCountries: ['US'] }, { beside: before.kernel });
    let thrown: unknown;
    const outcome = await after
      .session()
      .send()
      .catch((error: unknown) => {
        thrown = error;
      });
    expect(outcome ? saidOf(outcome) : (thrown as { code?: string }).code).to.equal(
      'session.mfa.mfa_factor_not_enabled',
    );
    expect(after.outbox.messages).to.have.length(0);
  });

  it('is prevented at enrolment too: nothing is sent, and the hint says why', async () => {
    const codes = startCodes('sms', { allowedCountries: ['US'] });
    expect(await codes.session().begin(addresses.sms)).to.deep.include({
      reason: 'request.invalid',
      details: { field: 'address', hint: 'phone.country_not_allowed' },
    });
    expect(codes.outbox.messages).to.have.length(0);
  });
});

describe('the options of smsCode', () => {
  const sender = outboxSender('sms');
  const wrong: [object, string][] = [
    [{ allowedCountries: [] }, 'at least one'],
    [{ allowedCountries: 'CH' }, 'at least one'],
    [{ allowedCountries: ['Switzerland'] }, '"Switzerland"'],
    [{ allowedCountries: ['XX'] }, '"XX"'],
    [{ defaultCountry: 'ch' }, '"ch"'],
    [{ defaultCountry: 'DE', allowedCountries: ['CH'] }, 'DE is not among'],
    [{ host: 'https://example.com' }, 'https://example.com'],
    [{ host: 'example.com:443' }, 'bare host'],
    [{ host: 'example.com #1' }, 'bare host'],
    [{ expiresInSeconds: 601 }, 'from 60 to 600'],
  ];
  for (const [options, words] of wrong) {
    it(`refuse ${JSON.stringify(options)}`, () => {
      expect(() => smsCode({ sender, ...options }))
        .to.throw(words)
        .with.property('code', 'config.invalid_option');
    });
  }

  it('claim the registered authentication method sms', () => expect(smsCode({ sender }).amr).to.equal('sms'));
});
