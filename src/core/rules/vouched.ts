// Whether an identity provider stands in for the sign-in step now, as far as this sign-in and the record know. Pure.
import type { Kernel } from '../kernel/kernel.js';
import type { MfaRecord } from '../kernel/record.js';
import type { SignIn } from '../kernel/sign-in.js';
import { hasEnded } from './ended-sign-ins.js';
import { staleness } from './upstream.js';

/**
 * `unprotected`: for people without a method of their own; `instead`: for whoever has one as well. `owed`: the app lets nobody
 * in by this provider for whom it does not vouch, and it does not.
 */
export type Vouching = 'unprotected' | 'instead' | 'owed' | undefined;

export function vouchingOf(kernel: Kernel, signIn: SignIn, record: MfaRecord): Vouching {
  const { vouched, enforced } = signIn;
  const { upstream } = kernel.settings;
  const rule = vouched && upstream.get(vouched.issuer);
  // Its own changes give the record a new epoch as well: whoever made one has a proof.
  const stands =
    vouched !== undefined &&
    rule !== undefined &&
    rule.mfa !== 'reject' &&
    vouched.epoch === record.epoch &&
    !hasEnded(kernel, signIn, record) &&
    staleness(vouched, rule, { now: kernel.now(), epochAt: undefined }) === undefined;
  const isEnforced = enforced !== undefined && upstream.get(enforced.issuer)?.mfa === 'enforce';
  if (isEnforced && !(stands && vouched.issuer === enforced.issuer)) return 'owed';
  if (!stands) return undefined;
  return rule.insteadOfOwnFactor ? 'instead' : 'unprotected';
}

/** From when on it stands no longer by itself, Unix seconds; undefined where it is of no issuer that is believed. */
export function vouchedUntil(kernel: Kernel, { vouched }: SignIn): number | undefined {
  const rule = vouched && kernel.settings.upstream.get(vouched.issuer);
  if (!rule) return undefined;
  return Math.min(vouched.at + rule.maxAgeSeconds + 1, vouched.endsAt ?? Infinity);
}
