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

/** A nonce as Content Security Policy Level 3 §2.3.1 spells it. */
const nonceForm = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * `nonce` of the host, which writes into the policy of our pages: what is more than a nonce would open it. Then there is none,
 * the policy stays as strict as it was, and `warn` hears of it, once.
 */
export function checkedNonce<Asked extends unknown[]>(
  nonce: (...asked: Asked) => unknown,
  warn: (message: string) => void,
): (...asked: Asked) => string | undefined {
  let warned = false;
  return (...asked) => {
    const given = nonce(...asked) ?? undefined;
    if (given === undefined || (typeof given === 'string' && nonceForm.test(given))) return given;
    if (!warned)
      warn('`nonce(req, res)` returned what is no nonce, so none was used. Give base64, made anew for each page.');
    warned = true;
    return undefined;
  };
}

/**
 * `verifyPassword` of the host: only `true` is a right password.
 * @returns a function that throws MfaError `host.user_failed` for whatever the host's throws
 */
export function checkedPassword<Asked extends unknown[]>(
  verify: (...asked: Asked) => unknown,
): (...asked: Asked) => Promise<boolean> {
  return async (...asked) => {
    try {
      return (await verify(...asked)) === true;
    } catch (cause) {
      throw new MfaError('host.user_failed', '`verifyPassword` threw, so nobody can be let in by a password.', {
        cause,
      });
    }
  };
}
