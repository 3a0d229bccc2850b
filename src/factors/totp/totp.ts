// Codes from an authenticator app (RFC 6238). Guessing, locking and single use in parallel are the flows' business.
import type { Factor } from '../../core/kernel/factor.js';
import { dataOf, fingerprintIn, sealedIn } from './data.js';
import { totpEnrollment, type EnrollmentEvidence } from './enrollment.js';
import { adoptSecret } from './imported-secret.js';
import { readTotpOptions, type TotpOptions } from './options.js';
import { parseCode, type TypedCode } from './parse-code.js';
import { judge, weigh, wrong, type Evidence } from './verification.js';

/**
 * The factor for authenticator apps.
 * @throws MfaError `config.unknown_option`, `config.invalid_option`
 */
export function totp(options: TotpOptions = {}): Factor<TypedCode, Evidence, TypedCode, EnrollmentEvidence> {
  const config = readTotpOptions(options);
  return {
    kind: 'totp',
    rank: 'primary',
    amr: 'otp',
    wrong,
    guessable: true,
    strength: 2,
    onPhone: true,
    ceremony: 'none',
    under: (defaults) => totp({ ...(defaults as TotpOptions), ...options }),
    inForce: {
      digits: config.digits,
      period: config.periodSeconds,
      maxPerPerson: config.maxPerPerson,
      window: config.before + config.after === 0 ? 'strict' : 'standard',
    },
    parse: parseCode,
    weigh: async (context, own, answer) => weigh(context, own, answer, config),
    judge: (_context, own, evidence) => judge(own, evidence),
    standing: () => ({ state: 'usable' }),
    enrollment: totpEnrollment(config),
    describe(_context, authenticator) {
      const { algorithm, digits, period, weak } = dataOf(authenticator);
      return { algorithm, digits, period, ...(weak === true ? { weak } : {}) };
    },
    sealed: sealedIn,
    fingerprintOf: fingerprintIn,
    adoptSecret: async (context, own, input) => adoptSecret(context, own, input),
  };
}
