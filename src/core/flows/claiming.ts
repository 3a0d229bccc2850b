// What is one person's across all users, such as the id of a credential: taken before the record is saved, and known to the record
// where nothing came of it.
import { withFormerClaims } from '../kernel/former-claims.js';
import type { Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import type { Decision } from '../kernel/transact.js';

/** Makes each key this user's, until one is somebody else's. A key claimed for an enrolment that then fails harms nobody. */
export async function claimAll(
  kernel: Kernel,
  userId: string,
  keys: readonly string[],
  claimed: Set<string>,
): Promise<boolean> {
  for (const key of keys) {
    if ((await kernel.store.claim(key, userId)) !== userId) return false;
    claimed.add(key);
  }
  return true;
}

/** What was claimed for them and then did not come to stand in their record would name this person for ever if no record knew of it. */
export function keepingLoose<T>(
  kernel: Kernel,
  userId: string,
  current: MfaRecord,
  decision: Decision<T>,
  claimed: ReadonlySet<string>,
): Decision<T> {
  const save = decision.save ?? current;
  if (claimed.size === 0 || save.epoch === '') return decision;
  return { ...decision, save: withFormerClaims(kernel, userId, current, save, [...claimed]) };
}
