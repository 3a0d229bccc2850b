// After the person changed their own authenticators: this session carries the new epoch, keeps the proofs of what
// still stands, gets a new id; every other session will be asked again. Saving it is for the caller, before the answer.
import type { MfaRecord } from '../../src/core/kernel/record.js';
import type { Proof } from '../../src/core/kernel/sign-in.js';
import { setKnownBrowserCookie } from '../http/browser-cookies.js';
import { renewSignIn } from '../sign-in/session.js';
import type { Visit } from './visit.js';

export type OwnChange = { epoch: string; record: MfaRecord; proof?: Proof; knownBrowser?: string };

export async function carryOver(visit: Visit, { epoch, record, proof, knownBrowser }: OwnChange): Promise<void> {
  const { mfa, req, res, asker } = visit;
  const stands = (each: Proof) => record.authenticators.some(({ id }) => id === each.authenticatorId);
  const kept = asker.signIn.proofs.filter((each) => stands(each) && each.kind !== proof?.kind);
  const proofs = proof ? [...kept, proof] : kept;
  // What did not count before does not begin to.
  const { vouched } = asker.signIn;
  const carried = vouched && vouched.epoch === asker.replaced ? { vouched: { ...vouched, epoch } } : {};
  asker.signIn = await renewSignIn(mfa, req, { ...asker.signIn, epoch, proofs, ...carried });
  if (knownBrowser !== undefined) setKnownBrowserCookie(mfa, req, res, asker.user.id, knownBrowser);
}
