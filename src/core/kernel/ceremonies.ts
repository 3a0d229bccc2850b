// What was begun and waits for its answer: kept as a transient of one user and one session, and void as soon as
// the account's epoch is another. A ceremony never decides single use of what may be tried twice; the record does.
import type { Begun, Ceremony, Factor } from './factor.js';
import { isMfaError } from '../words/errors.js';
import type { Asker, Kernel } from './kernel.js';
import { accepted, refused, type Outcome, type Reason } from '../words/outcome.js';
import { orderedJson } from '../words/ordered-json.js';

export type Purpose = 'verify' | 'enroll' | 'confirm';
/** `extendedSeconds`: what was added to its life, once. */
export type Open = Omit<Begun, 'happened'> & { epoch: string; startedAt: number; extendedSeconds?: number };

/** Where a ceremony of this session stands. It is sealed to that place: the stored value fits nowhere else. */
function placeOf({ user, signIn }: Asker, purpose: Purpose, kind: string) {
  return { userId: user.id, key: `ceremony:${purpose}:${kind}:${signIn.flowId}` };
}

type Place = ReturnType<typeof placeOf>;

/** What becomes of what this session began before for the same purpose: it is gone, or it stays and counts. */
export type Beside = 'replaces' | 'yields';

/** What counts now; `begun`: by this request, else by another one of the same moment. */
type Kept = { open: Open; begun: boolean };

async function keepCeremony(
  { store }: Kernel,
  { userId, key }: Place,
  open: Open,
  ttlSeconds: number,
  beside: Beside,
): Promise<Kept> {
  if (beside === 'yields') {
    const first = (await store.putIfAbsent(userId, key, open, ttlSeconds)) as Open;
    // One from before the account changed is void, and replaced. What was begun is random, so no two are alike.
    if (first.epoch === open.epoch) return { open: first, begun: orderedJson(first) === orderedJson(open) };
  }
  await store.put(userId, key, open, ttlSeconds);
  return { open, begun: true };
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
  const { userId, key } = placeOf(asker, purpose, kind);
  const { store } = kernel;
  return (await (ceremony === 'once' ? store.take(userId, key) : store.get(userId, key))) as Open | undefined;
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
    const { secret, shown, happened = [] } = await begin();
    const open = { secret, shown, epoch, startedAt: kernel.now() };
    const ttlSeconds = purpose === 'verify' ? (factor.challengeTtlSeconds ?? 300) : factor.enrollment.ttlSeconds;
    const kept = await keepCeremony(kernel, placeOf(asker, purpose, kind), open, ttlSeconds, beside);
    kernel.tell(
      asker,
      happened.map((each) => ({ kind, ...each })),
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

/**
 * Keeps a ceremony for longer, once, however many tabs ask for it.
 * @param endsAt when it would lapse, Unix seconds
 */
export async function extendCeremony(
  kernel: Kernel,
  asker: Asker,
  purpose: Purpose,
  kind: string,
  open: Open,
  { endsAt, seconds }: { endsAt: number; seconds: number },
): Promise<void> {
  const { userId, key } = placeOf(asker, purpose, kind);
  const left = endsAt - kernel.now() + seconds;
  const { count } = await kernel.store.increment(userId, `${key}:extended:${open.startedAt}`, left);
  if (count > 1) return;
  await kernel.store.put(userId, key, { ...open, extendedSeconds: seconds }, left);
}

/** Tidies up after the save; nothing depends on it, so nobody waits for it. */
export function dropCeremony(kernel: Kernel, asker: Asker, purpose: Purpose, kind: string): void {
  const { userId, key } = placeOf(asker, purpose, kind);
  kernel.store.take(userId, key).catch(() => undefined);
}
