// A host of machines and people: its look-up prefers the token, as the worst of them do.
import type { Request } from 'express';
import { hostData } from './app.js';

/** The owner of `Bearer verified-<owner>`, or else whoever the session signs in. */
export function tokenFirst(req: Request) {
  const [, owner] = /^Bearer verified-(\w+)$/.exec(req.headers.authorization ?? '') ?? [];
  if (owner !== undefined) return { id: owner, via: 'token' as const };
  const { uid } = hostData(req) as { uid?: string };
  return uid === undefined ? null : { id: uid };
}
