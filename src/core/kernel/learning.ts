// The history of sign-ins learns from what was accepted, along with the write that makes it count. What was refused teaches
// it nothing: else whoever knows a password would make their own network a known one.
import type { Happened } from '../words/events.js';
import { withSignIn } from './history.js';
import type { Kernel, Told } from './kernel.js';
import type { MfaRecord } from './record.js';

/** Something of this person's was proved here, in a request of theirs. */
export function proves({ name, outcome, actor = 'user', detail }: Happened): boolean {
  if (outcome !== 'accepted' || actor !== 'user') return false;
  // Confirming a first set-up proves a mailbox, perhaps the one whose password was stolen.
  return (
    name === 'authenticator-enrolled' || (name === 'verification-accepted' && detail?.['firstEnrollment'] !== true)
  );
}

/** The record with the sign-in noted, where one was accepted. */
export async function learning(
  kernel: Kernel,
  about: Told,
  save: MfaRecord,
  happened: readonly Happened[],
): Promise<MfaRecord> {
  const { ip, userAgent } = about.hints;
  if (!kernel.risk || (ip === undefined && userAgent === undefined) || !happened.some(proves)) return save;
  const seen = await kernel.risk.lookUp(about);
  return withSignIn(kernel, about.user.id, save, { ...seen, ...(ip === undefined ? {} : { address: ip }) });
}
