// Sign-ins that ended: wherever their session is written back by a slow request, nothing that was proved in them counts.
// Pure.
import type { Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import type { SignIn } from '../kernel/sign-in.js';

/** The oldest gives way to the twenty-first; by `elevationMaxAgeSeconds` what it ended counts no more by itself. */
const limit = 20;

/**
 * By what the record knows a sign-in: digests.
 * @param name as the sign-in has it, `signInName`
 */
export function endedByName(name: string): string {
  return name.slice(0, 22);
}

export function endedByFlow({ sealer }: Kernel, flowId: string): string {
  return sealer.hashToken(`flow ${flowId}`).slice(0, 22);
}

export function hasEnded(kernel: Kernel, { signInId, flowId }: SignIn, { ended }: MfaRecord): boolean {
  if (!ended) return false;
  const ids = ended.map(({ id }) => id);
  return ids.includes(endedByFlow(kernel, flowId)) || (signInId !== undefined && ids.includes(endedByName(signInId)));
}

/** Whether anything may count in this person's sign-ins that can end: a proof, or the word of an identity provider. */
export function canEnd({ protected: isProtected, upstream }: MfaRecord): boolean {
  return isProtected || upstream !== undefined;
}

/** The record in which the sign-in of that name has ended. */
export function withEnded(kernel: Kernel, record: MfaRecord, id: string): MfaRecord {
  const now = kernel.now();
  const { elevationMaxAgeSeconds } = kernel.settings;
  const others = record.ended?.filter((each) => each.id !== id && now - each.at <= elevationMaxAgeSeconds) ?? [];
  return { ...record, ended: [...others, { id, at: now }].slice(-limit) };
}
