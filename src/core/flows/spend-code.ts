// A backup code in a sign-in that looks risky: it is spent, and what is owed before it counts is written with it. It proves
// nothing yet, so no browser becomes known by it, no count is cleared and no history taught. Pure.
import type { Factor, Verdict } from '../kernel/factor.js';
import type { Asker, Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import { approvalSeconds, recoveryFlow, withRecovery, type Recovery } from '../kernel/recovering.js';
import { recoveryAction } from '../rules/recovery.js';
import { situationOf } from '../rules/situation.js';
import type { Decision } from '../kernel/transact.js';
import { accepted, type Outcome } from '../words/outcome.js';
import { codeUsedNotice, withUse, type Verified } from './record-answer.js';

/** What follows a code: a further proof; that and a hold; an administrator's word. */
export type RecoveryDemand = 'confirm' | 'hold' | 'approve';

/** Drawn before the decision, so that it stays pure. */
export type NewRecovery = { id: string; secret: string };

export function drawRecovery({ random }: Kernel): NewRecovery {
  return { id: random.token(9), secret: random.token(32) };
}

/** What a code of this sign-in has to be followed by; nothing where it is as ever, or no sign-in: a step-up is none. */
export function recoveryDemand(
  kernel: Kernel,
  asker: Asker,
  { rank }: Factor,
  record: MfaRecord,
): RecoveryDemand | undefined {
  // A proof that counts no more where it looks so risky makes no step-up of it: the cookies may be stolen, the mailbox too.
  if (rank !== 'backup' || situationOf(kernel, asker.user, asker.signIn, record).proofs.length > 0) return undefined;
  const action = recoveryAction(kernel, asker.signIn, record);
  return action === 'confirm' || action === 'hold' || action === 'approve' ? action : undefined;
}

export function spentBy(
  kernel: Kernel,
  asker: Asker,
  { kind }: Factor,
  record: MfaRecord,
  { authenticatorId, data, happened = [] }: Extract<Verdict, { is: 'right' }>,
  { demand, id, secret }: NewRecovery & { demand: RecoveryDemand },
): Decision<Outcome<Verified>> {
  const at = kernel.now();
  const waits = demand === 'approve';
  const one: Recovery = {
    id,
    at,
    until: at + (waits ? approvalSeconds : kernel.settings.pendingMaxAgeSeconds),
    kind,
    authenticatorId,
    flow: recoveryFlow(kernel, asker.signIn),
    owes: waits ? 'approval' : 'proof',
    ...(demand === 'hold' ? { held: true } : {}),
    ...(waits ? { browser: kernel.sealer.hashToken(secret) } : {}),
  };
  const save = withRecovery(kernel, asker.user.id, withUse(record, authenticatorId, data, at), one);
  const detail = { stage: waits ? 'wait' : 'confirm' };
  return {
    save,
    result: accepted({
      staged: one,
      epoch: record.epoch,
      record: save,
      ...(waits ? { recoveryCookie: `${id}.${secret}` } : {}),
    }),
    happened: [
      ...happened.map((each) => ({
        kind,
        authenticatorId,
        ...each,
        ...(each.name === 'backup-code-used'
          ? { outcome: 'accepted' as const, detail: { ...each.detail, ...detail } }
          : {}),
      })),
      ...(waits
        ? [{ name: 'case-opened' as const, actor: 'system' as const, detail: { case: id, action: 'recovery' } }]
        : []),
    ],
    notices: [codeUsedNotice(authenticatorId, at, happened)],
  };
}
