// What an administrator must have proved before these pages open: a primary factor of their own, in this sign-in; for a change a
// moment ago. A pass, a backup code, a trusted browser, an exemption and a sign-in that is held open nothing here. Pure.
import { factorOf, type Asker, type Kernel } from '../../src/core/kernel/kernel.js';
import { lacking } from '../../src/core/kernel/policy.js';
import { isUnproved } from '../../src/core/rules/next-step.js';
import { onHold, primaryKinds, proofOwed } from '../../src/core/rules/permission.js';
import type { Situation } from '../../src/core/rules/situation.js';
import { refused, type Refused } from '../../src/core/words/outcome.js';

/** How young a proof must be for a change, at most: whatever the app allows for changes of one's own account. */
export const freshForChange = 600;

/** Why this sign-in may not look, or change something. */
export function owedProof(kernel: Kernel, asker: Asker, situation: Situation, change: boolean): Refused | undefined {
  const { record, next, proofs, heldUntil, counting } = situation;
  if (heldUntil !== undefined) return onHold(kernel, heldUntil);
  if (!record.protected || next.step === 'enroll') return refused('user.missing_mfa');
  if (proofs.length === 0 && isUnproved(next)) return proofOwed(kernel, asker, record, next);
  const primary = counting.filter(({ kind }) => factorOf(kernel, kind)?.rank === 'primary');
  const demand = change ? { maxAgeSeconds: Math.min(freshForChange, kernel.settings.freshSeconds) } : {};
  const why = lacking(primary, demand, kernel.now());
  if (why === undefined) return undefined;
  const factors = primaryKinds(kernel);
  return refused('session.mfa.step_up_required', {
    stepUp: { why: why === 'missing' && proofs.length > 0 ? 'kind' : why, ...demand, factors },
    availableFactors: situation.ways.map(({ kind }) => kind).filter((kind) => factors.includes(kind)),
  });
}
