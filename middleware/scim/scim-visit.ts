// One request of a directory: by which token, for which tenant, with which rights. Made by the gate alone; whoever holds one was let in.
import type { Request, Response } from 'express';
import type { RequestHints } from '../../src/core/words/events.js';
import { MfaError } from '../../src/core/words/errors.js';
import type { MfaCore } from '../../src/mfa.js';
import type { ScimUsers } from '../../src/scim/users.js';

/** A bearer token of a directory, by its SHA-256 in hexadecimal digits: `printf %s "$TOKEN" | sha256sum`. */
export type ScimToken = {
  sha256: string;
  /** Whose people this directory knows; handed to all functions of `users`. */
  tenant?: string;
  may: 'read' | 'write';
};

/** Options of `scimRouter`. */
export type ScimRouterOptions = {
  users: ScimUsers;
  /** Several at once: a new one before the old one goes, or one for each tenant. */
  tokens: readonly ScimToken[];
  /**
   * What the directory has verified: a bound address that came from the app follows its change. Without, it stays, and the person is
   * told. Default: none.
   */
  verified?: readonly ('emails' | 'phoneNumbers')[];
  /** Of each tenant; beyond it the answer is 429, and an event. Default 50. */
  maxDeactivationsPerHour?: number;
};

export type ScimVisit = {
  mfa: MfaCore;
  options: ScimRouterOptions;
  req: Request;
  res: Response;
  hints: RequestHints;
  tenant: string | undefined;
  may: 'read' | 'write';
  /** Who acts, for events. */
  by: string;
  /** The address of the mount. */
  base: string;
};

/** Asks the host. @throws MfaError `host.user_failed`, which is 503 here: the directory comes again */
export async function asked<T>(name: keyof ScimUsers, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw hostFailed(`\`users.${name}\` threw`, cause);
  }
}

export function hostFailed(what: string, cause?: unknown): MfaError {
  return new MfaError('host.user_failed', `scimRouter: ${what}.`, cause === undefined ? {} : { cause });
}
