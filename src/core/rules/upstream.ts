// Whether what an identity provider said of a second factor counts here: by what it says, never by what it was asked. Pure.
import type { UpstreamRule } from '../kernel/settings.js';
import { isYoung } from '../kernel/sign-in.js';
import type { Shortfall, Upstream } from '../words/upstream.js';

/** Since when a word counts: no longer than a proof does, nor than the provider's own session. */
export type Times = { now: number; epochAt: number | undefined };

/**
 * Why it does not count, if so.
 * @param said of a validated answer, of an issuer that this rule is about
 */
export function shortfallOf(said: Upstream, rule: UpstreamRule, times: Times): Shortfall | undefined {
  const { amr, acr, authTime, endsAt, fault } = said;
  if (fault !== undefined) return fault;
  if (authTime === undefined) return 'no-auth-time';
  if (amr.length === 0 && acr.length === 0) return 'not-said';
  if (!rule.isEnough(said)) return 'too-little';
  return staleness({ at: authTime, ...(endsAt === undefined ? {} : { endsAt }) }, rule, times);
}

/** Asked at the sign-in, and again at every request. */
export function staleness(
  { at, endsAt }: { at: number; endsAt?: number },
  { maxAgeSeconds }: UpstreamRule,
  { now, epochAt }: Times,
): 'too-old' | 'session-over' | 'before-change' | undefined {
  if (endsAt !== undefined && endsAt <= now) return 'session-over';
  if (!isYoung(at, maxAgeSeconds, now)) return 'too-old';
  return epochAt !== undefined && at < epochAt ? 'before-change' : undefined;
}
