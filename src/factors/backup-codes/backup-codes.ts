// Backup codes: the way back in when every other factor is out of reach. When they are owed, offered and enough is the
// flows' business; so are guessing, locking and single use in parallel.
import type { Factor } from '../../core/kernel/factor.js';
import { maskLabel } from '../../core/words/mask.js';
import { sealedIn, setOf, standingOf, statusOf } from './code-set.js';
import {
  backupCodesEnrollment,
  type Confirmation,
  type ConfirmationEvidence,
  type PendingCodes,
} from './enrollment.js';
import { readBackupCodesOptions, type BackupCodesOptions } from './options.js';
import { parseCode, type TypedCode } from './parse-code.js';
import { backupCodesFileName, backupCodesText } from './text-file.js';
import { judge, weigh, wrong, type Evidence } from './verification.js';

/**
 * The factor for backup codes.
 * @throws MfaError `config.unknown_option`, `config.invalid_option`
 */
export function backupCodes(
  options: BackupCodesOptions = {},
): Factor<TypedCode, Evidence, Confirmation, ConfirmationEvidence> {
  const config = readBackupCodesOptions(options);
  return {
    kind: 'backup-codes',
    rank: 'backup',
    wrong,
    guessable: true,
    ceremony: 'none',
    inForce: { count: config.count, expiresInDays: config.expiresInDays },
    parse: parseCode,
    weigh,
    judge: (context, own, evidence) => judge(context, own, evidence, config.lowAt),
    standing: (authenticator, now) => standingOf(setOf(authenticator), now, config.lowAt),
    enrollment: backupCodesEnrollment(config),
    describe: (_context, authenticator) => statusOf(setOf(authenticator)),
    sealed: sealedIn,
    hashedWith: (authenticator) => [setOf(authenticator).keyId],
    textFile(appName, user, shown, words) {
      const { codes, createdAt, expiresAt } = shown as PendingCodes;
      const account = maskLabel(user.label);
      return {
        name: backupCodesFileName(appName),
        text: backupCodesText({ appName, account, codes, createdAt, expiresAt, ...words }),
      };
    },
  };
}
