// A sign-in in which a backup code was spent that awaits something: in the browser of an earlier one it is gone on with, and
// what an administrator must approve is put where they see it. Decides nothing.
import { recoveryFlow, recoveryOfBrowser, ownRecovery } from '../../src/core/kernel/recovering.js';
import { caseOfRecovery } from '../../src/core/operators/recovery-cases.js';
import type { MfaRecord } from '../../src/core/kernel/record.js';
import type { SignIn } from '../../src/core/kernel/sign-in.js';
import type { Visit } from './visit.js';

/** The sign-in, with the recovery of an earlier one where this browser brought its cookie. What it may do is as it was. */
export function adopted({ mfa: { kernel }, asker }: Visit, record: MfaRecord): SignIn {
  const { signIn } = asker;
  if (record.recovery === undefined || asker.recoveryCookie === undefined || signIn.proofs.length > 0) return signIn;
  const one = recoveryOfBrowser(kernel, asker, record);
  if (!one || one.flow === recoveryFlow(kernel, signIn) || one.id === signIn.recovery) return signIn;
  return { ...signIn, recovery: one.id };
}

/**
 * Lists what waits for administrators; the same again changes nothing. The record decides: where the list cannot be reached,
 * the page that waits tries again.
 */
export async function listWaiting({ mfa, asker }: Visit, record: MfaRecord): Promise<void> {
  const own = ownRecovery(mfa.kernel, asker, record);
  if (own?.owes !== 'approval' || own.approvedAt !== undefined) return;
  const { id, tenant } = asker.user;
  const listed = caseOfRecovery(id, { ...own, ...(tenant === undefined ? {} : { tenant }) });
  await mfa.kernel.openCase?.(listed).catch(() => undefined);
}
