// Secrets that no longer stand in a record: whoever holds one that was replaced, removed or reset must not have it brought
// back by an import. Kept as digests, sealed, because a secret that another system made may be easy to guess.
import { isMfaError } from '../words/errors.js';
import { factorOf, type Kernel } from './kernel.js';
import type { MfaRecord } from './record.js';
import { openField, sealField } from './sealed-field.js';

/** More than anybody has apps in a life; a bound, so that a record cannot be made to grow. */
const mostKept = 32;

/** What of `before` is gone in `save` is remembered there, and that this person was protected. */
export function withSpent(kernel: Kernel, userId: string, before: MfaRecord, save: MfaRecord): MfaRecord {
  const gone = before.authenticators.filter(({ id }) => !save.authenticators.some((own) => own.id === id));
  const news = gone.flatMap((own) => {
    try {
      return factorOf(kernel, own.kind)?.fingerprintOf?.(kernel.sealer, userId, own) ?? [];
    } catch (error) {
      // Of a secret that does not open there is nothing to remember; it must not keep anybody from removing it.
      if (isMfaError(error)) return [];
      throw error;
    }
  });
  const protectedBefore = before.protected || before.protectedBefore || save.protectedBefore;
  const kept = save.protected || !protectedBefore ? save : { ...save, protectedBefore: true as const };
  const isWhole = before.spent === undefined || before.spent.sealed === save.spent?.sealed;
  if (news.length === 0 && isWhole) return kept;
  const old = [before, save].flatMap((record) => knownOf(kernel, userId, record));
  const all = [...new Set([...old, ...news])].slice(-mostKept);
  return { ...kept, spent: sealField(kernel.sealer, userId, 'spent', JSON.stringify(all)) };
}

/**
 * Whether a secret stood in this record before.
 * @throws MfaError `store.unavailable` where that cannot be said: the answer is then no import
 */
export function wasSpent(kernel: Kernel, userId: string, record: MfaRecord, fingerprint: string): boolean {
  return listOf(kernel, userId, record).includes(fingerprint);
}

function listOf({ sealer }: Kernel, userId: string, { spent }: MfaRecord): string[] {
  return spent ? (JSON.parse(openField(sealer, userId, 'spent', spent)) as string[]) : [];
}

/** A list whose secret is gone must not keep anybody from removing a factor. */
function knownOf(kernel: Kernel, userId: string, record: MfaRecord): string[] {
  try {
    return listOf(kernel, userId, record);
  } catch (error) {
    if (isMfaError(error)) return [];
    throw error;
  }
}
