// The page and form of self-unlock: one code at a time, and the same answer whatever came of it.
import { statusOf } from '../../src/core/words/errors.js';
import { factorOf } from '../../src/core/kernel/kernel.js';
import type { Refused } from '../../src/core/words/outcome.js';
import { isLocked, offersSelfUnlock, selfUnlock } from '../../src/core/flows/self-unlock.js';
import type { Situation } from '../../src/core/rules/situation.js';
import { commonModel, redirect, refuseJson, sendPage } from '../visit/answers.js';
import { lead, leadsAway } from '../visit/refusal-redirect.js';
import { setErrorHeaders } from '../http/problem.js';
import { sendJson } from '../http/send-json.js';
import { keepSignIn } from '../sign-in/session.js';
import { currentSituation, sendState } from '../visit/current-situation.js';
import type { Visit } from '../visit/visit.js';

/** Where a locked person may regain this factor themselves; undefined where they may not. */
export function unlockUrlOf(visit: Visit, { record }: Situation, kind: string): string | undefined {
  const { kernel } = visit.mfa;
  const offered = offersSelfUnlock(kernel, factorOf(kernel, kind)) && isLocked(kernel, visit.asker, record, kind);
  return offered ? `${visit.base}/verify/${kind}/unlock` : undefined;
}

export async function showUnlock(visit: Visit, kind: string): Promise<void> {
  const situation = await currentSituation(visit);
  if (visit.json) return sendState(visit, situation);
  if (unlockUrlOf(visit, situation, kind) === undefined) return redirect(visit, `${visit.base}/verify`);
  await show(visit, kind);
}

async function show(
  visit: Visit,
  kind: string,
  { refusal, answered }: { refusal?: Refused; answered?: boolean } = {},
): Promise<void> {
  if (refusal) setErrorHeaders(visit.res, refusal.reason, refusal.details);
  const model = {
    ...commonModel(visit, refusal && { code: refusal.reason, details: refusal.details, field: 'code' }),
    kind,
    action: `${visit.base}/verify/${kind}/unlock`,
    verifyUrl: `${visit.base}/verify/${kind}`,
    ...(answered ? { answered } : {}),
  };
  await sendPage(visit, 'verify/unlock', model, refusal ? statusOf[refusal.reason] : 200);
}

export async function answerUnlock(visit: Visit, kind: string): Promise<void> {
  const outcome = await selfUnlock(visit.mfa.kernel, visit.asker, kind, visit.body);
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  if (outcome.accepted) {
    if (visit.json) sendJson(visit.res, { next: { step: 'verify', url: `${visit.base}/verify/${kind}` } });
    else await show(visit, kind, { answered: true });
    return;
  }
  if (visit.json) return refuseJson(visit, outcome);
  const nothingToRegain =
    outcome.reason === 'session.mfa.pending_info_not_found' || outcome.reason === 'session.mfa.mfa_factor_not_enabled';
  if (leadsAway(visit, outcome) || nothingToRegain) return lead(visit, outcome, visit.base);
  await show(visit, kind, { refusal: outcome });
}
