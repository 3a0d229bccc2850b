// What becomes of spent backup codes that still owe something: which level of risk asks for what, who may confirm, and what
// ends them. Pure.
import type { Asker, Kernel } from '../kernel/kernel.js';
import type { Factor } from '../kernel/factor.js';
import type { MfaRecord } from '../kernel/record.js';
import { ownRecovery, recoveriesOf, withRecoveries, type Recovery } from '../kernel/recovering.js';
import type { Happened } from '../words/events.js';
import { refused, type Refused } from '../words/outcome.js';
import type { RiskAction } from '../kernel/risk.js';
import type { SignIn } from '../kernel/sign-in.js';
import { levelNow } from './kept-level.js';
import { actionAt, isAtLeast } from './risk-actions.js';
import { codesBarredUntil, heldAnew, isOlder } from './hold.js';

/** What the level of this sign-in asks of a backup code. */
export function recoveryAction(kernel: Kernel, { risk }: SignIn, record: MfaRecord): RiskAction {
  return actionAt(kernel.settings.riskActions, 'recovery', levelNow(risk, record));
}

/** Whether a hold follows this spent code: it looked so when the code was spent, or does so now. */
export function isHeldNow(
  kernel: Kernel,
  signIn: SignIn,
  record: MfaRecord,
  { held }: Pick<Recovery, 'held'>,
): boolean {
  return held === true || isAtLeast('recovery', recoveryAction(kernel, signIn, record), 'hold');
}

/** Why no further proof counts for a spent code any more, if so: it looks so risky by now that none would be enough. */
export function refusedAsRisen(kernel: Kernel, signIn: SignIn, record: MfaRecord): Refused | undefined {
  const isEnough = !isAtLeast('recovery', recoveryAction(kernel, signIn, record), 'approve');
  return isEnough ? undefined : refused('session.mfa.blocked');
}

/**
 * What a right answer by a primary factor does to spent codes. One from before any hold is the owner's, and voids them all:
 * whoever else waits for an administrator waits for nothing. One that was made in a recovery confirms the code of its own
 * sign-in alone, and begins the hold anew.
 */
export function withRecoveryEnded(
  kernel: Kernel,
  record: MfaRecord,
  { rank, kind }: Factor,
  authenticatorId: string,
  asker: Pick<Asker, 'user' | 'signIn'> | undefined,
): { record: MfaRecord; happened: Happened[] } {
  if (rank !== 'primary' || record.recovery === undefined) return { record, happened: [] };
  const own = asker && ownRecovery(kernel, asker, record);
  const happened: Happened[] = own ? [confirmedBy(own, kind)] : [];
  if (isOlder(kernel, record, { kind, authenticatorId })) {
    const { recovery: _void, ...rest } = record;
    return { record: rest, happened };
  }
  if (!own) return { record, happened };
  const others = recoveriesOf(kernel, asker.user.id, record).filter(({ id }) => id !== own.id);
  const rest = withRecoveries(kernel, asker.user.id, record, others);
  return { record: heldAnew(kernel, rest, own.at), happened };
}

/** What listeners are told of a spent code that a further proof of this kind, or the password, has confirmed. */
export function confirmedBy(
  { kind, authenticatorId }: Pick<Recovery, 'kind' | 'authenticatorId'>,
  by: string,
): Happened {
  return { name: 'recovery-confirmed', kind, authenticatorId, detail: { by } };
}

/** Why a backup code or a pass is not looked at, if so: somebody objected to the use of one a while ago. */
export function refusedAsBarredCode(kernel: Kernel, { rank }: Factor, record: MfaRecord): Refused | undefined {
  const until = rank === 'primary' ? undefined : codesBarredUntil(kernel, record);
  if (until === undefined) return undefined;
  return refused('session.mfa.on_hold', {
    hint: 'recovery.barred',
    heldUntil: until,
    retryAfterSeconds: until - kernel.now(),
  });
}

/**
 * Why another code is not looked at, if so: one was spent in this sign-in already, or an administrator has a case of this
 * person before them.
 * @param waits whether a code would open a case now
 */
export function refusedAsRecovering(
  kernel: Kernel,
  asker: Asker,
  { rank }: Factor,
  record: MfaRecord,
  waits: boolean,
): Refused | undefined {
  if (rank !== 'backup') return undefined;
  const own = ownRecovery(kernel, asker, record);
  if (own?.owes === 'proof') return refused('session.mfa.recovery_unconfirmed');
  const isOpen = recoveriesOf(kernel, asker.user.id, record).some(({ owes }) => owes === 'approval');
  return own || (waits && isOpen) ? refused('session.mfa.awaiting_approval') : undefined;
}
