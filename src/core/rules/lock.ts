// Whether answers of a kind are looked at, in the asker's lane. Said before anybody types, and judged again with each answer.
import { barrier, verifyScope } from './attempts.js';
import { laneOf } from './known-browsers.js';
import type { Factor } from '../kernel/factor.js';
import type { Asker, Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import { refused, type Refused } from '../words/outcome.js';

/** @returns the seconds to wait; `null` where waiting does not help; undefined where nothing stands in the way */
export function lockOf(
  kernel: Kernel,
  asker: Pick<Asker, 'knownBrowser'>,
  factor: Pick<Factor, 'kind' | 'guessable'>,
  record: MfaRecord,
): number | null | undefined {
  if (!factor.guessable) return undefined;
  const lane = laneOf(kernel, asker, record);
  const wait = barrier(record, verifyScope(factor.kind, lane), lane, kernel.settings.lockout, kernel.now());
  return wait === 'closed' ? null : wait;
}

/** The same as a refusal. */
export function refusedAsLocked(...asked: Parameters<typeof lockOf>): Refused | undefined {
  const retryAfterSeconds = lockOf(...asked);
  if (retryAfterSeconds === undefined) return undefined;
  return refused('session.verification_blocked_too_many_attempts', { retryAfterSeconds, remainingAttempts: 0 });
}
