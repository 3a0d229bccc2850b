// Who needs MFA, how fresh, and which factors count. Pure: "MFA done", "fresh enough" and "strong enough" are computed
// here from proofs and record each time, never stored.
import type { MfaRecord } from './record.js';
import { isYoung, type Proof, type SignIn } from './sign-in.js';

export const policies = ['no-prompt', 'prompt-only-at-sign-in', 'prompt-at-sign-in-and-sign-up', 'mandatory'] as const;

/**
 * Who must have a second factor, from the least to the most strict.
 *
 * @useDeclaredType
 */
export type Policy = (typeof policies)[number];

/** Of several policies (one's own, one's organisation's) the strictest wins, so an organisation can only tighten. */
export function strictest(given: Policy | readonly Policy[]): Policy {
  const all = typeof given === 'string' ? [given] : given;
  return all.reduce<Policy>((a, b) => (policies.indexOf(b) > policies.indexOf(a) ? b : a), 'no-prompt');
}

/**
 * The proofs of this sign-in that count now: the session carries the record's epoch, the proof is neither too old nor
 * from the future, and its authenticator still stands.
 */
export function validProofs(
  signIn: SignIn,
  record: MfaRecord,
  { elevationMaxAgeSeconds }: { elevationMaxAgeSeconds: number },
  now: number,
): Proof[] {
  if (signIn.epoch !== record.epoch) return [];
  return signIn.proofs.filter(
    (proof) =>
      isYoung(proof.at, elevationMaxAgeSeconds, now) &&
      record.authenticators.some((own) => own.id === proof.authenticatorId && own.kind === proof.kind),
  );
}

export type Demand = { maxAgeSeconds?: number; factors?: readonly string[] };

/** The demand alone, as a sign-in keeps it. */
export function keptDemand({ maxAgeSeconds, factors }: Demand): NonNullable<SignIn['stepUp']> {
  return {
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(factors === undefined ? {} : { factors: [...factors] }),
  };
}

/**
 * Whether one of these proofs is young enough and of a kind that counts.
 * @returns `undefined` if so; else why not: none at all, none of those kinds, or too old.
 */
export function lacking(
  proofs: readonly Proof[],
  demand: Demand,
  now: number,
): 'missing' | 'kind' | 'expired' | undefined {
  if (proofs.length === 0) return 'missing';
  const ofKind = demand.factors ? proofs.filter((proof) => demand.factors?.includes(proof.kind)) : proofs;
  if (ofKind.length === 0) return 'kind';
  const { maxAgeSeconds } = demand;
  if (maxAgeSeconds === undefined) return undefined;
  return ofKind.some((proof) => isYoung(proof.at, maxAgeSeconds, now)) ? undefined : 'expired';
}
