// What counts as a phone number that a code may be sent to: one international number, of a kind that receives SMS at a
// normal price, in a country that the app allows. The only file that knows libphonenumber-js; its full metadata is
// needed to tell premium-rate numbers, the means of toll fraud, from others.
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode } from 'libphonenumber-js/max';
import type { ParsedAddress } from '../one-time-code/channel.js';

export type PhoneRules = {
  /** ISO 3166-1 alpha-2; absent: every country. */
  allowedCountries?: readonly CountryCode[];
  /** For numbers typed without a country code. */
  defaultCountry?: CountryCode;
};

/** Numbers that cost the sender extra, or that no person reads messages at. */
const refusedTypes: readonly string[] = ['PREMIUM_RATE', 'SHARED_COST', 'TOLL_FREE', 'PAGER', 'UAN', 'VOICEMAIL'];

export function isCountry(code: unknown): code is CountryCode {
  return typeof code === 'string' && isSupportedCountry(code);
}

/** In the words of our pages, in each language. */
const examples = ['447400123456', '4915123456789', '33612345678', '393123456789'];

/** Somebody took our example for what to enter: it is nobody's, or a stranger's. */
export function noExample(parsed: ParsedAddress, typed: unknown): ParsedAddress {
  const digits = typeof typed === 'string' ? typed.replace(/\D/g, '').replace(/^00/, '') : '';
  return examples.includes(digits) ? { hint: 'phone.example' } : parsed;
}

/** Spaces, dashes, dots and brackets are forgiven; the number comes out as E.164. */
export function parsePhoneNumber(typed: unknown, rules: PhoneRules): ParsedAddress {
  if (typeof typed !== 'string') return { hint: 'phone.missing' };
  const written = typed.replace(/^ +| +$/g, '');
  if (written === '') return { hint: 'phone.missing' };
  // How most of the world dials abroad (ITU-T E.123): no number within a country begins so.
  const text = written.replace(/^00(?=[1-9 ])/, '+');
  if (/[,;]/.test(text)) return { hint: 'phone.only_one' };
  if (text.length > 40 || !/^\+?[0-9 \u00a0()./-]+$/.test(text)) return { hint: 'phone.invalid' };
  const isInternational = text.startsWith('+');
  if (!isInternational && rules.defaultCountry === undefined) return { hint: 'phone.country_code_missing' };
  const options = rules.defaultCountry === undefined ? {} : { defaultCountry: rules.defaultCountry };
  const number = parsePhoneNumberFromString(text, { ...options, extract: false });
  if (!number?.isValid() || number.ext !== undefined) return { hint: 'phone.invalid' };
  // No country: satellite and international premium networks (+88x, +979, …), the dearest of all.
  if (number.country === undefined) return { hint: 'phone.country_not_allowed' };
  if (rules.allowedCountries && !rules.allowedCountries.includes(number.country)) {
    return { hint: 'phone.country_not_allowed' };
  }
  if (refusedTypes.includes(number.getType() ?? '')) return { hint: 'phone.kind_not_allowed' };
  return { address: number.number };
}
