// What every page needs beside its own routes: the static files it loads, and the sign-out that stands at its foot. Each
// router that may be mounted alone brings them along.
import type { Router } from 'express';
import type { MfaCore } from '../../src/mfa.js';
import { form } from '../visit/route.js';
import { signOut } from './sign-out.js';
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
