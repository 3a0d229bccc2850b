// What is true of a request, without answering it: the situation, what it says in `req.mfa`, and whether something
// stands in the way. The guard and upgrades of websockets read it alike.
import type { ErrorCode } from '../../src/core/words/errors.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import { factorOf, type Kernel } from '../../src/core/kernel/kernel.js';
import { isDemanded, type NextStep } from '../../src/core/rules/next-step.js';
import { keptDemand, lacking, type Demand, type Policy } from '../../src/core/kernel/policy.js';
import type { Assessment } from '../../src/core/kernel/risk.js';
import { emptyRecord, type MfaRecord } from '../../src/core/kernel/record.js';
import type { Proof, SignIn } from '../../src/core/kernel/sign-in.js';
import { vouchedUntil } from '../../src/core/rules/vouched.js';
import { enrolledOf, situationOf, type Situation, type State } from '../../src/core/rules/situation.js';
import { loadRecord } from '../../src/core/kernel/transact.js';

/** What stands behind the guard in `req.mfa`; frozen, since requests share it. */
export type RequestMfa = {
  /** `none`: this person needs no second factor. `pending` never gets past the guard. */
  readonly state: State;
  readonly proofs: readonly Readonly<Proof>[];
  /**
   * RFC 8176 values of what was proved, with `mfa` where that is more than an e-mail code; and those of the identity provider
   * that vouches for this sign-in.
   */
  readonly amr: readonly string[];
  /** What the person may do next; suggestions stand here for JSON clients. */
  readonly next: Readonly<NextStep>;
  /** Until when this sign-in is held after a support pass: it satisfies no step-up. Unix seconds. */
  readonly hold?: number;
  /** How risky this sign-in looked, at its worst; only once it is elevated, and where risk is assessed. */
  readonly risk?: Readonly<Assessment>;
};

export function requestMfaOf(
  kernel: Kernel,
  { state, proofs, next, heldUntil, isVouched }: Situation,
  { risk, vouched }: Pick<SignIn, 'risk' | 'vouched'>,
): RequestMfa {
  const values = proofs.flatMap(({ kind }) => factorOf(kernel, kind)?.amr ?? []);
  // A mailbox opens with a password, too: it proves nothing that somebody has (NIST SP 800-63B-4 §3.1.3.1).
  const isSecond = ({ kind }: Proof) => factorOf(kernel, kind)?.channel !== 'email';
  return Object.freeze({
    state,
    proofs: Object.freeze(proofs.map((proof) => Object.freeze({ ...proof }))),
    amr: Object.freeze([
      ...new Set([...values, ...(proofs.some(isSecond) ? ['mfa'] : []), ...((isVouched && vouched?.amr) || [])]),
    ]),
    next: Object.freeze({ ...next }),
    ...(heldUntil === undefined ? {} : { hold: heldUntil }),
    // A pending person must not learn which of their disguises failed.
    ...(risk && state === 'elevated' ? { risk: toldOf(risk) } : {}),
  });
}

function toldOf({ score, level, signals }: Assessment): Assessment {
  const frozen = signals.map((signal) => Object.freeze({ ...signal }));
  return Object.freeze({ score, level, signals: Object.freeze(frozen) as Assessment['signals'] });
}

/** How fresh a proof must be, in seconds, and of which kinds. */
export type DemandOptions = { maxAgeSeconds?: number; factors?: readonly string[] };

export function demandOf(options: DemandOptions): Demand | undefined {
  return options.maxAgeSeconds === undefined && options.factors === undefined ? undefined : keptDemand(options);
}

/** What was concluded last from a remembered record, with all that it was concluded from. */
type Conclusion = {
  settings: Kernel['settings'];
  signedInBy: MfaUser['signedInBy'];
  policy: Policy;
  graceUntil: number | undefined;
  proofs: readonly Proof[];
  /** Whose they are: a record may say of one sign-in that it ended. */
  flowId: string;
  seenFrom: string | undefined;
  /** What a provider vouches for, or must. */
  vouching: string;
  /** From when to when it holds, Unix seconds. */
  from: number;
  until: number;
  mfa: RequestMfa;
};

const conclusions = new WeakMap<MfaRecord, Conclusion>();

/**
 * Only an elevated session is believed from memory, and only when nothing is owed. The conclusion stands beside the
 * record and goes with it: the same proofs need not be weighed again at every request.
 */
export function rememberedMfa(kernel: Kernel, user: MfaUser, signIn: SignIn): RequestMfa | undefined {
  const now = kernel.now();
  const record = kernel.remembered.recall(user.id, now);
  if (!record || record.epoch !== signIn.epoch) return undefined;
  const policy = kernel.settings.policyOf(user);
  const graceUntil = kernel.settings.graceUntilOf(user);
  const last = conclusions.get(record);
  if (
    last?.settings === kernel.settings &&
    last.policy === policy &&
    last.graceUntil === graceUntil &&
    last.signedInBy === user.signedInBy &&
    last.from <= now &&
    now <= last.until &&
    // A record may say of one sign-in that it ended; and each has a risk of its own.
    ((!record.ended && !signIn.risk) || last.flowId === signIn.flowId) &&
    last.seenFrom === signIn.risk?.seenFrom &&
    last.vouching === vouchingIn(signIn) &&
    areSame(last.proofs, signIn.proofs)
  ) {
    return last.mfa;
  }
  const situation = situationOf(kernel, user, signIn, record);
  if (situation.state !== 'elevated' || situation.next.step !== 'nothing') return undefined;
  const mfa = requestMfaOf(kernel, situation, signIn);
  conclusions.set(record, {
    settings: kernel.settings,
    signedInBy: user.signedInBy,
    policy,
    graceUntil,
    proofs: signIn.proofs.map((proof) => ({ ...proof })),
    flowId: signIn.flowId,
    seenFrom: signIn.risk?.seenFrom,
    vouching: vouchingIn(signIn),
    from: now,
    until: endOf(kernel, signIn, graceUntil, situation),
    mfa,
  });
  return mfa;
}

/** The last second in which nothing that only time changes has changed: a proof too old, a grace or a set that ends. */
function endOf(kernel: Kernel, signIn: SignIn, graceUntil: number | undefined, { proofs, record }: Situation): number {
  const now = kernel.now();
  const stale = Math.min(...proofs.map(({ at }) => at)) + kernel.settings.elevationMaxAgeSeconds;
  const ends = [
    graceUntil,
    record.hold?.until,
    record.codesBarredUntil,
    vouchedUntil(kernel, signIn),
    ...enrolledOf(kernel, record).map(({ standing }) => standing.expiresAt),
  ].filter((at) => at !== undefined && at > now) as number[];
  return Math.min(stale, ...ends.map((at) => at - 1));
}

function vouchingIn({ vouched, enforced }: SignIn): string {
  return vouched || enforced !== undefined ? JSON.stringify([vouched, enforced?.issuer]) : '';
}

function areSame(some: readonly Proof[], others: readonly Proof[]): boolean {
  return (
    some.length === others.length &&
    some.every((one, index) => {
      const other = others[index];
      return other?.authenticatorId === one.authenticatorId && other.at === one.at && other.kind === one.kind;
    })
  );
}

/** One load at a time per user and process; whoever comes meanwhile shares it. */
export async function loadedSituation(kernel: Kernel, user: MfaUser, signIn: SignIn): Promise<Situation> {
  const { record } = await kernel.remembered.share(user.id, () => loadRecord(kernel, user));
  return situationOf(kernel, user, signIn, record ?? emptyRecord(''));
}

const codes: { [step in NextStep['step']]?: ErrorCode } = {
  barred: 'session.mfa.suspended',
  blocked: 'session.mfa.blocked',
  reauthenticate: 'session.mfa.upstream_insufficient',
  verify: 'session.mfa.require_mfa_verification',
  enroll: 'user.missing_mfa',
  'save-backup-codes': 'session.mfa.backup_code_required',
  recover: 'session.mfa.recovery_required',
  'confirm-recovery': 'session.mfa.recovery_unconfirmed',
  wait: 'session.mfa.awaiting_approval',
};

/** What stands in the way; `why` where it is a step-up. */
export type Stop = { code: ErrorCode; why?: 'missing' | 'kind' | 'expired' };

/** @param whileHeld whether a sign-in that is held is refused here, whatever it has proved */
export function stopOf(
  kernel: Kernel,
  { next, counting, heldUntil }: Situation,
  demand: Demand | undefined,
  whileHeld?: 'refuse',
): Stop | undefined {
  if (isDemanded(next)) return { code: codes[next.step] ?? 'session.mfa.require_mfa_verification' };
  if (heldUntil !== undefined && (demand || whileHeld)) return { code: 'session.mfa.on_hold' };
  const why = demand && lacking(counting, demand, kernel.now());
  return why === undefined ? undefined : { code: 'session.mfa.step_up_required', why };
}
