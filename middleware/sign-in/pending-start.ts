// Since when a sign-in owes its factor, kept on the server by the name of the sign-in: whoever leaves our cookie away, or
// signs out of our part alone, has no more time for it. Knows nothing of what is owed.
import type { Kernel } from '../../src/core/kernel/kernel.js';
import type { SignIn } from '../../src/core/kernel/sign-in.js';

/** Longer than hosts keep somebody signed in who never came in, as a rule. A right answer ends it at once. */
const keptSeconds = 30 * 86_400;

function keyOf(name: string): string {
  return `pending:${name.slice(0, 22)}`;
}

/**
 * The sign-in with the start that the server knows; one trip, at the first contact of each, where the host tells `signInId`.
 * Of rivals, the first one's start counts for all.
 */
export async function withKeptStart(kernel: Kernel, signIn: SignIn): Promise<SignIn> {
  const { userId, signInId, startedAt, proofs } = signIn;
  if (signInId === undefined || signIn.startKept || proofs.length > 0) return signIn;
  const kept = await kernel.store.putIfAbsent(userId, keyOf(signInId), startedAt, keptSeconds);
  return { ...signIn, startedAt: typeof kept === 'number' ? kept : startedAt, startKept: true };
}

/** The host says that this sign-in begins now, perhaps under a `signInId` that it had before. */
export async function keepStart(kernel: Kernel, signIn: SignIn): Promise<SignIn> {
  const { userId, signInId, startedAt } = signIn;
  if (signInId === undefined) return signIn;
  await kernel.store.put(userId, keyOf(signInId), startedAt, keptSeconds);
  return { ...signIn, startKept: true };
}

/** Nothing is owed from then on, or the sign-in is over. Nobody waits for it: where it fails, the time runs on. */
export function forgetStart(kernel: Kernel, { userId, signInId }: Pick<SignIn, 'userId' | 'signInId'>): void {
  if (signInId === undefined) return;
  kernel.store.take(userId, keyOf(signInId)).catch(() => undefined);
}
