// A request with a machine's token passes the guard; unless it may also be somebody's who owes a second factor.
import type { Request } from 'express';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import { userIdOf } from '../../src/core/words/user-id.js';
import type { MfaCore } from '../../src/mfa.js';
import { bringsProofs } from '../sign-in/proof-store.js';
import { hasSessionData } from '../sign-in/host-session.js';

/**
 * Who else this request signs in, beside the machine whose token it carries: nobody, the same person (by a token of
 * ours), or somebody of whom nobody knows who it is. A client that brings a session with data in it counts as the last,
 * whosever second factor stands in it: which key signs in, only the host can read, and what the host's routes go by may
 * be that key. Without a server session any cookie may be such a key. So may a second credential: which of the two a
 * route serves, the guard cannot know.
 */
export function besideToken(core: MfaCore, req: Request, machine: MfaUser): 'nobody' | 'same' | 'unknown' {
  if (bringsTwoCredentials(req) || namesAnother(req, machine)) return 'unknown';
  const cookies = req.headers.cookie !== undefined;
  if (core.config.web.proofs !== 'session') return cookies ? 'unknown' : bringsProofs(core, req) ? 'same' : 'nobody';
  return cookies && hasSessionData(req) ? 'unknown' : 'nobody';
}

/** Names by which keys travel beside `Authorization`. Tokens against CSRF are none, nor is ours. */
const keyHeader = /^(x-)?([a-z]+-)*(api-?key|token|auth|jwt|access-?key)$/;
const keyField = /^(api_?key|access_?token|auth_?token|token|jwt|key)$/i;

/** A password (`Authorization: Basic`) is no machine's token, and may be somebody's beside one. */
function bringsTwoCredentials({ headers, originalUrl }: Request): boolean {
  const { authorization } = headers;
  if (authorization === undefined) return false;
  if (/\b(basic|digest)\s/i.test(authorization)) return true;
  if (
    Object.keys(headers).some(
      (name) => keyHeader.test(name) && !/(^|-)(csrf|xsrf|mfa|request|trace|idempotency)-/.test(name),
    )
  )
    return true;
  const query = originalUrl.split('?').slice(1).join('?');
  return query !== '' && [...new URLSearchParams(query).keys()].some((name) => keyField.test(name));
}

/** Whether `req.user`, by which routes of Passport's go, is another person than this one. */
export function namesAnother(req: Request, { id }: MfaUser): boolean {
  const { user } = req as { user?: { id?: unknown; _id?: unknown } | null };
  const other = user?.id ?? user?._id;
  if (other === undefined) return false;
  try {
    return userIdOf(other) !== id;
  } catch {
    return true;
  }
}
