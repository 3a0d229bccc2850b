// What people and listeners are told of one more authenticator: once of one enrolment, and what it was: something new, another
// address, new backup codes, a way back in. Pure.
import type { Happened } from '../words/events.js';
import type { Notice } from '../words/notices.js';
import type { Factor } from '../kernel/factor.js';
import { factorOf, type Kernel } from '../kernel/kernel.js';
import type { Authenticator, MfaRecord } from '../kernel/record.js';
import { hasUsable } from './situation.js';

/** How long the set of backup codes that an enrolment demands is part of it. */
const enrollmentSeconds = 3600;

/**
 * @param record as it was before
 * @param replaced what it took the place of
 */
export function additionNews(
  kernel: Kernel,
  record: MfaRecord,
  factor: Factor,
  { id: authenticatorId, name }: Pick<Authenticator, 'id' | 'name'>,
  replaced: readonly Authenticator[],
): { happened: Happened[]; notices: Notice[] } {
  const { kind, rank, channel } = factor;
  const recovers = record.protected && rank === 'primary' && !hasUsable(kernel, record, 'primary');
  const happened: Happened[] = recovers ? [{ name: 'recovery-completed', kind }] : [];
  if (rank === 'backup' && replaced.length === 0 && isOfEnrollment(kernel, record)) return { happened, notices: [] };
  const moved = channel !== undefined && replaced.length > 0;
  const renewed = rank === 'backup' && replaced.length > 0;
  const what = recovers ? 'recovery' : renewed ? 'backup-codes-renewed' : moved ? 'address-changed' : 'factor-added';
  const named = name === undefined ? {} : { name };
  return { happened, notices: [{ what, kind, authenticatorId, at: kernel.now(), ...named }] };
}

/** Whether a first set is owed for an enrolment that the person was told of just now. */
function isOfEnrollment(kernel: Kernel, { owed, authenticators }: MfaRecord): boolean {
  const isPrimary = ({ kind }: Authenticator) => factorOf(kernel, kind)?.rank === 'primary';
  const isNew = ({ createdAt }: Authenticator) => kernel.now() - createdAt <= enrollmentSeconds;
  return owed.includes('backup-codes') && authenticators.some((own) => isPrimary(own) && isNew(own));
}
