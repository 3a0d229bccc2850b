// Which words of a provider say that a second factor was used: those that the app lists, and any two kinds of RFC 8176. Pure.
import type { UpstreamRule } from '../core/kernel/settings.js';
import type { Upstream } from '../core/words/upstream.js';

/** RFC 8176 §2, by what somebody knows, has or is. `kba`, answers that others know as well, is none of them. */
const kinds: { readonly [kind: string]: readonly string[] } = {
  know: ['pwd', 'pin'],
  have: ['otp', 'hwk', 'swk', 'sc', 'sms', 'tel'],
  are: ['fpt', 'face', 'iris', 'retina', 'vbm'],
};

/** What counts for no second factor, whoever lists it. */
export const firstFactorsOnly: readonly string[] = [...(kinds['know'] ?? []), 'kba', 'user'];

/** Whether two of these values are of different kinds: two passwords are one factor. */
export function areTwoKinds(amr: readonly string[]): boolean {
  return Object.values(kinds).filter((values) => values.some((value) => amr.includes(value))).length > 1;
}

/** What an app says of one issuer. */
type Given = Partial<Omit<UpstreamRule, 'isEnough'>> & Pick<UpstreamRule, 'mfa'> & { amr?: readonly string[] };

/** @param longestSeconds how long a proof counts, and what is not said otherwise */
export function upstreamRule(
  { mfa, amr = [], acr = [], maxAgeSeconds, insteadOfOwnFactor }: Given,
  longestSeconds: number,
): UpstreamRule {
  const [methods, classes] = [[...amr], [...acr]];
  return {
    mfa,
    acr: classes,
    maxAgeSeconds: Math.min(maxAgeSeconds ?? longestSeconds, longestSeconds),
    insteadOfOwnFactor: insteadOfOwnFactor === true,
    isEnough: (said: Pick<Upstream, 'amr' | 'acr'>) =>
      said.amr.some((value) => methods.includes(value)) ||
      said.acr.some((value) => classes.includes(value)) ||
      areTwoKinds(said.amr),
  };
}
