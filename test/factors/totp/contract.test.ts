// Authenticator apps under the contract for factors.
import { totp } from '../../../src/factors/totp/totp.js';
import { factorContract } from '../../../src/testing/factor-contract.js';
import { appCode, enrol, wrongCode } from './fixture.js';
import { contextAt, noon } from '../../support/factor-context.js';

for (const digits of [6, 8] as const) {
  factorContract(`totp of ${digits} digits`, async () => {
    const factor = totp({ digits });
    const { secret, own } = await enrol(factor, contextAt(noon - 300));
    return {
      factor,
      context: contextAt(noon),
      own,
      answer: async (how) => {
        const code = how === 'right' ? appCode(secret, noon, { digits }) : wrongCode(secret, noon).padEnd(digits, '0');
        return { body: { code } };
      },
      secrets: [secret],
    };
  });
}
