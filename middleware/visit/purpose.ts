// What a visit to the challenge pages is for, which ways count for it, and whether it comes too late. Decides; shows nothing.
import type { Kernel } from '../../src/core/kernel/kernel.js';
import { lacking } from '../../src/core/kernel/policy.js';
import { hasEnded } from '../../src/core/rules/ended-sign-ins.js';
import { isUnproved } from '../../src/core/rules/next-step.js';
import type { Situation, Way } from '../../src/core/rules/situation.js';
import { fieldOf } from '../../src/validation.js';
import { stepUpWays } from './held.js';
import { tookPlaceAt } from '../sign-in/new-sign-in.js';
import type { Visit } from './visit.js';

/** What is owed at verification: the sign-in step, a step-up that the guard asked for, or nothing. */
export function purposeOf(visit: Visit, situation: Situation): 'sign-in' | 'step-up' | undefined {
  if (isUnproved(situation.next) && situation.next.step !== 'recover') return 'sign-in';
  const { stepUp } = visit.asker.signIn;
  if (!stepUp || !situation.record.protected) return undefined;
  return lacking(situation.counting, stepUp, visit.mfa.kernel.now()) === undefined ? undefined : 'step-up';
}

/** The ways that count for what is owed. */
export function waysFor(visit: Visit, situation: Situation): Way[] {
  const { step } = situation.next;
  if (step === 'verify') return situation.ways;
  // The code is spent: another one is of no use, a method of one's own is.
  if (step === 'confirm-recovery' || step === 'wait') return situation.ways.filter(({ rank }) => rank === 'primary');
  const factors = visit.asker.signIn.stepUp?.factors;
  return stepUpWays(visit, situation).filter(({ kind }) => factors?.includes(kind) ?? true);
}

/** Whether the answer came with the tick "Trust this browser". */
export function wantsTrust({ body }: Visit): boolean {
  const wish = fieldOf(body, 'trustBrowser');
  return wish === 'yes' || wish === true;
}

/**
 * A sign-in without a proof that began longer ago than a factor may be owed. Where the host tells of a later sign-in than
 * the one we know, another began in the same session.
 */
export function isOld({ mfa: { kernel }, asker: { signIn, user } }: Visit): boolean {
  return signIn.proofs.length === 0 && isLongAgo(kernel, Math.max(signIn.startedAt, tookPlaceAt(kernel, user) ?? 0));
}

function isLongAgo(kernel: Kernel, at: number): boolean {
  return kernel.now() - at > kernel.settings.pendingMaxAgeSeconds;
}

/**
 * Whether this person has owed the second factor for too long, or the sign-in has ended. Whoever proved one in this sign-in is asked again after
 * a change of factors, or a day later, on the same page: that is a debt of now. So is that of somebody who was signed in
 * already when their first factor was enrolled in another browser.
 */
export function hasLapsed(visit: Visit, { state, record }: Situation): boolean {
  const { kernel } = visit.mfa;
  if (state !== 'pending') return false;
  const wasOwed =
    record.authenticators.length === 0 || record.authenticators.some(({ createdAt }) => isLongAgo(kernel, createdAt));
  return (wasOwed && isOld(visit)) || hasEnded(kernel, visit.asker.signIn, record);
}
