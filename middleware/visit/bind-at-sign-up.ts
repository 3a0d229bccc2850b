// At sign-up, an address that the host verified just now becomes a factor without another code, and counts as proved.
import type { Request } from 'express';
import { bindVouched, boundAtSignUp } from '../../src/core/flows/bind.js';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { MfaCore } from '../../src/mfa.js';
import { assessVisit } from './assess-visit.js';
import { basePath, readerOf, visitOf } from './visit.js';
import { renewSignIn, saveSession } from '../sign-in/session.js';

export async function bindAtSignUp(mfa: MfaCore, req: Request, user: MfaUser): Promise<void> {
  const res = req.res;
  if (!res) return;
  const visit = visitOf(readerOf(mfa, req, res, basePath(mfa), user), user);
  const { asker } = visit;
  const kinds = boundAtSignUp(mfa.kernel, asker);
  if (kinds.length > 0) await assessVisit(visit);
  const before = asker.signIn;
  for (const kind of kinds) {
    const outcome = await bindVouched(mfa.kernel, asker, kind, true);
    if (!outcome.accepted) break;
    const { epoch, proof } = outcome;
    asker.signIn = { ...asker.signIn, epoch, proofs: [...asker.signIn.proofs, ...(proof ? [proof] : [])] };
  }
  if (asker.signIn === before) return;
  await renewSignIn(mfa, req, asker.signIn);
  await saveSession(mfa, req);
}
