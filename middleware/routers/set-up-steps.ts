// How far somebody is in their first set-up, and what may be set up: counted from what this app has, so that "1 of 3" is
// true. Nobody who adds a method later is counted.
import { backupFactorOf } from '../../src/core/kernel/kernel.js';
import type { Factor } from '../../src/core/kernel/factor.js';
import { wouldServeTwice, type Situation } from '../../src/core/rules/situation.js';
import type { PageModel } from '../pages/view-model.js';
import type { Visit } from '../visit/visit.js';

/** What may be set up, in the order of the app. */
export function choicesOf({ mfa, asker }: Visit): Factor[] {
  return mfa.kernel.factors.filter(
    (factor) => factor.rank === 'primary' && !wouldServeTwice(factor, asker.user, asker.signIn),
  );
}

/** @param at choosing, a code to the known address included; setting the method up; saving the backup codes */
export function progressOf(
  visit: Visit,
  { record }: Pick<Situation, 'record'>,
  at: 'choose' | 'method' | 'codes',
): Pick<PageModel, 'progress'> {
  const { mfa, asker } = visit;
  const isUnderWay = at === 'codes' ? asker.signIn.settingUp === true : !record.protected;
  const chooses =
    at === 'choose' || choicesOf(visit).length > 1 || asker.signIn.firstEnrollmentConfirmedAt !== undefined;
  const steps = [...(chooses ? ['choose'] : []), 'method', ...(backupFactorOf(mfa.kernel) ? ['codes'] : [])];
  if (!isUnderWay || steps.length < 2) return {};
  return { progress: { at: steps.indexOf(at) + 1, of: steps.length } };
}
