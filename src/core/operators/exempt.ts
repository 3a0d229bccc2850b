// Exemptions from the policy, and new backup codes that an administrator asks for.
import { aboutUser, backupFactorOf, type Kernel } from '../kernel/kernel.js';
import { transact, type Decision } from '../kernel/transact.js';
import {
  daySeconds,
  exemptDays,
  exemptionLimits,
  exemptionOf,
  withExemption,
  withoutExemption,
} from '../rules/exemption.js';
import { hasUsable } from '../rules/situation.js';
import { MfaError } from '../words/errors.js';
import { byWhom, checkAdmin, type ByAdmin } from './by-admin.js';

export type ExemptUntil = ByAdmin & { until: Date };

/**
 * The policy does not demand a set-up of this person before `until`; step-ups ask for a factor as ever.
 * @throws MfaError `admin.not_applicable` for somebody protected, and beyond ninety days within a year; `config.invalid_option`
 * for a time that is past or more than thirty days ahead
 */
export async function exemptUser(kernel: Kernel, userId: string, given: ExemptUntil): Promise<void> {
  const { until, ...admin } = checkAdmin('mfa.exempt', given, ['until']);
  const { daysInYear } = exemptionLimits;
  const now = kernel.now();
  const end = readUntil('mfa.exempt', until, now);
  const epoch = kernel.random.token();
  await transact<undefined>(kernel, aboutUser(userId), (record): Decision<undefined> => {
    if (record.protected)
      throw new MfaError('admin.not_applicable', 'This person is protected: there is nothing to exempt them from.');
    const exemptions = withExemption(record, end, now);
    if (exemptDays(exemptions, now) > daysInYear)
      throw new MfaError('admin.not_applicable', `Nobody is exempt for more than ${daysInYear} days within a year.`);
    const { detail, ...who } = byWhom(admin);
    return {
      save: { ...record, epoch: record.epoch === '' ? epoch : record.epoch, exemptions },
      result: undefined,
      happened: [{ name: 'exempted', ...who, detail: { ...detail, until: end } }],
      notices: [{ what: 'exempted', at: now, expiresAt: end }],
    };
  });
}

/**
 * When an exemption ends, Unix seconds.
 * @throws MfaError `config.invalid_option` for no date, one that is past or more than thirty days ahead
 */
export function readUntil(caller: string, until: unknown, now: number): number {
  const { daysAtOnce } = exemptionLimits;
  const end = until instanceof Date ? Math.floor(until.getTime() / 1000) : NaN;
  if (end > now && end <= now + daysAtOnce * daySeconds) return end;
  throw new MfaError('config.invalid_option', `${caller}: \`until\` takes a Date at most ${daysAtOnce} days ahead.`);
}

/** Ends an exemption before its time. Without one nothing happens. */
export async function endExemptionOf(kernel: Kernel, userId: string, given: ByAdmin): Promise<void> {
  const admin = checkAdmin('mfa.endExemption', given);
  await transact<undefined>(kernel, aboutUser(userId), (record): Decision<undefined> => {
    const now = kernel.now();
    if (record.protected || !exemptionOf(record, now)) return { result: undefined };
    return {
      save: withoutExemption(record, now),
      result: undefined,
      happened: [{ name: 'exemption-ended', ...byWhom(admin) }],
      notices: [{ what: 'exemption-ended', at: now }],
    };
  });
}

/**
 * The person makes a new set of backup codes when they next verify; the old one works until that is confirmed.
 * @throws MfaError `admin.not_applicable` where the app has none, or the person no primary factor that works
 */
export async function oweBackupCodes(kernel: Kernel, userId: string, given: ByAdmin): Promise<void> {
  const admin = checkAdmin('mfa.oweBackupCodes', given);
  await transact<undefined>(kernel, aboutUser(userId), (record): Decision<undefined> => {
    if (!backupFactorOf(kernel) || !record.protected || !hasUsable(kernel, record, 'primary'))
      throw new MfaError(
        'admin.not_applicable',
        'Backup codes stand beside a method that works, and this person has none.',
      );
    if (record.owed.includes('backup-codes')) return { result: undefined };
    return {
      save: { ...record, owed: [...record.owed, 'backup-codes'] },
      result: undefined,
      happened: [{ name: 'backup-codes-owed', ...byWhom(admin) }],
      notices: [{ what: 'backup-codes-owed', at: kernel.now() }],
    };
  });
}
