// What the level of a sign-in does now: which proofs count, which kinds are asked for, what a first enrolment needs. Reads what was
// assessed; assesses nothing. Pure.
import type { Factor } from '../kernel/factor.js';
import { factorOf, type Kernel } from '../kernel/kernel.js';
import { standsSince, type Authenticator, type MfaRecord } from '../kernel/record.js';
import type { RiskAction, RiskLevel } from '../kernel/risk.js';
import type { Proof, SignIn } from '../kernel/sign-in.js';
import { isOlder } from './hold.js';
import { levelNow } from './kept-level.js';
import { actionAt, isAtLeast } from './risk-actions.js';

/** What of a person's may be used now. */
type Usable = { factor: Factor; authenticator: Authenticator };

/** `strongest`: the only primary kinds that are looked at, where not all are. */
export type InForce = {
  level: RiskLevel;
  signIn: RiskAction;
  enrollment: RiskAction;
  proofs: Proof[];
  strongest?: readonly string[];
};

/** How hard a factor is to take from its owner: passkeys 3, authenticator apps 2; 1 where it says nothing, such as a code by e-mail. */
export function strengthOf({ strength = 1 }: Pick<Factor, 'strength'>): number {
  return strength;
}

/** The primary kinds of the strongest class among these. */
export function strongestKinds(usable: readonly Pick<Usable, 'factor'>[]): string[] {
  const primary = usable.map(({ factor }) => factor).filter(({ rank }) => rank === 'primary');
  const most = Math.max(0, ...primary.map(strengthOf));
  return [...new Set(primary.filter((factor) => strengthOf(factor) === most).map(({ kind }) => kind))];
}

/**
 * @param proofs of this sign-in, that are valid
 * @param usable what could be answered with now; asked for only where risk was assessed
 */
export function riskInForce(
  kernel: Kernel,
  { risk }: Pick<SignIn, 'risk'>,
  record: MfaRecord,
  proofs: Proof[],
  usable: () => readonly Usable[],
): InForce {
  const { riskActions: table } = kernel.settings;
  if (!table || !risk) return { level: 'low', signIn: 'allow', enrollment: 'allow', proofs };
  const kinds = strongestKinds(usable());
  const strong = proofs.filter(({ kind }) => kinds.includes(kind));
  const lowering = strong.filter((proof) => isOlderThan(record, risk.since)(proof) && isOlder(kernel, record, proof));
  const level = levelNow(risk, record, lowering);
  const signIn = actionAt(table, 'signIn', level);
  const enrollment = actionAt(table, 'enrollment', level);
  if (!isAtLeast('signIn', signIn, 'strongest')) return { level, signIn, enrollment, proofs };
  // Nobody goes on, whatever they proved before it looked so: whoever took their cookies would change with a young proof.
  if (signIn === 'block') return { level, signIn, enrollment, proofs: [], strongest: kinds };
  const isWeak = ({ kind }: Proof) => factorOf(kernel, kind)?.rank === 'primary';
  const counting = strong.length > 0 ? proofs : proofs.filter((proof) => !isWeak(proof));
  return { level, signIn, enrollment, proofs: counting, strongest: kinds };
}

/** What the level does to a first enrolment, of somebody who has nothing that could lower it. */
export function enrollmentAction({ settings }: Kernel, { risk }: Pick<SignIn, 'risk'>, record: MfaRecord): RiskAction {
  return risk ? actionAt(settings.riskActions, 'enrollment', levelNow(risk, record)) : 'allow';
}

/** What was made since it looked risky proves nobody: it may be the thief's. */
export function isOlderThan({ authenticators }: MfaRecord, since: number) {
  return ({ authenticatorId }: Pick<Proof, 'authenticatorId'>): boolean =>
    authenticators.some((own) => own.id === authenticatorId && standsSince(own) <= since);
}
