// A hold: for some hours after a support pass was used, neither it nor anything enrolled since satisfies a step-up or a
// change. Whoever proves a primary factor from before is free in that sign-in. Pure.
import type { Factor } from '../kernel/factor.js';
import { factorOf, type Kernel } from '../kernel/kernel.js';
import type { Hold, MfaRecord } from '../kernel/record.js';
import type { Proof } from '../kernel/sign-in.js';

/** The hold that is in force now. */
export function holdOf(kernel: Kernel, { hold }: MfaRecord): Hold | undefined {
  return hold && hold.until > kernel.now() ? hold : undefined;
}

/** Whether an authenticator is of the recovery: the pass itself, or made since. */
function isOfRecovery(kernel: Kernel, record: MfaRecord, hold: Hold, proof: Pick<Proof, 'kind' | 'authenticatorId'>) {
  if (factorOf(kernel, proof.kind)?.rank === 'pass') return true;
  const own = record.authenticators.find(({ id }) => id === proof.authenticatorId);
  return own === undefined || own.createdAt >= hold.since;
}

/** Until when this sign-in is held; undefined where it is not. Unix seconds. */
export function heldUntil(kernel: Kernel, record: MfaRecord, proofs: readonly Proof[]): number | undefined {
  const hold = holdOf(kernel, record);
  if (!hold || proofs.length === 0) return undefined;
  return proofs.every((proof) => isOfRecovery(kernel, record, hold, proof)) ? hold.until : undefined;
}

/** The proofs that may satisfy a step-up or a change: never a pass, and none of a sign-in that is held. */
export function countingProofs(kernel: Kernel, record: MfaRecord, proofs: readonly Proof[]): Proof[] {
  if (heldUntil(kernel, record, proofs) !== undefined) return [];
  return proofs.filter(({ kind }) => factorOf(kernel, kind)?.rank !== 'pass');
}

/** Whether an authenticator of this kind would free a sign-in that is held, or be of use at a step-up at all. */
export function stepsUp(kernel: Kernel, record: MfaRecord, kind: string): boolean {
  const factor = factorOf(kernel, kind);
  if (!factor || factor.rank === 'pass') return false;
  const hold = holdOf(kernel, record);
  if (!hold) return true;
  return record.authenticators.some(
    (own) => own.kind === kind && own.disabledAt === undefined && own.createdAt < hold.since,
  );
}

/** Whether this authenticator may make a browser trusted: what is held makes no other browser stand in for it. */
export function mayTrust(kernel: Kernel, record: MfaRecord, kind: string, authenticatorId: string): boolean {
  const hold = holdOf(kernel, record);
  return !hold || !isOfRecovery(kernel, record, hold, { kind, authenticatorId });
}

/**
 * The record with what a right answer does to the hold. A pass begins one, a further one begins it anew, for all that was
 * made since the first. A primary factor from before ends it where the same sign-in has proofs of the recovery: whoever has
 * both is the owner. On its own it ends nothing, or its owner's next sign-in would set free what a thief enrolled.
 */
export function withHold(
  kernel: Kernel,
  record: MfaRecord,
  { rank, kind }: Factor,
  authenticatorId: string,
  proofs: readonly Proof[],
): MfaRecord {
  const now = kernel.now();
  const current = holdOf(kernel, record);
  const { hold: _hold, ...free } = record;
  if (rank === 'pass') {
    const until = now + kernel.settings.holdHours * 3600;
    return { ...record, hold: { since: current?.since ?? now, until } };
  }
  if (!current) return record.hold ? free : record;
  const isOlder = rank === 'primary' && !isOfRecovery(kernel, record, current, { kind, authenticatorId });
  const recovered = proofs.some((proof) => isOfRecovery(kernel, record, current, proof));
  return isOlder && recovered ? free : record;
}

/** The authenticators without passes: one new primary factor is what a pass is for, and it voids those that are out. */
export function withoutPasses(kernel: Kernel, authenticators: MfaRecord['authenticators']) {
  return authenticators.filter(({ kind }) => factorOf(kernel, kind)?.rank !== 'pass');
}

/** Whether this sign-in came by a pass, and by nothing else so far. */
export function cameByPass(kernel: Kernel, proofs: readonly Proof[]): boolean {
  return proofs.length > 0 && proofs.every(({ kind }) => factorOf(kernel, kind)?.rank === 'pass');
}
