// The factor "a code by e-mail". Weak on purpose of being everywhere: NIST SP 800-63B-4 §3.1.3.1 does not accept e-mail
// as an out-of-band authenticator, so it claims no authentication method (RFC 8176) for itself.
import type { CodeFactor } from '../one-time-code/code-factor.js';
import { createCodeFactor } from '../one-time-code/code-factor.js';
import { maskEmail } from '../../core/words/mask.js';
import { renderEmail } from '../one-time-code/messages.js';
import { parseCodeOptions } from '../one-time-code/options.js';
import type { CodeOptions } from '../one-time-code/options.js';
import { mailboxOf, parseEmailAddress } from './email-address.js';

/** Options of codes by e-mail. */
export type EmailCodeOptions = CodeOptions;

/**
 * Codes by e-mail.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function emailCode(options: EmailCodeOptions): CodeFactor {
  const settings = parseCodeOptions('emailCode', options, { channel: 'email', maxLifeSeconds: 3600, ownNames: [] });
  return createCodeFactor(
    {
      kind: 'email',
      mismatch: 'verification_code.email_mismatch',
      parseAddress: parseEmailAddress,
      parseTyped: parseEmailAddress,
      mask: maskEmail,
      mailboxOf,
      verifiedOf: (user) => (user.emailVerified === true ? user.email : undefined),
      render: renderEmail,
    },
    settings,
  );
}
