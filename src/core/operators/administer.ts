// What the host's own code and its operators do to an account from outside a request: reset, unlock, a new password,
// the status. No rule for people is bent here: reset takes all factors away.
import { afterNewPassword, clearAllFailures } from '../rules/attempts.js';
import { MfaError } from '../words/errors.js';
import { isAltered } from '../kernel/bound-store.js';
import { aboutUser, claimsOf, type Kernel } from '../kernel/kernel.js';
import { emptyRecord, type MfaRecord } from '../kernel/record.js';
import { enrolledOf } from '../rules/situation.js';
import type { Loaded } from '../kernel/ports.js';
import { transact, type Decision } from '../kernel/transact.js';
import { checkOptionNames } from '../words/unknown-option.js';

/** Who did it and why, for the audit. */
export type ByAdmin = { by: string; reason?: string };

/** How a user stands, for operators; no secret is in it. Times are Unix seconds. */
export type Status = {
  userId: string;
  protected: boolean;
  authenticators: {
    id: string;
    kind: string;
    name?: string;
    createdAt: number;
    lastUsedAt?: number;
    disabledAt?: number;
    state: 'usable' | 'low' | 'empty' | 'expired' | 'disabled';
    left?: number;
    expiresAt?: number;
  }[];
  owed: string[];
  locked: { scope: string; failures: number; until?: number; closed?: true }[];
  trustedBrowsers: number;
  /** Why nothing is said: `store.record_altered`, `store.unavailable` for a secret that is not there. */
  unread?: string;
};

/** An audit that does not say who is none; from JavaScript the name may be left out or misspelt without a word. */
function checkAdmin(caller: string, byAdmin: ByAdmin): ByAdmin {
  checkOptionNames(caller, byAdmin, ['by', 'reason']);
  const { by, reason } = byAdmin as { by?: unknown; reason?: unknown };
  if (typeof by === 'string' && by !== '' && (reason === undefined || typeof reason === 'string')) return byAdmin;
  const words = `${caller}: \`by\` takes the name of whoever does it, \`reason\` a text; both go into the event.`;
  throw new MfaError('config.invalid_option', words);
}

/**
 * Takes all authenticators away: the person is unprotected, every session is asked again, the notice says so. Of a record
 * that was altered nothing is kept.
 */
export async function resetUser(kernel: Kernel, userId: string, byAdmin: ByAdmin): Promise<void> {
  const { by, reason } = checkAdmin('mfa.reset', byAdmin);
  const epoch = kernel.random.token();
  const start = await kernel.store.load(userId).catch(async (error: unknown): Promise<Loaded> => {
    if (!isAltered(error)) throw error;
    const revision = await kernel.store.revisionOf(userId);
    const nothing: MfaRecord = { ...emptyRecord(''), protectedBefore: true };
    return { record: nothing, ...(revision === undefined ? {} : { revision }) };
  });
  const decide = (record: MfaRecord): Decision<undefined> => ({
    save: { ...emptyRecord(epoch), skipped: record.skipped },
    result: undefined,
    happened: [{ name: 'reset', actor: 'admin', by, ...(reason === undefined ? {} : { detail: { reason } }) }],
    notices: [{ what: 'reset', at: kernel.now() }],
  });
  await transact(kernel, aboutUser(userId), decide, start);
}

/** Opens every lock and closed lane. An authenticator that was disabled stays so and must be bound again. */
export async function unlockUser(kernel: Kernel, userId: string, byAdmin?: ByAdmin): Promise<void> {
  const named = byAdmin && { by: checkAdmin('mfa.unlock', byAdmin).by };
  await transact(kernel, aboutUser(userId), (record) =>
    Object.keys(record.attempts).length === 0
      ? { result: undefined }
      : {
          save: clearAllFailures(record),
          result: undefined,
          happened: [{ name: 'unlocked', actor: 'admin', ...named }],
        },
  );
}

/**
 * After a new password no session stays elevated, trust ends, waits and what counts against confirming a first enrolment
 * end, and the closed lane opens. Known browsers stay: they are the owner's way past whoever knew the old password. So
 * do other counts, or every new password would be another budget.
 */
export async function passwordChanged(kernel: Kernel, userId: string): Promise<void> {
  const epoch = kernel.random.token();
  await transact(kernel, aboutUser(userId), (record) => {
    const { attempts, opened } = afterNewPassword(record, kernel.now());
    const nothing = !record.protected && record.trusted.length === 0 && Object.keys(record.attempts).length === 0;
    if (nothing) return { result: undefined };
    return {
      save: { ...record, epoch, attempts, trusted: [] },
      result: undefined,
      happened: [
        ...(opened ? [{ name: 'unlocked' as const, actor: 'system' as const }] : []),
        ...record.trusted.map(() => ({ name: 'browser-trust-revoked' as const, actor: 'system' as const })),
      ],
    };
  });
}

/** Remembered skips are forgotten: suggestions are shown again. */
export async function resetPrompts(kernel: Kernel, userId: string): Promise<void> {
  await transact(kernel, aboutUser(userId), (record) =>
    Object.keys(record.skipped).length === 0
      ? { result: undefined }
      : { save: { ...record, skipped: {} }, result: undefined, happened: [{ name: 'prompt-reset', actor: 'admin' }] },
  );
}

/**
 * Removes the record altogether and leaves a tombstone; for a user whom the host has deleted. What they claimed stays
 * taken, or whoever kept the credential could have it enrolled for another user, and names nobody any more.
 */
export async function deprovisionUser(kernel: Kernel, userId: string): Promise<void> {
  await kernel.store.remove(userId, await claimsOfUser(kernel, userId));
  kernel.remembered.forget(userId);
  kernel.tell(aboutUser(userId), [{ name: 'user-deprovisioned', actor: 'admin' }]);
}

/** A record that cannot be read must go as well, so its claims are then looked for among all. */
async function claimsOfUser(kernel: Kernel, userId: string): Promise<string[]> {
  try {
    const { record } = await kernel.store.load(userId);
    return record === undefined ? [] : claimsOf(kernel, record);
  } catch {
    const own: string[] = [];
    for await (const { key, userId: owner } of kernel.store.claims()) if (owner === userId) own.push(key);
    return own;
  }
}

/** How a person stands, for operators: no secret, no address, no code. */
export function statusOf(kernel: Kernel, userId: string, record: MfaRecord): Status {
  const now = kernel.now();
  return {
    userId,
    protected: record.protected,
    authenticators: enrolledOf(kernel, record).map(({ authenticator, standing }) => ({
      id: authenticator.id,
      kind: authenticator.kind,
      ...(authenticator.name === undefined ? {} : { name: authenticator.name }),
      createdAt: authenticator.createdAt,
      ...(authenticator.lastUsedAt === undefined ? {} : { lastUsedAt: authenticator.lastUsedAt }),
      ...(authenticator.disabledAt === undefined ? {} : { disabledAt: authenticator.disabledAt }),
      state: authenticator.disabledAt === undefined ? standing.state : 'disabled',
      ...(standing.left === undefined ? {} : { left: standing.left }),
      ...(standing.expiresAt === undefined ? {} : { expiresAt: standing.expiresAt }),
    })),
    owed: record.owed,
    locked: Object.entries(record.attempts)
      .filter(([, { lockedUntil, closedAt }]) => closedAt !== undefined || (lockedUntil ?? 0) > now)
      .map(([scope, { failures, lockedUntil, closedAt }]) => ({
        scope,
        failures,
        ...(lockedUntil === undefined ? {} : { until: lockedUntil }),
        ...(closedAt === undefined ? {} : { closed: true as const }),
      })),
    trustedBrowsers: record.trusted.filter(({ expiresAt }) => expiresAt > now).length,
  };
}

/** Of a record that cannot be believed nothing is said; whoever it is of is refused. */
export function statusOfUnread(userId: string, { code }: MfaError): Status {
  return { userId, unread: code, protected: true, authenticators: [], owed: [], locked: [], trustedBrowsers: 0 };
}
