// A stored set of backup codes: one salt, and for each code its hash or, once used, a tombstone. Never a code.
import type { SealedValue, Standing } from '../../core/kernel/factor.js';
import type { SealedFor, Sealer } from '../../core/kernel/ports.js';
import { isMfaError } from '../../core/words/errors.js';
import type { Json } from '../../core/words/json.js';
import type { Authenticator } from '../../core/kernel/record.js';

export type StoredCode = { hash: string } | { usedAt: number };

/** Times in Unix seconds; made and expiring all at once. */
export type CodeSet = {
  /** 16 bytes, base64url. */
  salt: string;
  /** The id of the secret whose pepper the hashes carry. */
  keyId: string;
  createdAt: number;
  /** `null`: never. */
  expiresAt: number | null;
  codes: StoredCode[];
  /** The addresses that codes were used from, by their place in the set; sealed, and only hints. */
  from?: string;
};

/** What of a set may be seen: when each code was made and used and when it expires. */
export type CodeSetStatus = {
  total: number;
  remaining: number;
  /** `index` counts from 1, as the printed list does. */
  codes: { index: number; createdAt: number; usedAt?: number; expiresAt: number | null }[];
};

export function setOf(authenticator: Authenticator): CodeSet {
  return authenticator.data as CodeSet;
}

/** The set as it is stored, for whoever seals its addresses anew. */
export function sealedIn(userId: string, authenticator: Authenticator): SealedValue | undefined {
  const set = setOf(authenticator);
  if (set.from === undefined) return undefined;
  return { value: set.from, belongsTo: placeOf(userId, authenticator.id), with: (from) => ({ ...set, from }) };
}

/** With one more address; a list whose secret is gone begins anew, for the code is right all the same. */
export function withAddress(
  sealer: Sealer,
  userId: string,
  authenticator: Authenticator,
  at: number,
  ip: string,
): string {
  const place = placeOf(userId, authenticator.id);
  let known: { [at: string]: string } = {};
  try {
    const { from } = setOf(authenticator);
    if (from !== undefined) known = JSON.parse(sealer.open(from, place)) as typeof known;
  } catch (error) {
    if (!isMfaError(error)) throw error;
  }
  return sealer.seal(JSON.stringify({ ...known, [at]: ip }), place);
}

function placeOf(userId: string, authenticatorId: string): SealedFor {
  return { userId, authenticatorId, purpose: 'backup-codes-from' };
}

export function leftIn({ codes }: CodeSet): number {
  return codes.filter((code) => 'hash' in code).length;
}

export function hasExpired({ expiresAt }: CodeSet, now: number): boolean {
  return expiresAt !== null && now >= expiresAt;
}

/** @param lowAt from how many codes left on the set counts as low */
export function standingOf(set: CodeSet, now: number, lowAt: number): Standing {
  const left = leftIn(set);
  const state = left === 0 ? 'empty' : hasExpired(set, now) ? 'expired' : left <= lowAt ? 'low' : 'usable';
  return { state, left, total: set.codes.length, ...(set.expiresAt === null ? {} : { expiresAt: set.expiresAt }) };
}

export function statusOf(set: CodeSet): CodeSetStatus & { [key: string]: Json } {
  const { createdAt, expiresAt } = set;
  const codes = set.codes.map((code, at) => ({
    index: at + 1,
    createdAt,
    ...('usedAt' in code ? { usedAt: code.usedAt } : {}),
    expiresAt,
  }));
  return { total: set.codes.length, remaining: leftIn(set), codes };
}
