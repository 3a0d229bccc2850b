// What the host's own code and its operators do to an account from outside a request: reset, unlock, a new password,
// the status. No rule for people is bent here: reset takes all factors away.
import { afterNewPassword, clearAllFailures } from '../rules/attempts.js';
import { canEnd } from '../rules/ended-sign-ins.js';
import { codesBarredUntil, holdOf } from '../rules/hold.js';
import { exemptionOf, withoutExemption } from '../rules/exemption.js';
import { lastingOf } from '../rules/lasting.js';
import type { MfaError } from '../words/errors.js';
import { isAltered } from '../kernel/bound-store.js';
import { unbelieved } from '../kernel/former-claims.js';
import { withChange } from '../kernel/history.js';
import { aboutUser, type Kernel } from '../kernel/kernel.js';
import { emptyRecord, type MfaRecord, type SuspensionSource } from '../kernel/record.js';
import { enrolledOf } from '../rules/situation.js';
import type { Loaded } from '../kernel/ports.js';
import { voidGrant } from '../flows/enrollment-grant.js';
import { transact, type Decision } from '../kernel/transact.js';
import { byWhom, checkAdmin, type ByAdmin } from './by-admin.js';

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
  /** By whom the account is barred, and since when. */
  suspended?: { [source in SuspensionSource]?: number };
  /** Of an id that comes back: its account `ended` by its directory, or it is somebody's `anew` who set up nothing yet. */
  account?: 'ended' | 'anew';
  /** Identity providers that vouch for them, each for one account there. */
  upstream?: string[];
  /** Until when the policy demands no set-up. */
  exemptUntil?: number;
  /** What was enrolled in a recovery since `since` satisfies no step-up and no change before `until`. */
  hold?: { since: number; until: number };
  /** No backup code and no pass works before then: somebody objected to the use of one. */
  codesBarredUntil?: number;
  /** Why nothing is said: `store.record_altered`, `store.unavailable` for a secret that is not there. */
  unread?: string;
};

/**
 * Takes all authenticators away: the person is unprotected, every session is asked again, the notice says so. Of a record
 * that was altered nothing is kept but who bars it.
 */
export async function resetUser(kernel: Kernel, userId: string, byAdmin: ByAdmin): Promise<void> {
  const admin = checkAdmin('mfa.reset', byAdmin);
  const epoch = kernel.random.token();
  const start = await kernel.store.load(userId).catch(async (error: unknown): Promise<Loaded> => {
    if (!isAltered(error)) throw error;
    const { revision, ...bars } = await kernel.store.remainsOf(userId);
    const nothing: MfaRecord = { ...unbelieved(kernel, userId), ...bars };
    return { record: nothing, ...(revision === undefined ? {} : { revision }) };
  });
  const decide = (record: MfaRecord): Decision<undefined> => ({
    save: withChange(
      kernel,
      userId,
      { ...emptyRecord(epoch), skipped: record.skipped, ...lastingOf(withoutExemption(record, kernel.now())) },
      { reset: true },
    ),
    result: undefined,
    happened: [{ name: 'reset', ...byWhom(admin) }],
    notices: [{ what: 'reset', at: kernel.now() }],
  });
  await transact(kernel, aboutUser(userId), decide, start);
  voidGrant(kernel, userId);
}

/** Opens every lock and closed lane. An authenticator that was disabled stays so and must be bound again. */
export async function unlockUser(kernel: Kernel, userId: string, byAdmin?: ByAdmin): Promise<void> {
  const named = byAdmin && byWhom(checkAdmin('mfa.unlock', byAdmin));
  await transact(kernel, aboutUser(userId), (record) =>
    Object.keys(record.attempts).length === 0
      ? { result: undefined }
      : {
          save: clearAllFailures(record),
          result: undefined,
          happened: [{ name: 'unlocked', actor: 'admin', ...named }],
          ...(named && { notices: [{ what: 'unlocked', at: kernel.now() }] }),
        },
  );
}

/** No browser stands in for the sign-in step any more. */
export async function endTrust(kernel: Kernel, userId: string, byAdmin: ByAdmin): Promise<void> {
  const admin = checkAdmin('end-trust', byAdmin);
  await transact(kernel, aboutUser(userId), (record) =>
    record.trusted.length === 0
      ? { result: undefined }
      : {
          save: { ...record, trusted: [] },
          result: undefined,
          happened: record.trusted.map(({ id }) => ({
            name: 'browser-trust-revoked' as const,
            ...byWhom(admin),
            detail: { ...byWhom(admin).detail, browser: id },
          })),
          notices: [{ what: 'browser-trust-revoked', at: kernel.now() }],
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
    const nothing = !canEnd(record) && record.trusted.length === 0 && Object.keys(record.attempts).length === 0;
    if (nothing) return { result: undefined };
    return {
      save: withChange(kernel, userId, { ...record, epoch, attempts, trusted: [] }, { changedAt: kernel.now() }),
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
    ...statusOfLasting(kernel, record),
  };
}

function statusOfLasting(
  kernel: Kernel,
  record: MfaRecord,
): Pick<Status, 'suspended' | 'account' | 'upstream' | 'hold' | 'codesBarredUntil' | 'exemptUntil'> {
  const { suspended, account, upstream } = record;
  const hold = holdOf(kernel, record);
  const barred = codesBarredUntil(kernel, record);
  const exempt = record.protected ? undefined : exemptionOf(record, kernel.now());
  return {
    ...(suspended === undefined ? {} : { suspended }),
    ...(account === undefined ? {} : { account }),
    ...(upstream === undefined ? {} : { upstream: upstream.map(({ issuer }) => issuer) }),
    ...(hold === undefined ? {} : { hold }),
    ...(barred === undefined ? {} : { codesBarredUntil: barred }),
    ...(exempt === undefined ? {} : { exemptUntil: exempt.until }),
  };
}

/** Of a record that cannot be believed nothing is said; whoever it is of is refused. */
export function statusOfUnread(userId: string, { code }: MfaError): Status {
  return { userId, unread: code, protected: true, authenticators: [], owed: [], locked: [], trustedBrowsers: 0 };
}
