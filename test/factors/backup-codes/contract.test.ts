// Backup codes under the contract for factors, whose derivations are real.
import { backupCodes } from '../../../src/factors/backup-codes/backup-codes.js';
import { factorContract } from '../../../src/testing/factor-contract.js';
import { enrol } from './fixture.js';
import { contextAt, noon } from '../../support/factor-context.js';

factorContract('backup-codes', async () => {
  const factor = backupCodes({ count: 5 });
  const context = contextAt(noon);
  const { codes, own } = await enrol(factor, context);
  const wrong = ['AAAA-AAAA', 'BBBB-BBBB', 'CCCC-CCCC', 'DDDD-DDDD', 'EEEE-EEEE', 'FFFF-FFFF'].find(
    (code) => !codes.includes(code),
  );
  return {
    factor,
    context,
    own,
    answer: async (how) => ({ body: { code: (how === 'right' ? codes[2] : wrong) ?? null } }),
    secrets: codes.flatMap((code) => [code, code.replace('-', '')]),
  };
});
