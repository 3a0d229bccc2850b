// What helpdesk, security and compliance do, in the browser and for programs: the routes behind their gate, at a mount of their
// own. Loaded by `express-mfa/admin` alone.
import { Router, type Router as ExpressRouter } from 'express';
import type { MfaCore } from '../../src/mfa.js';
import { checkCallOptions } from '../../src/validation.js';
import type { MfaAdminRouterOptions } from './admin-visit.js';
import { behindGate, nothingElse } from './gate.js';
import { adminRoutes } from './routes.js';

/**
 * The pages of administration, to be mounted after session, sign-in and `mfaRouter`: `app.use('/admin/mfa', mfaAdminRouter(mfa, {
 * admin }))`. Whoever `admin(req)` says nothing of reads 404 at every address.
 * @throws MfaError `config.invalid_option`, `config.unknown_option`
 */
export function mfaAdminRouter(mfa: MfaCore, options: MfaAdminRouterOptions): ExpressRouter {
  checkCallOptions('mfaAdminRouter', options);
  mfa.counting.keep();
  const router = Router();
  for (const route of adminRoutes) {
    const gate = behindGate(mfa, options, route);
    if (route.method === 'GET') router.get(route.path, gate);
    else router.post(route.path, gate);
  }
  router.use(nothingElse(mfa));
  return router;
}
