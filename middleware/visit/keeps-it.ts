// Whether a sign-in can be kept beyond this request.
import type { Visit } from './visit.js';

/** A program that brings no cookie takes none either: each of its requests would leave another session behind. */
export function keepsIt({ json, req, mfa }: Visit): boolean {
  return !json || req.headers.cookie !== undefined || mfa.config.web.proofs === 'token';
}
