// A request with a machine's token passes the guard; unless it may also be somebody's who owes a second factor.
import type { Request } from 'express';
import type { MfaCore } from '../../src/mfa.js';
import { bringsProofs } from '../sign-in/proof-store.js';
import { hasSessionData } from '../sign-in/host-session.js';

/**
 * Who else this request signs in, beside the machine whose token it carries: nobody, the same person (by a token of
 * ours), or somebody of whom nobody knows who it is. A client that brings a session with data in it counts as the last,
 * whosever second factor stands in it: which key signs in, only the host can read, and what the host's routes go by may
 * be that key. Without a server session any cookie may be such a key.
 */
export function besideToken(core: MfaCore, req: Request): 'nobody' | 'same' | 'unknown' {
  const cookies = req.headers.cookie !== undefined;
  if (core.config.web.proofs !== 'session') return cookies ? 'unknown' : bringsProofs(core, req) ? 'same' : 'nobody';
  return cookies && hasSessionData(req) ? 'unknown' : 'nobody';
}
