// What is stored of one authenticator app, and how its secret is sealed to its place. The parameters are kept for each,
// because an imported app may count differently from the ones enrolled here.
import type { Digits, Algorithm, Parameters } from './one-time-password.js';
import type { FactorContext, SealedValue } from '../../core/kernel/factor.js';
import type { SealedFor, Sealer } from '../../core/kernel/ports.js';
import type { Authenticator } from '../../core/kernel/record.js';
import { fromBase32, toBase32 } from './one-time-password.js';

export type TotpData = {
  /** The sealed Base32 of the secret. */
  secret: string;
  algorithm: Algorithm;
  digits: Digits;
  /** Seconds. */
  period: number;
  /** The last accepted time step; only a later one is accepted (RFC 6238 §5.2). -1 before the first. */
  lastStep: number;
  /** How many apps of this person came before it, itself included: its label tells it apart from them. Absent: 1. */
  label?: number;
  /** Imported with fewer than the 128 bits of RFC 4226 R6. */
  weak?: true;
};

export function dataOf(authenticator: Authenticator): TotpData {
  return authenticator.data as TotpData;
}

export function parametersOf({ algorithm, digits, period }: TotpData): Parameters {
  return { algorithm, digits, periodSeconds: period };
}

export function sealSecret(context: FactorContext, authenticatorId: string, secret: Uint8Array): string {
  return context.sealer.seal(toBase32(secret), placeOf(context.user.id, authenticatorId));
}

/** @throws MfaError `store.unavailable` */
export function openSecret(context: FactorContext, { id, data }: { id: string; data: TotpData }): Uint8Array {
  return fromBase32(context.sealer.open(data.secret, placeOf(context.user.id, id)));
}

/**
 * The last accepted step of all of `own`, counted in steps of `period` seconds: what is enrolled in their place accepts
 * nothing older.
 */
export function lastStepOf(own: readonly Authenticator[], period: number): number {
  return Math.max(-1, ...own.map(dataOf).map((data) => Math.floor((data.lastStep * data.period) / period)));
}

/** The secret as it is stored, for whoever seals it anew. */
export function sealedIn(userId: string, authenticator: Authenticator): SealedValue {
  const data = dataOf(authenticator);
  const belongsTo = placeOf(userId, authenticator.id);
  return { value: data.secret, belongsTo, with: (secret) => ({ ...data, secret }) };
}

/** By whatever it counts: a copy of the secret is a copy of the app. */
export function fingerprintOf(sealer: Sealer, secret: Uint8Array): string {
  return sealer.hashToken(toBase32(secret)).slice(0, 22);
}

/** @throws MfaError `store.unavailable` */
export function fingerprintIn(sealer: Sealer, userId: string, authenticator: Authenticator): string {
  const { value, belongsTo } = sealedIn(userId, authenticator);
  return fingerprintOf(sealer, fromBase32(sealer.open(value, belongsTo)));
}

function placeOf(userId: string, authenticatorId: string): SealedFor {
  return { userId, authenticatorId, purpose: 'totp' };
}

/** The number for one that is added now: of what stands, and so of what an app may still show, none has it. */
export function nextLabel(own: readonly Authenticator[]): number {
  return Math.max(0, ...own.map((one) => dataOf(one).label ?? 1)) + 1;
}
