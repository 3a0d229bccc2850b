// The factor "a code by SMS". A restricted authenticator (NIST SP 800-63B-4 §3.2.9): numbers are hijacked and messages
// cost money, so countries can be limited and every message is bound to the app's origin.
import { MfaError } from '../../core/words/errors.js';
import { createCodeFactor } from '../one-time-code/code-factor.js';
import type { CodeFactor } from '../one-time-code/code-factor.js';
import { maskPhone } from '../../core/words/mask.js';
import { invalid, shown } from '../one-time-code/misuse.js';
import { parseCodeOptions } from '../one-time-code/options.js';
import type { CodeOptions } from '../one-time-code/options.js';
import { isCountry, noExample, parsePhoneNumber } from './phone-number.js';
import type { PhoneRules } from './phone-number.js';
import { hostOf, renderShortMessage } from './short-message.js';
import { urlOf } from '../../core/words/url.js';

/** Options of codes by SMS. */
export type SmsCodeOptions = CodeOptions & {
  /** Countries that codes may be sent to, ISO 3166-1 alpha-2 (default: all). Naming yours ends most toll fraud. */
  allowedCountries?: readonly string[];
  /** For numbers typed without a country code, ISO 3166-1 alpha-2; without it they are refused. */
  defaultCountry?: string;
  /** The host that messages are bound to (default: that of the app's first origin). */
  host?: string;
};

/**
 * Codes by SMS.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function smsCode(options: SmsCodeOptions): CodeFactor {
  const ownNames = ['allowedCountries', 'defaultCountry', 'host'];
  const settings = parseCodeOptions('smsCode', options, { channel: 'sms', maxLifeSeconds: 600, ownNames });
  const rules = parsePhoneRules(options);
  const host = parseHost(options.host);
  return createCodeFactor(
    {
      kind: 'sms',
      mismatch: 'verification_code.phone_mismatch',
      amr: 'sms',
      parseAddress: (typed) => parsePhoneNumber(typed, rules),
      parseTyped: (typed) => noExample(parsePhoneNumber(typed, rules), typed),
      mask: maskPhone,
      mailboxOf: (number) => number,
      verifiedOf: (user) => (user.phoneVerified === true ? user.phone : undefined),
      render: (book, usage, locale, valuesIn, { origins, code }) => {
        const binding = code === undefined ? undefined : { host: hostOf(origins, host), code };
        return renderShortMessage(book, usage, locale, valuesIn, binding);
      },
      check: ({ production, origins }) => {
        if (!production || host !== undefined || origins.length > 0) return;
        throw new MfaError(
          'config.origin_missing',
          'SMS codes are bound to the app’s origin, and there is none. Set origin in createMfa, or host in smsCode.',
        );
      },
    },
    settings,
  );
}

function parsePhoneRules({ allowedCountries, defaultCountry }: SmsCodeOptions): PhoneRules {
  if (allowedCountries !== undefined && (!Array.isArray(allowedCountries) || allowedCountries.length === 0)) {
    throw invalid('smsCode: allowedCountries must name at least one country; leave it out to allow all.');
  }
  const country = (option: string, code: unknown) => {
    if (isCountry(code)) return code;
    throw invalid(`smsCode: ${option} takes ISO 3166-1 codes of two capital letters, received ${shown(code)}.`);
  };
  const allowed = allowedCountries?.map((code) => country('allowedCountries', code));
  const byDefault = defaultCountry === undefined ? undefined : country('defaultCountry', defaultCountry);
  if (allowed && byDefault && !allowed.includes(byDefault)) {
    throw invalid(`smsCode: defaultCountry ${byDefault} is not among allowedCountries.`);
  }
  return {
    ...(allowed ? { allowedCountries: allowed } : {}),
    ...(byDefault ? { defaultCountry: byDefault } : {}),
  };
}

function parseHost(host: unknown): string | undefined {
  if (host === undefined) return undefined;
  const isHost = typeof host === 'string' && urlOf(`https://${host}`)?.hostname === host;
  if (!isHost) throw invalid(`smsCode: host must be a bare host name such as 'example.com', received ${shown(host)}.`);
  return host;
}
