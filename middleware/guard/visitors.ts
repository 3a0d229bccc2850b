// Requests of nobody that a guard lets pass, which are most of a public site's. Knows no record, and waits for nothing.
import type { Request, Response } from 'express';
import type { MfaCore } from '../../src/mfa.js';
import { dropSignIn } from '../sign-in/session.js';
import { pendingOwnerOf } from '../sign-in/session-mark.js';
import { warnOfSessionStore } from '../sign-in/session-store.js';
import { watchVisitor, type Judge } from './named-later.js';

/**
 * Lets the request pass, unless its session owes a factor for somebody: then a record must say whether nobody is believed.
 * @returns whether it passes
 */
export function passesAsVisitor(mfa: MfaCore, req: Request, res: Response, judge: Judge): boolean {
  if (pendingOwnerOf(mfa, req) !== undefined) return false;
  warnOfSessionStore(mfa, req);
  letVisitorPass(mfa, req, res, judge);
  return true;
}

/** As nobody, whom the answer is looked at for as it leaves. */
export function letVisitorPass(mfa: MfaCore, req: Request, res: Response, judge: Judge): void {
  dropSignIn(mfa, req);
  watchVisitor(mfa, req, res, judge);
}
