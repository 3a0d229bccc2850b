// A hold: for some hours after a support pass was used, or a backup code in a sign-in that looked risky, neither that nor
// anything enrolled since satisfies a step-up or a change. Whoever proves a primary factor from before is free in that
// sign-in. Pure.
import type { Factor } from '../kernel/factor.js';
import { factorOf, type Kernel } from '../kernel/kernel.js';
import { standsSince, type Hold, type MfaRecord } from '../kernel/record.js';
import type { Proof } from '../kernel/sign-in.js';

/** The hold that is in force now. */
export function holdOf(kernel: Kernel, { hold }: MfaRecord): Hold | undefined {
  return hold && hold.until > kernel.now() ? hold : undefined;
}

/** Whether an authenticator is of the recovery: the pass, the codes, or made since. A sheet of codes is not read by halves. */
function isOfRecovery(kernel: Kernel, record: MfaRecord, hold: Hold, proof: Pick<Proof, 'kind' | 'authenticatorId'>) {
  if (factorOf(kernel, proof.kind)?.rank !== 'primary') return true;
  const own = record.authenticators.find(({ id }) => id === proof.authenticatorId);
  return own === undefined || standsSince(own) >= hold.since;
}

/** Whether an authenticator stood there before any hold that is not over. */
export function isOlder(kernel: Kernel, record: MfaRecord, one: Pick<Proof, 'kind' | 'authenticatorId'>): boolean {
  const hold = holdOf(kernel, record);
  return !hold || !isOfRecovery(kernel, record, hold, one);
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
  if (factor.rank !== 'primary') return false;
  return record.authenticators.some(
    (own) => own.kind === kind && own.disabledAt === undefined && standsSince(own) < hold.since,
  );
}

/** Whether this authenticator may make a browser trusted: what is held makes no other browser stand in for it. */
export function mayTrust(kernel: Kernel, record: MfaRecord, kind: string, authenticatorId: string): boolean {
  return isOlder(kernel, record, { kind, authenticatorId });
}

/** The record on hold from now on, for all that was made since `since`, or since a hold began that is not over. */
export function heldAnew(kernel: Kernel, record: MfaRecord, since: number): MfaRecord {
  const current = holdOf(kernel, record);
  const until = Math.max(current?.until ?? 0, kernel.now() + kernel.settings.holdHours * 3600);
  return { ...record, hold: { since: Math.min(current?.since ?? since, since), until } };
}

/**
 * The record with what a right answer does to the hold. A pass begins one; a further one, or a backup code, begins it anew,
 * for all that was made since the first. A primary factor from before ends it where the same sign-in has proofs of the recovery: whoever has
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
  if (rank === 'pass' || (rank === 'backup' && current)) return heldAnew(kernel, record, now);
  if (!current) return record.hold ? free : record;
  const isFrom = (proof: Pick<Proof, 'kind' | 'authenticatorId'>) => isOfRecovery(kernel, record, current, proof);
  return !isFrom({ kind, authenticatorId }) && proofs.some(isFrom) ? free : record;
}

/** The authenticators without passes: one new primary factor is what a pass is for, and it voids those that are out. */
export function withoutPasses(kernel: Kernel, authenticators: MfaRecord['authenticators']) {
  return authenticators.filter(({ kind }) => factorOf(kernel, kind)?.rank !== 'pass');
}

/** Whether backup codes and passes work: not for some hours after somebody objected to the use of one. */
export function codesBarredUntil(kernel: Kernel, { codesBarredUntil: until = 0 }: MfaRecord): number | undefined {
  return until > kernel.now() ? until : undefined;
}

/** Whether this sign-in came by a pass, and by nothing else so far. */
export function cameByPass(kernel: Kernel, proofs: readonly Proof[]): boolean {
  return proofs.length > 0 && proofs.every(({ kind }) => factorOf(kernel, kind)?.rank === 'pass');
}
