// What is true of a request, without answering it: the situation, what it says in `req.mfa`, and whether something
// stands in the way. The guard and upgrades of websockets read it alike.
import type { Request } from 'express';
import type { ErrorCode } from '../src/core/errors.js';
import type { MfaUser } from '../src/core/factor.js';
import { factorOf, type Kernel } from '../src/core/kernel.js';
import { isDemanded, type NextStep } from '../src/core/next-step.js';
import { lacking, type Demand } from '../src/core/policy.js';
import { emptyRecord } from '../src/core/record.js';
import type { Proof, SignIn } from '../src/core/sign-in.js';
import { situationOf, type Situation, type State } from '../src/core/situation.js';
import { loadRecord } from '../src/core/transact.js';
import type { MfaCore } from '../src/mfa.js';
import { openSession, signInOf } from './session.js';
import { userOf } from './visit.js';

/** What stands behind the guard in `req.mfa`. */
export type RequestMfa = {
  /** `none`: this person needs no second factor. `pending` never gets past the guard. */
  state: State;
  proofs: readonly Proof[];
  /** RFC 8176 values of what was proved, with `mfa` where a second factor was. */
  amr: readonly string[];
  /** What the person may do next; suggestions stand here for JSON clients. */
  next: NextStep;
};

export function requestMfaOf(kernel: Kernel, { state, proofs, next }: Situation): RequestMfa {
  const values = proofs.flatMap(({ kind }) => factorOf(kernel, kind)?.amr ?? []);
  return { state, proofs, amr: proofs.length === 0 ? [] : [...new Set([...values, 'mfa'])], next };
}

export type DemandOptions = { maxAgeSeconds?: number; factors?: readonly string[] };

export function demandOf({ maxAgeSeconds, factors }: DemandOptions): Demand | undefined {
  if (maxAgeSeconds === undefined && factors === undefined) return undefined;
  return { ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }), ...(factors === undefined ? {} : { factors }) };
}

/** Only an elevated session is believed from memory, and only when nothing is owed. */
export function rememberedSituation(kernel: Kernel, user: MfaUser, signIn: SignIn): Situation | undefined {
  const record = kernel.remembered.recall(user.id, kernel.now());
  if (!record || record.epoch !== signIn.epoch) return undefined;
  const situation = situationOf(kernel, user, signIn, record);
  return situation.state === 'elevated' && situation.next.step === 'nothing' ? situation : undefined;
}

/** One load at a time per user and process; whoever comes meanwhile shares it. */
export async function loadedSituation(kernel: Kernel, user: MfaUser, signIn: SignIn): Promise<Situation> {
  const { record } = await kernel.remembered.share(user.id, () => loadRecord(kernel, user));
  return situationOf(kernel, user, signIn, record ?? emptyRecord(''));
}

const codes: { [step in NextStep['step']]?: ErrorCode } = {
  verify: 'session.mfa.require_mfa_verification',
  enroll: 'user.missing_mfa',
  'save-backup-codes': 'session.mfa.backup_code_required',
  recover: 'session.mfa.recovery_required',
};

/** What stands in the way; `why` where it is a step-up. */
export type Stop = { code: ErrorCode; why?: 'missing' | 'kind' | 'expired' };

export function stopOf(kernel: Kernel, { next, proofs }: Situation, demand: Demand | undefined): Stop | undefined {
  if (isDemanded(next)) return { code: codes[next.step] ?? 'session.mfa.require_mfa_verification' };
  const why = demand && lacking(proofs, demand, kernel.now());
  return why === undefined ? undefined : { code: 'session.mfa.step_up_required', why };
}

/** `passes`: whether the guard would let this request through. `reason`: why not. */
export type ReadMfa = { passes: boolean; reason?: ErrorCode } & Partial<RequestMfa>;

/**
 * The state of a request that no guard sees: the upgrade of a websocket (`ws`, socket.io). Run the session middleware
 * and whatever sets the user on it first; then refuse the upgrade unless `passes`.
 * @throws MfaError `store.unavailable`, `store.record_missing`: refuse too
 */
export async function readMfa(mfa: MfaCore, req: Request, options: DemandOptions = {}): Promise<ReadMfa> {
  const user = await userOf(mfa, req);
  if (!user) return { passes: false, reason: 'session.not_signed_in' };
  await openSession(mfa, req, user);
  const { kernel } = mfa;
  const situation = await loadedSituation(kernel, user, signInOf(mfa, req, user));
  const stop = stopOf(kernel, situation, demandOf(options));
  return { passes: !stop, ...(stop ? { reason: stop.code } : {}), ...requestMfaOf(kernel, situation) };
}
