// What makes room when an authenticator takes the place of others, and which proof passes on to it. Pure.
import type { Factor } from '../kernel/factor.js';
import type { Json } from '../words/json.js';
import { factorOf, type Asker, type Kernel } from '../kernel/kernel.js';
import { refused, type Refused } from '../words/outcome.js';
import { validProofs } from '../kernel/policy.js';
import type { Authenticator, MfaRecord } from '../kernel/record.js';
import type { Proof } from '../kernel/sign-in.js';

/**
 * The authenticators that make room for a new one of this factor: those that the factor names by `ids`, and where one
 * person has one of a kind, a disabled one, which the factor was not shown.
 */
export function replacedBy(record: MfaRecord, { kind, enrollment }: Factor, ids: readonly string[] = []) {
  return record.authenticators.filter(
    (own) => ids.includes(own.id) || (enrollment.limit === 1 && own.kind === kind && own.disabledAt !== undefined),
  );
}

/**
 * Whom a new one of a replaceable kind takes the place of: what the person named; all, where they came by a backup factor.
 * @param named the field `replaces`, untrusted; absent or empty: none
 * @returns a refusal where that is none of theirs, or leaves more than they may have
 */
export function chosenToGo(
  kernel: Kernel,
  asker: Asker,
  record: MfaRecord,
  { kind, enrollment }: Factor,
  named: Json | undefined,
): string[] | Refused {
  const own = record.authenticators.filter((each) => each.kind === kind);
  const proofs = validProofs(asker.signIn, record, kernel.settings, kernel.now());
  const byBackup = proofs.length > 0 && proofs.every((proof) => factorOf(kernel, proof.kind)?.rank !== 'primary');
  if (byBackup) return own.map(({ id }) => id);
  const gone = own.filter(({ id }) => id === named);
  if (gone.length === 0 && named !== undefined && named !== '')
    return refused('request.invalid', { field: 'replaces' });
  if (own.length - gone.length >= enrollment.limit)
    return refused('user.too_many_authenticators', { field: 'replaces' });
  return gone.map(({ id }) => id);
}

/** What an event says of those: an audit that follows one authenticator must learn of its end. */
export function replacedDetail(replaced: readonly Authenticator[]): { replaced?: string } {
  return replaced.length === 0 ? {} : { replaced: replaced.map(({ id }) => id).join(' ') };
}

/** How far back it is remembered what an enrolment leaned on; an objection can be made for a week. */
const forebears = 8;

/** What an enrolment now leans on: the proof made last in this sign-in, and what stood behind that. */
export function leaningOn(kernel: Kernel, { signIn }: Asker, record: MfaRecord): { enrolledBy?: string[] } {
  const proofs = validProofs(signIn, record, kernel.settings, kernel.now());
  const [last] = proofs.sort((a, b) => b.at - a.at);
  if (!last) return {};
  const behind = record.authenticators.find(({ id }) => id === last.authenticatorId)?.enrolledBy ?? [];
  return { enrolledBy: [...new Set([last.authenticatorId, ...behind])].slice(0, forebears) };
}

/**
 * Whoever came in by the last code of a set stays in when its successor is saved: the proof, and the time of it, pass on
 * to the new set.
 */
export function inheritedProof(
  kernel: Kernel,
  { signIn }: Asker,
  record: MfaRecord,
  replaced: readonly Authenticator[],
  authenticatorId: string,
): Proof | undefined {
  const proof = validProofs(signIn, record, kernel.settings, kernel.now()).findLast((one) =>
    replaced.some(({ id }) => id === one.authenticatorId),
  );
  return proof && { ...proof, authenticatorId };
}
