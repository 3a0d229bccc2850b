// The one place that decides what a person must or may do next. Pure: a function of the facts below; not of the
// record, the request or a factor. Every page and the guard ask it; nothing else decides.
import type { Rank } from '../kernel/factor.js';
import type { Policy } from '../kernel/policy.js';
import type { RiskAction } from '../kernel/risk.js';
import type { Vouching } from './vouched.js';

export type { Rank };

/** A kind that this person has enrolled and could use now, or a backup set that is empty or expired. */
export type KindInUse = { kind: string; rank: Rank; state: 'usable' | 'low' | 'empty' | 'expired' };

export type Facts = {
  policy: Policy;
  moment: 'sign-up' | 'sign-in';
  /** `mandatory` demands only from then on; Unix seconds. */
  graceUntil?: number | undefined;
  now: number;
  /** What is enrolled, not disabled, and in the app's options. */
  inUse: readonly KindInUse[];
  /** The kinds that the app offers. */
  offered: readonly { kind: string; rank: Rank }[];
  owed: readonly string[];
  skipped: { readonly [what: string]: number };
  protected: boolean;
  /** An administrator or the directory suspended the account. */
  barred?: boolean;
  signInStepOff: boolean;
  /** What the level of this sign-in does to whoever has a second factor; absent: `allow`. */
  asks?: RiskAction;
  /** What it does to a first enrolment; absent: `allow`. */
  enrollment?: RiskAction;
  /** What this sign-in owes since a backup code was spent in it: a further proof, or an administrator's word, which may be there. */
  recovering?: 'proof' | 'approval' | 'approved' | undefined;
  /** Ranks of the factors proved in this sign-in; empty: not elevated. */
  proved: readonly Rank[];
  /** An administrator exempted this person from the policy for a while. */
  exempt?: boolean;
  /** A trusted browser stands in for the sign-in step. */
  trusted: boolean;
  /** What an identity provider vouches for, or must; see `vouched.ts`. */
  vouched?: Vouching;
  /** A second primary factor is worth suggesting: an address was bound without the person choosing it. */
  boundByItself?: boolean;
};

/** What somebody must or may do next. */
export type NextStep =
  | { step: 'barred' }
  | { step: 'blocked' }
  | { step: 'reauthenticate' }
  | { step: 'verify' }
  | { step: 'enroll'; why: 'policy' | 'recovery' }
  | { step: 'save-backup-codes' }
  | { step: 'recover' }
  | { step: 'confirm-recovery' }
  | { step: 'wait'; approved?: true }
  | { step: 'suggest-mfa'; graceUntil?: number }
  | { step: 'suggest-another' }
  | { step: 'nothing' };

export type StepName = NextStep['step'];

/** Steps of somebody who owes a proof before anything else of the account is open. */
const unproved: readonly StepName[] = ['verify', 'recover', 'confirm-recovery', 'wait'];

/** Whether a sign-in of which this is owed is pending. */
export function isUnproved(next: NextStep): boolean {
  return unproved.includes(next.step);
}

const nothing: NextStep = { step: 'nothing' };

const demanded: readonly StepName[] = [
  'barred',
  'reauthenticate',
  'blocked',
  'verify',
  'enroll',
  'save-backup-codes',
  'recover',
  'confirm-recovery',
  'wait',
];

/** Whether a step must be done before anything else, rather than may. */
export function isDemanded(next: NextStep): boolean {
  return demanded.includes(next.step);
}

/** What the person may skip now, by the name under which a skip is remembered. */
export function skippable(next: NextStep): 'suggest-mfa' | 'suggest-another' | undefined {
  return next.step === 'suggest-mfa' || next.step === 'suggest-another' ? next.step : undefined;
}

export function nextStep(facts: Facts): NextStep {
  if (facts.barred === true) return { step: 'barred' };
  if (facts.vouched === 'owed') return { step: 'reauthenticate' };
  return facts.protected ? stepOfProtected(facts) : stepOfUnprotected(facts);
}

/** Whether MFA is demanded of this person now, whatever they chose. */
export function isMandatory(facts: Pick<Facts, 'policy' | 'graceUntil' | 'now'>): boolean {
  return facts.policy === 'mandatory' && (facts.graceUntil === undefined || facts.now >= facts.graceUntil);
}

function stepOfProtected(facts: Facts): NextStep {
  const { asks = 'allow', enrollment = 'allow' } = facts;
  if (asks === 'block') return { step: 'blocked' };
  const works = facts.inUse.filter(({ state }) => state === 'usable' || state === 'low');
  const hasPrimary = works.some(({ rank }) => rank === 'primary');
  const elevated = facts.proved.length > 0;
  if (!elevated) {
    // The code is spent and yields nothing by itself; whatever else stands in for the sign-in step does not for this.
    if (facts.recovering === 'proof') return { step: 'confirm-recovery' };
    if (facts.recovering !== undefined)
      return { step: 'wait', ...(facts.recovering === 'approved' ? { approved: true as const } : {}) };
    // Protected without a usable factor is never passed, not even by a trusted browser or the person's own switch.
    // After an objection to a first enrolment the person is where they were: they enrol, confirmed by a code.
    if (works.length === 0 && facts.owed.includes('primary'))
      return enrollment === 'block' ? { step: 'blocked' } : { step: 'enroll', why: 'recovery' };
    if (works.length === 0) return { step: 'recover' };
    if (asks !== 'allow') return { step: 'verify' };
    if (facts.trusted || facts.vouched === 'instead') return nothing;
    if (facts.signInStepOff && facts.policy !== 'mandatory') return nothing;
    return { step: 'verify' };
  }
  // A pass is for one new primary factor: who has lost theirs would stand at the same door again tomorrow.
  if (facts.proved.every((rank) => rank === 'pass')) return { step: 'enroll', why: 'recovery' };
  const provedPrimary = facts.proved.includes('primary');
  if (!hasPrimary && (!provedPrimary || isMandatory(facts))) {
    return { step: 'enroll', why: provedPrimary ? 'policy' : 'recovery' };
  }
  // Without a primary factor the set would be refused: it can never stand alone.
  if (hasPrimary && owesBackupCodes(facts)) return { step: 'save-backup-codes' };
  return anotherSuggestion(facts);
}

function owesBackupCodes({ offered, owed, inUse }: Facts): boolean {
  if (!offered.some(({ rank }) => rank === 'backup')) return false;
  if (owed.includes('backup-codes')) return true;
  return inUse.some(({ rank, state }) => rank === 'backup' && (state === 'empty' || state === 'expired'));
}

function anotherSuggestion(facts: Facts): NextStep {
  if (facts.boundByItself !== true || 'suggest-another' in facts.skipped) return nothing;
  // Whoever has a second one by now chose it themselves.
  if (facts.inUse.filter(({ rank }) => rank === 'primary').length > 1) return nothing;
  const kinds = facts.inUse.map(({ kind }) => kind);
  const more = facts.offered.some(({ kind, rank }) => rank === 'primary' && !kinds.includes(kind));
  return more ? { step: 'suggest-another' } : nothing;
}

function stepOfUnprotected(facts: Facts): NextStep {
  if (facts.exempt === true || facts.vouched !== undefined) return nothing;
  if (facts.enrollment === 'block') return isMandatory(facts) ? { step: 'blocked' } : nothing;
  if (isMandatory(facts)) return { step: 'enroll', why: 'policy' };
  if (facts.policy === 'no-prompt' || 'suggest-mfa' in facts.skipped) return nothing;
  if (facts.policy === 'prompt-only-at-sign-in' && facts.moment === 'sign-up') return nothing;
  return {
    step: 'suggest-mfa',
    ...(facts.policy === 'mandatory' && facts.graceUntil !== undefined ? { graceUntil: facts.graceUntil } : {}),
  };
}
