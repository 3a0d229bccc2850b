// When a person is reminded that a set of theirs ends. Told at a sign-in, by what has come since the one before; nothing
// is kept for it.
import type { Happened } from '../words/events.js';
import { enrolledOf } from './situation.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Notice } from '../words/notices.js';
import type { MfaRecord } from '../kernel/record.js';

const reminderDays = [1, 7, 30] as const;

/**
 * Whether a reminder is due that something expires: 30, 7 and 1 days before, the nearest that has come.
 * @param expiresAt Unix seconds, `expiresAt` of a standing
 * @param now Unix seconds
 * @returns the days of that reminder; `undefined` earlier, after expiry, and for a set that never expires
 */
export function expiring(expiresAt: number | undefined, now: number): 30 | 7 | 1 | undefined {
  const left = (expiresAt ?? Infinity) - now;
  return left > 0 ? reminderDays.find((days) => left <= days * 86_400) : undefined;
}

/** What of the backup set came due between the person's last use of any factor and now; the person is only reminded. */
export function expiryNews(kernel: Kernel, before: MfaRecord): { happened: Happened[]; notices: Notice[] } {
  const now = kernel.now();
  const last = Math.max(0, ...before.authenticators.map(({ createdAt, lastUsedAt }) => lastUsedAt ?? createdAt));
  const happened: Happened[] = [];
  const notices: Notice[] = [];
  for (const { factor, authenticator, standing } of enrolledOf(kernel, before)) {
    const { kind, id: authenticatorId } = authenticator;
    const { expiresAt = Infinity } = standing;
    if (factor.rank !== 'backup') continue;
    const days = expiring(expiresAt, now);
    if (now >= expiresAt && last < expiresAt) happened.push({ name: 'backup-codes-expired', kind, authenticatorId });
    if (days === undefined || days === expiring(expiresAt, last)) continue;
    happened.push({ name: 'backup-codes-expiring', kind, authenticatorId, detail: { days } });
    notices.push({ what: 'backup-codes-expiring', kind, at: now, expiresAt });
  }
  return { happened, notices };
}
