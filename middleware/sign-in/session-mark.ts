// Whether somebody signed in to the host's session within one request: what the session held before is compared with what
// it holds now. Reads the session, and writes nothing to it.
import type { Request, Response } from 'express';
import type { MfaUser } from '../../src/core/kernel/mfa-user.js';
import type { MfaCore } from '../../src/mfa.js';
import { sessionDataOf, sessionOf, signInIn } from './host-session.js';

/** What a session held, key by key, as its store would keep it. */
export type SessionMark = { readonly session: object | undefined; readonly held: Held; readonly setsCookie: boolean };
type Held = { readonly [key: string]: string | undefined };

const nothing: Held = Object.freeze({});

export function hasSession(req: Request): boolean {
  return sessionDataOf(req) !== undefined;
}

export function markSession({ config }: MfaCore, req: Request): SessionMark {
  const setsCookie = config.web.proofs !== 'session' && req.res?.hasHeader('set-cookie') === true;
  return { session: sessionOf(req), held: heldBy(req), setsCookie };
}

function heldBy(req: Request): Held {
  const data = sessionDataOf(req);
  // Of most visitors nothing is kept.
  if (!data || data.length === 0) return nothing;
  return Object.fromEntries(data.map(([key, value]) => [key, JSON.stringify(value)]));
}

/**
 * Whether the session is another one with something in it, or holds something new that names this person; without a server
 * session also, whether a cookie is set. A counter of visits signs nobody in.
 */
export function signedInSince(
  mark: SessionMark,
  { config }: MfaCore,
  req: Request,
  res: Response,
  user: MfaUser,
): boolean {
  if (config.web.proofs !== 'session' && !mark.setsCookie && res.hasHeader('set-cookie')) return true;
  const now = heldBy(req);
  const changed = Object.entries(now).filter(([key, text]) => text !== mark.held[key]);
  if (changed.length > 0 && sessionOf(req) !== mark.session) return true;
  const names = [user.id, user.label, user.email];
  return changed.some(([, text]) => text !== undefined && holds(JSON.parse(text) as unknown, names));
}

/**
 * Whom this session still names, and keeps pending, though the host says that it is nobody's: a look-up that found nothing.
 * A log-out takes the name away.
 */
export function pendingOwnerOf(core: MfaCore, req: Request): string | undefined {
  const pending = core.config.web.proofs === 'session' ? signInIn(core, sessionOf(req)) : undefined;
  if (!pending || pending.proofs.length > 0 || pending.trusted !== undefined) return undefined;
  return Object.values(heldBy(req)).some((text) => text !== undefined && holds(JSON.parse(text), [pending.userId]))
    ? pending.userId
    : undefined;
}

/** Whether one of these texts stands anywhere in it, as it is or as a number. */
export function holds(value: unknown, names: readonly (string | undefined)[]): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some((each) => holds(each, names));
  return (typeof value === 'string' || typeof value === 'number') && names.includes(String(value));
}
