// What an objection takes away: what the change added, and whatever was enrolled since by a proof that leaned on it, backup
// codes included; of a reset, which left no proof to lean on, all that was enrolled since. It never makes a protected person unprotected, and the last thing that proves the mailbox of the person
// who objects stays. Pure.
import { dropStrayLanes } from './attempts.js';
import { hasUsable } from './situation.js';
import { factorOf, type Kernel } from '../kernel/kernel.js';
import type { Notice } from '../words/notices.js';
import type { Authenticator, MfaRecord } from '../kernel/record.js';

/** The change that is objected to. `first`: the person was not protected before it. */
export type Change = { what: Notice['what']; at: number; authenticatorId?: string; first?: true };

/**
 * What was done. `taken-away`: what was added is gone. `address-kept`: so is it, but for the person's own address.
 * `is-off`: two-step verification is off, and nothing is left.
 * `start-again`: nothing is left, and a code to the address leads to an enrolment; `start-again-granted`: a granted code does.
 * `asked-again`: the question at sign-in, which was turned off, is on. `sessions-ended`: there was nothing to take away.
 */
export type Done =
  'taken-away' | 'address-kept' | 'is-off' | 'start-again' | 'start-again-granted' | 'asked-again' | 'sessions-ended';

export type TakenBack = { record: MfaRecord; removed: Authenticator[]; did: Done };

/** Whose answers were wrong added nothing: its browsers are the owner's, and they are the way past a closed lane. */
const addedNothing: readonly Notice['what'][] = ['failures', 'lane-closed', 'authenticator-disabled'];

/**
 * @param proves whether an authenticator proves the mailbox that the objection comes from
 * @param from that mailbox, for what is owed afterwards; undefined where none is known
 */
export function takeBack(
  kernel: Kernel,
  record: MfaRecord,
  change: Change,
  proves: (own: Authenticator) => boolean,
  from: NonNullable<MfaRecord['reclaim']>,
): TakenBack {
  const isReset = change.what === 'reset';
  const added = change.what === 'backup-code-used' ? [] : [change.authenticatorId];
  const leaned = record.authenticators.filter(
    ({ id, createdAt, enrolledBy = [] }) =>
      added.includes(id) ||
      (createdAt >= change.at && (isReset || enrolledBy.some((each) => each === change.authenticatorId))),
  );
  // Whoever objects to anything did not ask for the pass that is out.
  const passes = record.authenticators.filter(({ kind }) => factorOf(kernel, kind)?.rank === 'pass');
  const doomed = [...new Set([...passes, ...withUsedSet(kernel, record, change, leaned)])];
  const without = (gone: readonly Authenticator[]) => ({
    ...record,
    authenticators: record.authenticators.filter((own) => !gone.includes(own)),
  });
  const stays = hasUsable(kernel, without(doomed), 'primary') ? [] : doomed.filter(proves);
  const removed = doomed.filter((own) => !stays.includes(own));
  // Nor for the code that waits for a proof or an administrator.
  const { recovery: _void, ...left } = without(removed);
  const { signInStepOff: off, ...asked } = left;
  // Whoever's account was somebody else's for a moment is asked at sign-in again, in browsers known before too.
  const rest = addedNothing.includes(change.what)
    ? { ...left, trusted: [] }
    : { ...asked, ...barring(kernel, record, change), trusted: [], known: [] };
  const startsAgain = (change.first ?? isReset) && rest.authenticators.length === 0;
  const next = startsAgain
    ? { ...rest, owed: ['primary'], reclaim: record.owed.includes('primary') ? (record.reclaim ?? from) : from }
    : { ...rest, owed: owedAfter(kernel, record, rest, removed) };
  const done = (): Done => {
    if (startsAgain) return next.reclaim?.address === undefined ? 'start-again-granted' : 'start-again';
    if (stays.length > 0) return 'address-kept';
    if (removed.length > 0) return 'taken-away';
    return off && change.what === 'sign-in-step-off' ? 'asked-again' : 'sessions-ended';
  };
  return { record: dropStrayLanes(next), removed, did: done() };
}

/** Whoever came back in that way has the sheet of codes, or the ear of support. */
const recoveries: readonly Notice['what'][] = ['backup-code-used', 'pass-used', 'recovery'];

/** Whether an objection to it bars backup codes and passes for a while. */
export function bars(what: Notice['what']): boolean {
  return recoveries.includes(what);
}

/** After an objection to a recovery none works for some hours; a bar that is longer stays. */
function barring(kernel: Kernel, record: MfaRecord, { what }: Change): Pick<MfaRecord, 'codesBarredUntil'> {
  if (!bars(what)) return {};
  const until = kernel.now() + kernel.settings.holdHours * 3600;
  return { codesBarredUntil: Math.max(record.codesBarredUntil ?? 0, until) };
}

/** Whoever used a code that was not theirs to use has the sheet: the set goes, unless it is the only way in. */
function withUsedSet(kernel: Kernel, record: MfaRecord, change: Change, doomed: readonly Authenticator[]) {
  if (change.what !== 'backup-code-used') return doomed;
  const rest = record.authenticators.filter((own) => !doomed.includes(own));
  if (!hasUsable(kernel, { ...record, authenticators: rest }, 'primary')) return doomed;
  return [...doomed, ...rest.filter(({ id }) => id === change.authenticatorId)];
}

/** A set that was taken away is owed again: else it would look like one that was never there. */
function owedAfter(kernel: Kernel, { owed }: MfaRecord, rest: MfaRecord, removed: readonly Authenticator[]): string[] {
  const set = removed.some(({ kind }) => factorOf(kernel, kind)?.rank === 'backup');
  if (!set || owed.includes('backup-codes') || !hasUsable(kernel, rest, 'primary')) return owed;
  return [...owed, 'backup-codes'];
}
