// What the host's own functions answer, checked where it is believed: a typing error in them must not turn MFA off.
import { MfaError } from './core/words/errors.js';
import { policies, type Policy } from './core/kernel/policy.js';
import { describeValue } from './option-sentences.js';

/**
 * What `policy(user)` returned: a typing error in it must not turn MFA off.
 * @throws MfaError `config.invalid_option`
 */
export function checkPolicy(given: Policy | readonly Policy[]): Policy | readonly Policy[] {
  const known: readonly unknown[] = policies;
  const isList = Array.isArray(given) && given.length > 0;
  if (isList ? given.every((one) => known.includes(one)) : known.includes(given)) return given;
  const expected = `one of ${policies.join(', ')}, or an array of such`;
  throw new MfaError('config.invalid_option', `\`policy(user)\` returned ${describeValue(given)}. Return ${expected}.`);
}

/**
 * What `graceUntil` says, as Unix seconds.
 * @throws MfaError `config.invalid_option` for a date that is none, by which MFA would never be demanded
 */
export function checkDate(given: unknown): number {
  const ms = given instanceof Date ? given.getTime() : NaN;
  if (!Number.isNaN(ms)) return Math.floor(ms / 1000);
  throw new MfaError('config.invalid_option', `\`graceUntil\` is ${describeValue(given)}. Give a valid Date.`);
}
