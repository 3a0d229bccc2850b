// Where a person stands: reads record and sign-in into the facts that `next-step` asks for, and says which ways to
// verify there are and in which order. Pure, but for opening nothing and loading nothing.
import type { Factor, Rank, Standing } from '../kernel/factor.js';
import type { MfaUser } from '../kernel/mfa-user.js';
import { factorOf, type Kernel } from '../kernel/kernel.js';
import { barredBy } from './barred.js';
import { hasEnded } from './ended-sign-ins.js';
import { exemptionOf } from './exemption.js';
import { codesBarredUntil, countingProofs, heldUntil } from './hold.js';
import { isUnproved, nextStep, type Facts, type KindInUse, type NextStep } from './next-step.js';
import { riskInForce, type InForce } from './risk-in-force.js';
import { vouchingOf, type Vouching } from './vouched.js';
import { validProofs } from '../kernel/policy.js';
import type { RiskAction, RiskLevel } from '../kernel/risk.js';
import type { Authenticator, MfaRecord } from '../kernel/record.js';
import { ownRecovery } from '../kernel/recovering.js';
import { isYoung, type Proof, type SignIn } from '../kernel/sign-in.js';

/** What is true of a sign-in. */
export type State = 'none' | 'pending' | 'elevated';

/** One way to verify. `preferred`: the person wants to be asked for it first. */
export type Way = { kind: string; rank: Rank; lastUsed: boolean; preferred?: true };

export type Situation = {
  state: State;
  next: NextStep;
  proofs: Proof[];
  /** Those of them that may satisfy a step-up or a change. */
  counting: Proof[];
  /** Until when this sign-in is held, Unix seconds. */
  heldUntil: number | undefined;
  /** How risky this sign-in counts as now, and what that does to whoever has a second factor. */
  level: RiskLevel;
  asks: RiskAction;
  /** It looks risky, and that changes something for whoever is not elevated yet: all that they may be told of it. */
  unusual: boolean;
  /** Whether an identity provider vouches for this sign-in. */
  isVouched: boolean;
  /** In the order in which they are offered. */
  readonly ways: Way[];
  record: MfaRecord;
};

/** The person's authenticators of a kind that may be used: of a factor in use, and not disabled. */
export function ownOf(record: MfaRecord, kind: string): Authenticator[] {
  return record.authenticators.filter((own) => own.kind === kind && own.disabledAt === undefined);
}

/** `barred`: somebody objected to the use of such a one a while ago. */
export type Enrolled = { factor: Factor; authenticator: Authenticator; standing: Standing; barred?: true };

/** Everything enrolled whose factor the app offers, disabled or not, with how it stands. */
export function enrolledOf(kernel: Kernel, record: MfaRecord): Enrolled[] {
  const now = kernel.now();
  const areBarred = codesBarredUntil(kernel, record) !== undefined;
  return record.authenticators.flatMap((authenticator) => {
    const factor = factorOf(kernel, authenticator.kind);
    if (!factor) return [];
    const barred = areBarred && factor.rank !== 'primary' ? { barred: true as const } : {};
    return [{ factor, authenticator, standing: factor.standing(authenticator, now), ...barred }];
  });
}

/** Whether an answer by it would be looked at. */
export function worksNow({ authenticator, standing, barred }: Enrolled): boolean {
  return !barred && authenticator.disabledAt === undefined && (standing.state === 'usable' || standing.state === 'low');
}

/** Whether this person could still answer with a factor of that rank. */
export function hasUsable(kernel: Kernel, record: MfaRecord, rank: Rank): boolean {
  return enrolledOf(kernel, record).some((enrolled) => enrolled.factor.rank === rank && worksNow(enrolled));
}

/** What this person could answer with in this sign-in. */
export function usableOf(kernel: Kernel, record: MfaRecord, user: MfaUser): Enrolled[] {
  return enrolledOf(kernel, record).filter((own) => worksNow(own) && !isFirstFactor(own.factor, user));
}

/**
 * Ways to verify: the preferred factor, else the one used last, then as the app lists them; backup codes and a pass last. A channel that was this
 * sign-in's first factor cannot be its second.
 */
export function waysOf(kernel: Kernel, record: MfaRecord, user: MfaUser): Way[] {
  const usable = usableOf(kernel, record, user);
  const lastUse = (kind: string) =>
    Math.max(
      0,
      ...usable.filter(({ factor }) => factor.kind === kind).map(({ authenticator }) => authenticator.lastUsedAt ?? 0),
    );
  const listed = kernel.factors.filter((factor) => usable.some((enrolled) => enrolled.factor.kind === factor.kind));
  const primary = listed.filter(({ rank }) => rank === 'primary');
  const last = primary.reduce<Factor | undefined>(
    (best, factor) => (lastUse(factor.kind) > (best ? lastUse(best.kind) : 0) ? factor : best),
    undefined,
  );
  const preferred = primary.find(({ kind }) => kind === record.preferred);
  const first = preferred ?? last;
  const ordered = [
    ...primary.filter((factor) => factor === first),
    ...primary.filter((factor) => factor !== first),
    ...listed.filter(({ rank }) => rank === 'backup'),
    ...listed.filter(({ rank }) => rank === 'pass'),
  ];
  return ordered.map((factor) => ({
    kind: factor.kind,
    rank: factor.rank,
    lastUsed: factor === last,
    ...(factor === preferred ? { preferred: true } : {}),
  }));
}

export function isFirstFactor(factor: Factor, user: MfaUser): boolean {
  return factor.channel !== undefined && factor.channel === user.signedInBy;
}

/**
 * Whether enrolling this factor would make one channel both factors of this sign-in. Whoever signs up may: there is
 * nothing yet that a second factor would have kept safe.
 */
export function wouldServeTwice(factor: Factor, user: MfaUser, { moment }: SignIn): boolean {
  return moment === 'sign-in' && isFirstFactor(factor, user);
}

/** What this person must or may do, and what they have proved. */
export function situationOf(kernel: Kernel, user: MfaUser, signIn: SignIn, record: MfaRecord): Situation {
  const now = kernel.now();
  const vouched = vouchingOf(kernel, signIn, record);
  // Whoever the provider must vouch for has proved nothing until it does.
  const counts = record.protected && !barredBy(record) && !hasEnded(kernel, signIn, record) && vouched !== 'owed';
  const valid = counts ? validProofs(signIn, record, kernel.settings, now) : [];
  const risk = riskInForce(kernel, signIn, record, valid, () => usableOf(kernel, record, user));
  const { proofs, level, strongest } = risk;
  const next = nextStep(factsOf(kernel, { user, signIn, record, vouched }, risk));
  const does = record.protected ? risk.signIn : risk.enrollment;
  return {
    state: stateOf(record, proofs, next),
    next,
    proofs,
    counting: countingProofs(kernel, record, proofs),
    heldUntil: heldUntil(kernel, record, proofs),
    isVouched: vouched === 'unprotected' || vouched === 'instead',
    record,
    level,
    asks: risk.signIn,
    unusual: level !== 'low' && does !== 'allow' && proofs.length === 0,
    // Counted only where it is asked for: the guard of an elevated session has no use for it.
    get ways() {
      const ways = waysOf(kernel, record, user);
      return strongest ? ways.filter(({ kind, rank }) => rank !== 'primary' || strongest.includes(kind)) : ways;
    },
  };
}

function stateOf(record: MfaRecord, proofs: readonly Proof[], next: NextStep): State {
  if (['barred', 'blocked', 'reauthenticate'].includes(next.step)) return 'pending';
  if (proofs.length > 0) return 'elevated';
  return record.protected && isUnproved(next) ? 'pending' : 'none';
}

type Known = { user: MfaUser; signIn: SignIn; record: MfaRecord; vouched: Vouching };

function factsOf(kernel: Kernel, { user, signIn, record, vouched }: Known, risk: InForce): Facts {
  const { proofs } = risk;
  return {
    policy: kernel.settings.policyOf(user),
    moment: signIn.moment,
    graceUntil: kernel.settings.graceUntilOf(user),
    now: kernel.now(),
    inUse: enrolledOf(kernel, record)
      .filter(
        ({ authenticator, factor, barred }) =>
          !barred && authenticator.disabledAt === undefined && !isFirstFactor(factor, user),
      )
      .map(({ factor, standing }): KindInUse => ({ kind: factor.kind, rank: factor.rank, state: standing.state })),
    offered: kernel.factors.map(({ kind, rank }) => ({ kind, rank })),
    owed: record.owed,
    skipped: record.skipped,
    protected: record.protected,
    barred: barredBy(record) !== undefined,
    exempt: exemptionOf(record, kernel.now()) !== undefined,
    signInStepOff: record.signInStepOff === true,
    asks: risk.signIn,
    enrollment: risk.enrollment,
    // A proof by a factor that the app no longer offers opens no more than a backup code does.
    proved: [...new Set(proofs.map(({ kind }) => factorOf(kernel, kind)?.rank ?? 'backup'))],
    recovering: recoveringOf(kernel, user, signIn, record),
    vouched,
    trusted: user.inTrustedNetwork === true || standsTrusted(kernel, signIn, record),
    boundByItself: record.authenticators.some(({ adopted }) => adopted === true),
  };
}

function recoveringOf(kernel: Kernel, user: MfaUser, signIn: SignIn, record: MfaRecord): Facts['recovering'] {
  if (hasEnded(kernel, signIn, record)) return undefined;
  const own = ownRecovery(kernel, { user, signIn }, record);
  return own?.approvedAt === undefined ? own?.owes : 'approved';
}

/** Whether the browser that stood in for the sign-in step is still trusted. It does so for as long as a proof counts. */
function standsTrusted(kernel: Kernel, signIn: SignIn, record: MfaRecord): boolean {
  const { trusted, trustedAt = 0 } = signIn;
  const { trustDays, elevationMaxAgeSeconds } = kernel.settings;
  const stands = isYoung(trustedAt, elevationMaxAgeSeconds, kernel.now()) && !hasEnded(kernel, signIn, record);
  if (trustDays === undefined || !stands) return false;
  return record.trusted.some(({ id, expiresAt }) => id === trusted && expiresAt > kernel.now());
}
