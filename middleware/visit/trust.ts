// A trusted browser at the sign-in step: uses its cookie, once per sign-in, and sends the next one. The session may do more
// by it, so it gets a new id.
import { situationOf, type Situation } from '../../src/core/rules/situation.js';
import { useTrust } from '../../src/core/flows/trust.js';
import { setTrustedBrowserCookie } from '../http/browser-cookies.js';
import { renewSignIn, saveSession } from '../sign-in/session.js';
import type { Visit } from './visit.js';

/** @returns the situation with the sign-in step stood in for, or as it was */
export async function standIn(visit: Visit, situation: Situation): Promise<Situation> {
  const { mfa, asker, req, res } = visit;
  // Where the sign-in looks risky its browser stands in for nothing, and its cookie is as good as before.
  if (situation.next.step !== 'verify' || situation.asks !== 'allow' || asker.trustedBrowser === undefined)
    return situation;
  const trusted = await useTrust(mfa.kernel, asker);
  if (!trusted) return situation;
  asker.signIn = await renewSignIn(mfa, req, { ...asker.signIn, trusted: trusted.id, trustedAt: mfa.kernel.now() });
  // Whatever answers this request may be the host's own.
  await saveSession(mfa, req);
  if (trusted.cookie) setTrustedBrowserCookie(mfa, req, res, asker.user.id, trusted.cookie);
  return situationOf(mfa.kernel, asker.user, asker.signIn, trusted.record);
}

/** Whether a trusted browser of the record is the one that asks, for marking it in a list. */
export function isThisBrowser({ asker }: Visit, { id }: { id: string }): boolean {
  return asker.trustedBrowser?.split('.', 1)[0] === id;
}
