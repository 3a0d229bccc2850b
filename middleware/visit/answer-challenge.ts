// What follows a right answer, wherever it was given: on our pages, by a Passport strategy, on a route of the host's.
// Record saved → session id regenerated → proof recorded → new CSRF secret; saving the session, then answering, is for the
// caller.
import { verificationRefused, type Spent, type Verified } from '../../src/core/flows/record-answer.js';
import { accepted, refused, type Outcome, type Refused } from '../../src/core/words/outcome.js';
import type { Situation } from '../../src/core/rules/situation.js';
import { verify } from '../../src/core/flows/verify.js';
import { nextOf, type Next } from './answers.js';
import { setKnownBrowserCookie, setRecoveryCookie, setTrustedBrowserCookie } from '../http/browser-cookies.js';
import { forgetStart, withKeptStart } from '../sign-in/pending-start.js';
import { renewSignIn } from '../sign-in/session.js';
import { currentSituation } from './current-situation.js';
import { hasLapsed, isOld, purposeOf, wantsTrust } from './purpose.js';
import { listWaiting } from './recovering.js';
import type { Visit } from './visit.js';

/** Where the person stands with the new proof, and where they go from here. */
export type Elevated = { next: Next; situation: Situation };

/**
 * Checks the answer in the body of this visit and, if it is right, elevates the sign-in. The sign-in is in
 * `visit.asker.signIn` then; keep and save it before you answer.
 * @returns refused with the hint `pending.lapsed` for a sign-in that owed the factor for too long
 */
export async function answerChallenge(visit: Visit, kind: string): Promise<Outcome<Elevated>> {
  const { kernel } = visit.mfa;
  const lapsed = await refusedAsLapsed(visit, kind);
  if (lapsed) return lapsed;
  const outcome = await verify(kernel, visit.asker, kind, visit.body, wantsTrust(visit));
  return outcome.accepted ? accepted(await elevated(visit, outcome)) : outcome;
}

/**
 * The refusal of a sign-in that owed the factor for too long and cannot pay any more; whether it owes one, only the record
 * knows. For the audit an attempt like any other.
 */
export async function refusedAsLapsed(visit: Visit, kind: string): Promise<Refused | undefined> {
  visit.asker.signIn = await withKeptStart(visit.mfa.kernel, visit.asker.signIn);
  if (!isOld(visit) || !hasLapsed(visit, await currentSituation(visit))) return undefined;
  const reason = 'session.mfa.pending_info_not_found';
  visit.mfa.kernel.tell(visit.asker, [verificationRefused(kind, reason)]);
  return refused(reason, { hint: 'pending.lapsed' });
}

/** What follows a proof, however it came; a code that proves nothing yet leads on to what it owes. */
export async function elevated(visit: Visit, verified: Verified): Promise<Elevated> {
  if (verified.proof === undefined) return staged(visit, verified);
  const { proof, epoch, record, knownBrowser, trustedBrowser } = verified;
  const { mfa, req, res, asker } = visit;
  const { signIn } = asker;
  const earlier = signIn.epoch === epoch ? signIn.proofs : [];
  const { stepUp, sent: _sent, recovery: _done, startKept, ...rest } = signIn;
  // What may be owed later is a debt of its own.
  if (startKept) forgetStart(mfa.kernel, signIn);
  asker.signIn = {
    ...rest,
    epoch,
    proofs: [...earlier.filter(({ kind }) => kind !== proof.kind), proof],
    ...(stepUp ? { stepUp } : {}),
  };
  asker.signIn = await renewSignIn(mfa, req, asker.signIn);
  if (knownBrowser !== undefined) setKnownBrowserCookie(mfa, req, res, asker.user.id, knownBrowser);
  if (trustedBrowser) setTrustedBrowserCookie(mfa, req, res, asker.user.id, trustedBrowser);
  const situation = await currentSituation(visit, record);
  if (purposeOf(visit, situation) === 'step-up') {
    return { next: { step: 'step-up', url: `${visit.base}/verify` }, situation };
  }
  const { stepUp: _paid, ...clear } = asker.signIn;
  asker.signIn = clear;
  return { next: nextOf(visit, situation), situation };
}

/** The session gets a new id here too: whoever planted the old one has no part in what is confirmed or approved later. */
async function staged(visit: Visit, { record, recoveryCookie }: Spent): Promise<Elevated> {
  const { mfa, req, res, asker } = visit;
  asker.signIn = await renewSignIn(mfa, req, asker.signIn);
  if (recoveryCookie !== undefined) setRecoveryCookie(mfa, req, res, asker.user.id, recoveryCookie);
  await listWaiting(visit, record);
  const situation = await currentSituation(visit, record);
  return { next: nextOf(visit, situation), situation };
}
