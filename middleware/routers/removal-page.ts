// Before and after something is taken away: "are you sure", without a script; what turning it off takes; and that what was
// removed had elevated this sign-in.
import { enrolledOf, type Situation } from '../../src/core/rules/situation.js';
import { leftWithout } from '../../src/core/flows/removal.js';
import { backupFactorOf } from '../../src/core/kernel/kernel.js';
import { statusOf } from '../../src/core/words/errors.js';
import type { Refused } from '../../src/core/words/outcome.js';
import type { Authenticator } from '../../src/core/kernel/record.js';
import { setErrorHeaders } from '../http/problem.js';
import { commonModel, sendPage } from '../visit/answers.js';
import { backupStanding, codesWarning } from '../visit/current-situation.js';
import type { ManageRemoveModel } from '../pages/view-model.js';
import { authenticatorModel } from './manage-page.js';
import type { Visit } from '../visit/visit.js';

/** The answer to a removal that was not confirmed yet, or that leaves a choice which was not made. */
export async function showRemoval(
  visit: Visit,
  situation: Situation,
  own: Authenticator,
  refusal?: Refused,
): Promise<void> {
  const { mfa, base, asker } = visit;
  const { record } = situation;
  const left = backupStanding(visit, record)?.standing.left;
  const isSet = backupFactorOf(mfa.kernel)?.kind === own.kind;
  if (refusal) setErrorHeaders(visit.res, refusal.reason, refusal.details);
  const model: ManageRemoveModel = {
    ...commonModel(
      visit,
      refusal && { code: refusal.reason, details: refusal.details },
      isSet ? undefined : codesWarning(visit, record),
    ),
    authenticator: authenticatorModel(visit, own, situation),
    action: isSet ? `${base}/backup-codes/remove` : `${base}/authenticators/${own.id}/remove`,
    cancelUrl: isSet ? `${base}/backup-codes` : base,
    leaves: leftWithout(mfa.kernel, asker.user, record, own),
    ...(left === undefined ? {} : { codesLeft: left }),
  };
  await sendPage(visit, 'manage/remove', model, refusal ? statusOf[refusal.reason] : 200);
}

/** What was removed had elevated this sign-in: said on a page of its own, for what follows is a challenge. */
export async function showRemoved(visit: Visit, situation: Situation): Promise<void> {
  const { base, asker } = visit;
  const { kind = '', name, to } = asker.signIn.said ?? {};
  await sendPage(visit, 'manage/removed', {
    ...commonModel(visit),
    kind,
    ...(name === undefined ? {} : { name }),
    ...(to === undefined ? {} : { to }),
    left: situation.ways.some(({ rank }) => rank === 'primary') ? 'others' : 'backup-codes',
    verifyUrl: `${base}/verify`,
  });
}

/** "Turn it off?" */
export async function showTurnOff(visit: Visit, situation: Situation): Promise<void> {
  const { mfa, base } = visit;
  const { record } = situation;
  const now = mfa.kernel.now();
  await sendPage(visit, 'turn-off', {
    ...commonModel(visit),
    authenticators: enrolledOf(mfa.kernel, record)
      .filter(({ factor }) => factor.rank === 'primary')
      .map(({ authenticator }) => authenticatorModel(visit, authenticator, situation)),
    codesLeft: backupStanding(visit, record)?.standing.left ?? 0,
    browsers: record.trusted.filter(({ expiresAt }) => expiresAt > now).length,
    action: `${base}/turn-off`,
    cancelUrl: base,
  });
}
