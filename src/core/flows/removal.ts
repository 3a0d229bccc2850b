// Taking away: one authenticator, or all of it at once. Each is one write that changes the epoch, so that every other
// session is asked again. The last primary factor leaves a choice, which is the person's: the backup codes go too, or stay
// as the only way in.
import type { Happened } from '../words/events.js';
import type { Notice } from '../words/notices.js';
import type { MfaUser } from '../kernel/mfa-user.js';
import { factorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { isMandatory } from '../rules/next-step.js';
import { accepted, refused, type Outcome } from '../words/outcome.js';
import type { Authenticator, MfaRecord } from '../kernel/record.js';
import { hasUsable } from '../rules/situation.js';
import { change, unknown, type Changed } from './manage.js';

export type Removed = Changed & { kind: string };

/** Whether the policy leaves it to this person to have no second factor. */
export function mayTurnOff({ settings, now }: Kernel, user: MfaUser): boolean {
  const policy = settings.policyOf(user);
  return !isMandatory({ policy, now: now(), graceUntil: settings.graceUntilOf(user) });
}

/**
 * What the removal of one authenticator leaves: other methods; backup codes as the only way in, so that it must be said what
 * becomes of them; nothing; or (`must-enroll`) codes or nothing, though another method is demanded.
 */
export type Leaves = 'others' | 'backup-codes' | 'nothing' | 'must-enroll';

export function leftWithout(kernel: Kernel, user: MfaUser, record: MfaRecord, own: Authenticator): Leaves {
  const rest = { ...record, authenticators: record.authenticators.filter(({ id }) => id !== own.id) };
  if (hasUsable(kernel, rest, 'primary')) return 'others';
  if (!mayTurnOff(kernel, user)) return 'must-enroll';
  return !isBackup(kernel, own) && hasUsable(kernel, rest, 'backup') ? 'backup-codes' : 'nothing';
}

/**
 * Removes an authenticator. What could not be used anyway goes with the last one that could be, and the person is no
 * longer protected.
 * @param keepBackupCodes where the last primary factor leaves working backup codes; untold there: `request.invalid`.
 *   Where a factor is demanded they stay.
 */
export function removeAuthenticator(
  kernel: Kernel,
  asker: Asker,
  id: string,
  keepBackupCodes?: boolean,
): Promise<Outcome<Removed>> {
  const epoch = kernel.random.token();
  return change<Removed>(kernel, asker, (record) => {
    const own = record.authenticators.find((authenticator) => authenticator.id === id);
    if (!own) return unknown();
    const asks = leftWithout(kernel, asker.user, record, own) === 'backup-codes';
    if (asks && keepBackupCodes === undefined)
      return { result: refused('request.invalid', { field: 'keepBackupCodes' }) };
    const takesCodes = asks && keepBackupCodes === false;
    const gone = record.authenticators.filter((each) => each === own || (takesCodes && isBackup(kernel, each)));
    const save = without(kernel, record, gone, epoch);
    return {
      save,
      result: accepted({ epoch, record: save, kind: own.kind }),
      happened: [...gone.map((each) => removal(kernel, each)), ...turnedOff(record, save)],
      notices: [noticeOf(kernel, own, save)],
    };
  });
}

/** Turns two-step verification off: every factor, the backup codes and trusted browsers go, in one write. */
export function turnOff(kernel: Kernel, asker: Asker): Promise<Outcome<Changed>> {
  const epoch = kernel.random.token();
  return change<Changed>(kernel, asker, (record) => {
    if (!mayTurnOff(kernel, asker.user)) return { result: refused('session.mfa.mfa_policy_not_user_controlled') };
    if (!record.protected) return unknown();
    const save = without(kernel, record, record.authenticators, epoch);
    return {
      save,
      result: accepted({ epoch, record: save }),
      happened: [...record.authenticators.map((each) => removal(kernel, each)), ...turnedOff(record, save)],
      notices: [{ what: 'turned-off', at: kernel.now() }],
    };
  });
}

function isBackup(kernel: Kernel, { kind }: Authenticator): boolean {
  return factorOf(kernel, kind)?.rank === 'backup';
}

function removal(kernel: Kernel, own: Authenticator): Happened {
  const name = isBackup(kernel, own) ? 'backup-codes-removed' : 'authenticator-removed';
  return { name, kind: own.kind, authenticatorId: own.id };
}

function turnedOff(before: MfaRecord, after: MfaRecord): Happened[] {
  return before.protected && !after.protected ? [{ name: 'turned-off' }] : [];
}

/** Whoever took the last one away turned it off, which says more. */
function noticeOf(kernel: Kernel, { kind, name }: Authenticator, after: MfaRecord): Notice {
  if (!after.protected) return { what: 'turned-off', at: kernel.now() };
  return { what: 'factor-removed', kind, at: kernel.now(), ...(name === undefined ? {} : { name }) };
}

function without(kernel: Kernel, record: MfaRecord, gone: readonly Authenticator[], epoch: string): MfaRecord {
  const authenticators = record.authenticators.filter((own) => !gone.includes(own));
  const rest = unpreferred({ ...record, epoch, trusted: [], authenticators });
  if (hasUsable(kernel, rest, 'primary') || hasUsable(kernel, rest, 'backup')) {
    const owed = gone.some((own) => isBackup(kernel, own))
      ? rest.owed.filter((what) => what !== 'backup-codes')
      : rest.owed;
    return { ...rest, owed };
  }
  const { signInStepOff: _off, preferred: _preferred, ...unprotected } = rest;
  return { ...unprotected, authenticators: [], owed: [], protected: false };
}

/** A preference for what is gone would come back with the next one of that kind. */
function unpreferred(record: MfaRecord): MfaRecord {
  const { preferred, ...rest } = record;
  return record.authenticators.some(({ kind }) => kind === preferred) ? record : rest;
}
