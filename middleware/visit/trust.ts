// A trusted browser at the sign-in step: uses its cookie, once per sign-in, and sends the next one.
import { situationOf, type Situation } from '../../src/core/rules/situation.js';
import { useTrust } from '../../src/core/flows/trust.js';
import { setTrustedBrowserCookie } from '../http/cookies.js';
import { keepSignIn } from '../sign-in/session.js';
import type { Visit } from './visit.js';

/** @returns the situation with the sign-in step stood in for, or as it was */
export async function standIn(visit: Visit, situation: Situation): Promise<Situation> {
  const { mfa, asker, req, res } = visit;
  if (situation.next.step !== 'verify' || asker.trustedBrowser === undefined) return situation;
  const trusted = await useTrust(mfa.kernel, asker);
  if (!trusted) return situation;
  asker.signIn = { ...asker.signIn, trusted: trusted.id };
  keepSignIn(req, asker.signIn);
  if (trusted.cookie) setTrustedBrowserCookie(mfa, req, res, asker.user.id, trusted.cookie);
  return situationOf(mfa.kernel, asker.user, asker.signIn, trusted.record);
}
