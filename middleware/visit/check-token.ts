// What shows that a POST was sent by a page of this app, or by a program that it let in: the token of our forms, or with
// `proofs: 'token'` the header that no other site can send.
import { MfaError } from '../../src/core/words/errors.js';
import { checkCsrfToken } from '../http/csrf.js';
import { tellRefusedRequest } from '../http/refused-request.js';
import { proofsHeader } from '../sign-in/proof-store.js';
import { keepSignIn, ownSignIn } from '../sign-in/session.js';
import type { Visit } from './visit.js';

/**
 * @throws MfaError `request.csrf`; `session.mfa.token_missing` where the header names no sign-in of this person: the answer
 * carries one to go on with
 */
export async function checkToken(visit: Visit): Promise<void> {
  const { mfa, req, asker, body } = visit;
  const { proofs, csrf } = mfa.config.web;
  if (proofs === 'token' && !ownSignIn(mfa, req, asker.user)) {
    keepSignIn(mfa, req, asker.signIn);
    const reason = 'session.mfa.token_missing';
    tellRefusedRequest(mfa, req, asker.user.id, reason, 'token');
    throw new MfaError(reason, `The header ${proofsHeader} is missing or outdated.`, {
      details: { header: proofsHeader },
    });
  }
  if (proofs !== 'token' || csrf) await checkCsrfToken(mfa, req, asker.signIn, body);
}
