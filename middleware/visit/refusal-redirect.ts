// Where a refusal leads a person: to the challenge, to a step-up, to recovery or to the first set-up, with the way
// back remembered. Programs get the refusal as it is.
import type { Refused } from '../../src/core/words/outcome.js';
import { refuseShutOut } from './barred.js';
import { currentSituation } from './current-situation.js';
import { refuseHeld } from './held.js';
import { commonModel, redirect, refuse, refuseJson, sendPage } from './answers.js';
import { setErrorHeaders } from '../http/problem.js';
import { keepSignIn, saveSession } from '../sign-in/session.js';
import { keptDemand } from '../../src/core/kernel/policy.js';
import { proofOwed } from '../../src/core/rules/permission.js';
import type { Situation } from '../../src/core/rules/situation.js';
import { sendState } from './current-situation.js';
import { answerOwed } from './upstream.js';
import type { Visit } from './visit.js';
import { statusOf, type ErrorCode } from '../../src/core/words/errors.js';

/** The page of ours that pays what is owed; undefined where the refusal is about something else. */
function leadOf(visit: Visit, refusal: Refused): string | undefined {
  const { base } = visit;
  switch (refusal.reason) {
    case 'session.mfa.require_mfa_verification':
    case 'session.mfa.step_up_required':
      return `${base}/verify`;
    case 'session.mfa.recovery_required':
      return `${base}/recover`;
    case 'session.mfa.recovery_unconfirmed':
      return `${base}/confirm`;
    case 'session.mfa.awaiting_approval':
      return `${base}/wait`;
    case 'session.mfa.first_enrollment_unconfirmed':
      return refusal.details.hint === undefined ? `${visit.base}/setup/confirm` : undefined;
    case 'user.missing_mfa':
      return refusal.details.hint === 'enroll.after_objection' ? `${base}/setup` : undefined;
    case 'session.mfa.backup_code_can_not_be_alone':
      return `${base}/setup`;
    default:
      return undefined;
  }
}

/**
 * Answers a refusal that is not about what was typed.
 * @param back the page of ours to come back to once it is paid
 */
export async function lead(visit: Visit, refusal: Refused, back: string): Promise<void> {
  const url = leadOf(visit, refusal);
  if (visit.json) {
    refuseJson(visit, url === undefined ? refusal : { ...refusal, details: { ...refusal.details, url } });
    return;
  }
  if (refusal.reason === 'session.mfa.suspended') return refuseShutOut(visit, refusal.reason);
  if (refusal.reason === 'session.mfa.upstream_insufficient') return answerOwed(visit);
  if (refusal.reason === 'session.mfa.on_hold') return refuseHeld(visit, await currentSituation(visit));
  if (url === undefined) return refuse(visit, refusal, [linkOf(visit, refusal)]);
  const { reason, details } = refusal;
  if (reason === 'session.mfa.step_up_required' && details.stepUp) {
    visit.asker.signIn = { ...visit.asker.signIn, stepUp: keptDemand(details.stepUp), returnTo: back };
  }
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  if (visit.req.method === 'GET') {
    await saveSession(visit.mfa, visit.req);
    return redirect(visit, url);
  }
  setErrorHeaders(visit.res, reason, details);
  const model = { ...commonModel(visit), code: reason, continueUrl: url };
  await saveSession(visit.mfa, visit.req);
  await sendPage(visit, 'step-up', model, statusOf[reason]);
}

/** Signing in again is what helps where the sign-in is too old; else the account page. */
function linkOf({ base, mfa }: Visit, { reason }: Refused) {
  return reason === 'session.mfa.first_enrollment_unconfirmed'
    ? { to: 'sign-in' as const, url: mfa.config.web.signInUrl }
    : { to: 'manage' as const, url: base };
}

const pagesOfTheirOwn: readonly ErrorCode[] = [
  'session.mfa.first_enrollment_unconfirmed',
  'session.mfa.suspended',
  'session.mfa.blocked',
  'session.mfa.upstream_insufficient',
  'session.mfa.on_hold',
];

/** Refusals that are answered by leading somewhere, rather than beside a field. */
export function leadsAway(visit: Visit, refusal: Refused): boolean {
  const { reason } = refusal;
  return pagesOfTheirOwn.includes(reason) || leadOf(visit, refusal) !== undefined;
}

/** What a program is told at a page that is for people: where they stand, or what they owe first. */
export async function answerState(visit: Visit, situation: Situation, back: string): Promise<void> {
  const { state, record, next } = situation;
  if (state !== 'pending') return sendState(visit, situation);
  await lead(visit, proofOwed(visit.mfa.kernel, visit.asker, record, next), back);
}
