// What every page needs beside its own routes: the static files it loads, and the sign-out that stands at its foot. Each
// router that may be mounted alone brings them along.
import type { Router } from 'express';
import type { MfaCore } from '../../src/mfa.js';
import { form } from '../visit/route.js';
import { endSignIn } from '../sign-in/session.js';
import type { Visit } from '../visit/visit.js';
import { webOf } from '../pages/page-resources.js';

/** Adds `/assets/:file` and `/sign-out`. */
export function addPageParts(router: Router, mfa: MfaCore): void {
  addAssets(router, mfa);
  router.post('/sign-out', form(mfa, signOut));
}

export function addAssets(router: Router, mfa: MfaCore): void {
  const { assets } = webOf(mfa);
  router.get('/assets/:file', (req, res) => {
    assets.serve(req, res);
  });
}

/** Drops the proofs, then hands the request on to the host's own sign-out, with the method that it takes. */
async function signOut(visit: Visit): Promise<void> {
  const { method, path } = visit.mfa.config.web.signOut;
  await endSignIn(visit.mfa, visit.req);
  visit.res.redirect(method === 'GET' ? 303 : 307, path);
}
