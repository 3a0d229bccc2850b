// What was begun and waits for its answer: kept sealed as a transient of one user and one session, and void as soon as
// the account's epoch is another. A ceremony never decides single use of what may be tried twice; the record does.
import type { Begun, Ceremony, Factor } from './factor.js';
import { isMfaError } from './errors.js';
import type { Asker, Kernel } from './kernel.js';
import { accepted, refused, type Outcome, type Reason } from './outcome.js';
import type { Json } from './ports.js';

export type Purpose = 'verify' | 'enroll' | 'confirm';
export type Open = Omit<Begun, 'happened'> & { epoch: string; startedAt: number };

function keyOf(asker: Asker, purpose: Purpose, kind: string): string {
  return `ceremony:${purpose}:${kind}:${asker.signIn.flowId}`;
}

/** Sealed for this user, session, purpose and kind: the stored value fits nowhere else. */
function belongsTo(asker: Asker, purpose: Purpose, kind: string) {
  return { userId: asker.user.id, authenticatorId: asker.signIn.flowId, purpose: `ceremony:${purpose}:${kind}` };
}

/** What becomes of what this session began before for the same purpose: it is gone, or it stays and counts. */
export type Beside = 'replaces' | 'yields';

/** `begun`: by this request; else by another one of the same moment. */
type Kept = { open: Open; begun: boolean };

/** Keeps what was begun. @returns what counts now */
async function keepCeremony(
  kernel: Kernel,
  asker: Asker,
  purpose: Purpose,
  factor: Factor,
  begun: Begun,
  epoch: string,
  beside: Beside,
): Promise<Kept> {
  const { kind } = factor;
  const open: Open = { secret: begun.secret, shown: begun.shown, epoch, startedAt: kernel.now() };
  const sealed = kernel.sealer.seal(JSON.stringify(open), belongsTo(asker, purpose, kind));
  const ttlSeconds = purpose === 'verify' ? (factor.challengeTtlSeconds ?? 300) : factor.enrollment.ttlSeconds;
  const place = [asker.user.id, keyOf(asker, purpose, kind)] as const;
  if (beside === 'yields') {
    const first = await kernel.store.putIfAbsent(...place, sealed, ttlSeconds);
    const counts = first === sealed ? open : opened(kernel, asker, purpose, kind, first);
    if (counts?.epoch === epoch) return { open: counts, begun: counts === open };
  }
  await kernel.store.put(...place, sealed, ttlSeconds);
  return { open, begun: true };
}

function opened(kernel: Kernel, asker: Asker, purpose: Purpose, kind: string, stored: Json | undefined) {
  if (typeof stored !== 'string') return undefined;
  return JSON.parse(kernel.sealer.open(stored, belongsTo(asker, purpose, kind))) as Open;
}

/**
 * What this session began, if anything. A ceremony that is answered `once` is taken here, before verification, so that
 * any number of parallel answers share one use of it; every other is only read.
 */
export async function recallCeremony(
  kernel: Kernel,
  asker: Asker,
  purpose: Purpose,
  kind: string,
  ceremony: Ceremony,
): Promise<Open | undefined> {
  if (ceremony === 'none') return undefined;
  const key = keyOf(asker, purpose, kind);
  const stored =
    ceremony === 'once' ? await kernel.store.take(asker.user.id, key) : await kernel.store.get(asker.user.id, key);
  return opened(kernel, asker, purpose, kind, stored);
}

/**
 * Runs the factor's beginning, which may send a message, and keeps what came of it. What the sender says no to is an
 * answer like any other: told, audited, and nothing is kept.
 */
export async function openCeremony(
  kernel: Kernel,
  asker: Asker,
  purpose: Purpose,
  factor: Factor,
  epoch: string,
  begin: () => Promise<Begun>,
  beside: Beside = 'replaces',
): Promise<Outcome<Kept>> {
  const { kind } = factor;
  try {
    const begun = await begin();
    const kept = await keepCeremony(kernel, asker, purpose, factor, begun, epoch, beside);
    kernel.tell(
      asker,
      (begun.happened ?? []).map((happened) => ({ kind, ...happened })),
    );
    return accepted(kept);
  } catch (error) {
    const answers =
      isMfaError(error) && (error.code.startsWith('connector.') || error.code === 'session.mfa.mfa_factor_not_enabled');
    if (!answers) throw error;
    const reason = error.code as Reason;
    const name = reason === 'connector.rate_limit_exceeded' ? 'send-limited' : 'code-not-sent';
    kernel.tell(asker, [{ name, kind, outcome: 'refused', reason }]);
    return refused(reason, error.details);
  }
}

/** Tidies up after the save; nothing depends on it, so nobody waits for it. */
export function dropCeremony(kernel: Kernel, asker: Asker, purpose: Purpose, kind: string): void {
  kernel.store.take(asker.user.id, keyOf(asker, purpose, kind)).catch(() => undefined);
}
