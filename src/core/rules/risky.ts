// Why an answer, or a set-up, is not looked at in a sign-in that looks risky. Says no signal: whoever is refused would learn which of
// their disguises failed. Pure.
import type { Factor } from '../kernel/factor.js';
import type { Asker, Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import type { Happened } from '../words/events.js';
import { refused, type Refused } from '../words/outcome.js';
import { actionAt, isAtLeast } from './risk-actions.js';
import { situationOf } from './situation.js';

/** What is said of it to whoever is pending, and nothing else: a key of the catalogue. */
export const unusual = 'sign_in.unusual';

/** What listeners are told of a sign-in that goes no further. */
export const stoppedAsRisky: Happened = {
  name: 'session-refused',
  outcome: 'refused',
  reason: 'session.mfa.blocked',
  detail: { why: 'risk' },
};

/** Refused unevaluated and unspent: a weaker answer than is asked for tells nobody whether it was right. */
export function refusedAsRisky(
  kernel: Kernel,
  { user, signIn }: Pick<Asker, 'user' | 'signIn'>,
  record: MfaRecord,
  { kind, rank }: Pick<Factor, 'kind' | 'rank'>,
): Refused | undefined {
  const { riskActions: table } = kernel.settings;
  // Without levels that do something nobody is refused for one, and how they stand need not be known.
  if (!table) return undefined;
  const { level, asks, ways, counting } = situationOf(kernel, user, signIn, record);
  const isShut = asks === 'block' || (rank === 'backup' && actionAt(table, 'recovery', level) === 'block');
  if (isShut) return refused('session.mfa.blocked');
  // Whoever took the cookies of somebody who is in, and a sheet of codes, steps up by no code where a sign-in would be held.
  const primary = ways.filter((way) => way.rank === 'primary').map((way) => way.kind);
  const isHeld = rank === 'backup' && isAtLeast('recovery', actionAt(table, 'recovery', level), 'hold');
  if (isHeld && counting.length > 0 && primary.length > 0)
    return refused('session.mfa.require_mfa_verification', { hint: unusual, availableFactors: primary });
  if (asks !== 'strongest' || rank !== 'primary' || ways.some((way) => way.kind === kind)) return undefined;
  const availableFactors = ways.map((way) => way.kind);
  return refused('session.mfa.require_mfa_verification', { hint: unusual, availableFactors });
}
