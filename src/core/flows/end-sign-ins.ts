// Ends sign-ins: the one that a person leaves, all others of theirs, or whichever the host names. What was proved in them
// counts nowhere any more; the host's own sessions are the host's to end.
import { MfaError } from '../words/errors.js';
import type { Happened } from '../words/events.js';
import type { Notice } from '../words/notices.js';
import { aboutUser, type Asker, type Kernel } from '../kernel/kernel.js';
import { accepted, type Outcome } from '../words/outcome.js';
import { canEnd, endedByFlow, endedByName, withEnded } from '../rules/ended-sign-ins.js';
import { forbids } from '../rules/permission.js';
import type { MfaRecord } from '../kernel/record.js';
import { rightsOf, signInName, type SignIn } from '../kernel/sign-in.js';
import { transact, type Decision } from '../kernel/transact.js';
import type { Changed } from './manage.js';

/** Ends the host's own sessions of a person: all, one sign-in, or all but one session. */
export type EndSessions = (
  userId: string,
  which: { signInId?: string; exceptSessionId?: string },
) => void | Promise<void>;

/** @throws MfaError `store.unavailable` where the host could not: what was proved has ended in any case */
export async function endHostSessions(
  endSessions: EndSessions | undefined,
  ...[userId, which]: Parameters<EndSessions>
): Promise<void> {
  try {
    await endSessions?.(userId, which);
  } catch (cause) {
    throw new MfaError('store.unavailable', '`endSessions` failed: sessions of the app itself may go on.', { cause });
  }
}

/**
 * Remembers that this sign-in has ended, where something was proved in it: a request that was under way writes its session
 * back after it was deleted.
 * @param as `flow`: another sign-in follows in the same session, perhaps under the same `signInId`
 */
export async function rememberEnd(kernel: Kernel, signIn: SignIn | undefined, as: 'sign-in' | 'flow'): Promise<void> {
  if (!signIn || rightsOf(signIn) === '') return;
  const { userId, signInId, flowId } = signIn;
  const id = as === 'flow' || signInId === undefined ? endedByFlow(kernel, flowId) : endedByName(signInId);
  await transact(kernel, aboutUser(userId), (record) => ({
    ...(canEnd(record) ? { save: withEnded(kernel, record, id) } : {}),
    result: undefined,
  }));
}

/** Every other sign-in of the asking person. Theirs carries the new epoch on; known browsers and the switch stay. */
export function endOtherSignIns(kernel: Kernel, asker: Asker): Promise<Outcome<Changed>> {
  const epoch = kernel.random.token();
  return transact<Outcome<Changed>>(kernel, asker, (record) => {
    const happened = ended({ detail: { which: 'others' } }, record);
    // Nothing was proved anywhere: only the host has sessions to end.
    if (!canEnd(record)) return { result: accepted({ epoch: record.epoch, record }), happened };
    if (!record.protected) {
      const save = { ...record, epoch };
      return { save, result: accepted({ epoch, record: save }), happened };
    }
    const forbidden = forbids(kernel, asker, record, 'manage');
    if (forbidden) return { result: forbidden };
    const save = { ...record, epoch, trusted: [] };
    return { save, result: accepted({ epoch, record: save }), happened };
  });
}

export type EndSignIns = { signInId?: string; by?: string; reason?: string };

/** All sign-ins of a person, with trusted and known browsers and the sign-in switch back on; or the one that is named. */
export async function endSignIns(kernel: Kernel, userId: string, { signInId, by, reason }: EndSignIns): Promise<void> {
  const epoch = kernel.random.token();
  const named = { actor: 'admin' as const, ...(by === undefined ? {} : { by }) };
  const why = reason === undefined ? {} : { reason };
  const notices: Notice[] = by === undefined ? [] : [{ what: 'sign-ins-ended', at: kernel.now() }];
  await transact<undefined>(kernel, aboutUser(userId), (record): Decision<undefined> => {
    if (signInId !== undefined) {
      const happened = ended({ ...named, detail: { which: 'one', ...why } });
      const save = canEnd(record) ? { save: withEnded(kernel, record, endedByName(signInName(kernel, signInId))) } : {};
      return { ...save, result: undefined, happened };
    }
    const happened = ended({ ...named, detail: { which: 'all', ...why } }, record);
    if (!canEnd(record)) return { result: undefined, happened };
    const { signInStepOff: _off, ...on } = record;
    return { save: { ...on, epoch, trusted: [], known: [] }, result: undefined, happened, notices };
  });
}

function ended(told: Omit<Happened, 'name'>, record?: MfaRecord): Happened[] {
  const revoked = (record?.trusted ?? []).map(({ id }): Happened => ({
    name: 'browser-trust-revoked',
    ...(told.actor === undefined ? {} : { actor: told.actor }),
    detail: { browser: id },
  }));
  return [{ name: 'sign-ins-ended', ...told }, ...revoked];
}
