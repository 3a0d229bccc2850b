// Recoveries that wait for an administrator, among the other cases: listed in the store of cases, decided in the person's
// record. So a list that is lost, late or altered lets nobody in.
import type { Case } from '../kernel/cases.js';
import { aboutUser, type Kernel } from '../kernel/kernel.js';
import { reachLog } from '../kernel/logbook.js';
import { recoveriesOf, withRecoveries, type Recovery } from '../kernel/recovering.js';
import { transact, type Decision } from '../kernel/transact.js';
import type { Acting, Target } from '../rules/admin-rights.js';
import { MfaError, type ErrorCode } from '../words/errors.js';
import { targetOf, type Desk } from './desk.js';
import { caseLapsed } from './kernel-at.js';

/** What such a case asks for; no action that anybody could request. */
export const recoveryAction = 'recovery';

/** As the store of cases lists it. Nobody's reason is in it, and nothing by which anybody could go on. */
export function caseOfRecovery(userId: string, { id, at, until, tenant }: Recovery & { tenant?: string }): Case {
  return {
    id,
    action: recoveryAction,
    userId,
    ...(tenant === undefined ? {} : { tenant }),
    epoch: '',
    reason: '',
    by: { id: userId, name: '' },
    openedAt: at,
    expiresAt: until,
    options: {},
  };
}

/** Why this administrator may not answer, if so: whoever decides, about anybody but themselves. */
export function refusesRecoveryAnswer(by: Acting, { userId, tenant }: Target): ErrorCode | undefined {
  if (by.tenant !== undefined && tenant !== by.tenant) return 'session.verification_session_not_found';
  if (by.id === userId) return 'admin.own_account';
  return by.may.includes('decide') ? undefined : 'admin.not_allowed';
}

/**
 * Approves a recovery, or turns it down; one of any number of administrators does.
 * @throws MfaError `admin.case_lapsed` where it was answered, voided, or is too old; what stands in the list is taken out then
 */
export async function answerRecovery(
  desk: Desk,
  one: Case,
  answer: 'approve' | 'deny',
  { by, reason }: { by: Acting; reason: string },
): Promise<void> {
  const { kernel } = desk;
  const refusal = refusesRecoveryAnswer(by, await targetOf(desk, one.userId));
  if (refusal !== undefined) throw refused(kernel, refusal, one, by);
  if (desk.kernel.operator === undefined) await desk.cases().acted(by.id);
  await reachLog(kernel);
  const isAnswered = await transact<boolean>(kernel, aboutUser(one.userId), (record): Decision<boolean> => {
    const all = recoveriesOf(kernel, one.userId, record);
    const open = all.find(({ id, owes, approvedAt }) => id === one.id && owes === 'approval' && !approvedAt);
    if (!open) return { result: false };
    const others = all.filter((each) => each !== open);
    const next = answer === 'approve' ? [...others, { ...open, approvedAt: kernel.now() }] : others;
    const what = answer === 'approve' ? 'recovery-approved' : 'recovery-denied';
    const { kind, authenticatorId } = open;
    return {
      save: withRecoveries(kernel, one.userId, record, next),
      result: true,
      happened: [{ name: what, kind, authenticatorId, actor: 'admin', by: by.name, detail: { case: one.id, reason } }],
      notices: [{ what, authenticatorId, at: kernel.now() }],
    };
  });
  await desk.cases().take(one.id);
  if (!isAnswered) throw caseLapsed('it was answered already, or voided since');
}

function refused(kernel: Kernel, code: ErrorCode, { userId }: Case, by: Acting): MfaError {
  const detail = { action: recoveryAction };
  kernel.tell(aboutUser(userId), [
    { name: 'admin-refused', actor: 'admin', by: by.name, outcome: 'refused', reason: code, detail },
  ]);
  return new MfaError(code, 'This administrator may not answer this.');
}
