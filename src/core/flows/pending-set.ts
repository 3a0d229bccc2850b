// A set of backup codes between its making and "I have saved these codes". A set that was shown is never replaced in
// silence: another press shows the same one, its life can be extended once, and after it the person is told that what they
// may have printed does not count.
import { beginEnrollment, begunOf, pendingEnrollment, type EnrollmentBegun } from './enroll.js';
import { extendCeremony } from '../kernel/ceremonies.js';
import type { Factor } from '../kernel/factor.js';
import { backupFactorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { accepted, refused, type Outcome } from '../words/outcome.js';
import type { MfaRecord } from '../kernel/record.js';

/** How long a session remembers that it has shown a set: longer than one sits before a page. */
const memorySeconds = 86_400;

export type PendingSet = { factor: Factor; begun: EnrollmentBegun };

function shownKey({ signIn }: Asker): string {
  return `set-shown:${signIn.flowId}`;
}

/** Makes a set, or shows the one that is pending in this session. */
export async function beginSet(kernel: Kernel, asker: Asker): Promise<Outcome<{ set?: PendingSet }>> {
  const factor = backupFactorOf(kernel);
  if (!factor) return refused('session.mfa.mfa_factor_not_enabled');
  const outcome = await beginEnrollment(kernel, asker, factor.kind, {}, 'beside');
  if (!outcome.accepted) return outcome;
  await kernel.store.put(asker.user.id, shownKey(asker), true, memorySeconds);
  return accepted(outcome.begun ? { set: { factor, begun: outcome.begun } } : {});
}

/** The set that is pending in this session; `lapsed` where one was shown in it that no longer counts. */
export async function pendingSet(
  kernel: Kernel,
  asker: Asker,
  record: MfaRecord,
): Promise<PendingSet | 'lapsed' | undefined> {
  const factor = backupFactorOf(kernel);
  if (!factor) return undefined;
  const open = await pendingEnrollment(kernel, asker, factor.kind, record);
  if (open) return { factor, begun: begunOf(factor, open) };
  return (await kernel.store.get(asker.user.id, shownKey(asker))) === true ? 'lapsed' : undefined;
}

/** Ten more minutes, once; a second time changes nothing. */
export async function extendSet(
  kernel: Kernel,
  asker: Asker,
  record: MfaRecord,
  revealToken: unknown,
): Promise<Outcome> {
  const factor = backupFactorOf(kernel);
  const open = factor && (await pendingEnrollment(kernel, asker, factor.kind, record));
  const named = (open?.shown as { revealToken?: unknown } | undefined)?.revealToken;
  if (!open || typeof named !== 'string' || typeof revealToken !== 'string') return unknown();
  if (!kernel.sealer.equal(named, revealToken)) return unknown();
  const { expiresAt, extendable } = begunOf(factor, open);
  const more = { endsAt: expiresAt, seconds: factor.enrollment.ttlSeconds };
  if (extendable) await extendCeremony(kernel, asker, 'enroll', factor.kind, open, more);
  return accepted({});
}

function unknown() {
  return refused('session.verification_session_not_found');
}

/** Once it is confirmed there is nothing to be told of it. Nobody waits for that. */
export function forgetSet(kernel: Kernel, asker: Asker): void {
  kernel.store.take(asker.user.id, shownKey(asker)).catch(() => undefined);
}
