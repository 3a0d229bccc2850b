// A code at sign-in or step-up: weighed against the secrets once, judged against the last accepted step for every rival.
import type { ErrorDetails } from '../../core/words/errors.js';
import type { FactorContext, Verdict } from '../../core/kernel/factor.js';
import type { Reason } from '../../core/words/outcome.js';
import type { Authenticator } from '../../core/kernel/record.js';
import { dataOf, openSecret, parametersOf, sealSecret } from './data.js';
import { matchStep, type Steps } from './match.js';
import { maxSecretBytes, type Parameters } from './one-time-password.js';
import { misfit, type TypedCode } from './parse-code.js';

/** Told for a wrong and for a used code alike: which of them it was would help a guesser. */
export const wrong: Reason = 'session.mfa.invalid_totp_code';

export type Evidence = {
  /** `secret`: the sealed text that was opened; `renewed`: the same secret under the newest key. */
  weighed: { id: string; secret: string; step: number | null; renewed?: string }[];
  /** No app of this person shows so many digits. */
  misfit?: ErrorDetails;
};

/** Opens the secrets and finds the matching step. */
export function weigh(
  context: FactorContext,
  own: readonly Authenticator[],
  { code }: TypedCode,
  usual: Parameters & Steps,
): Evidence {
  const digits = own.length === 0 ? [usual.digits] : own.map((one) => dataOf(one).digits);
  const unfit = misfit(code, digits);
  // For somebody without a secret the same is computed, with one that fits nobody.
  if (own.length === 0) matchStep(context.sealer, new Uint8Array(maxSecretBytes), usual, code, context.now, usual);
  const weighed = own.map((one) => {
    const data = dataOf(one);
    const secret = openSecret(context, { id: one.id, data });
    const step = matchStep(context.sealer, secret, parametersOf(data), code, context.now, usual);
    const renewed = context.sealer.isCurrent(data.secret) ? {} : { renewed: sealSecret(context, one.id, secret) };
    return { id: one.id, secret: data.secret, step, ...renewed };
  });
  return { weighed, ...(unfit === undefined ? {} : { misfit: unfit }) };
}

/** A code counts once: its step must be later than the last accepted one (RFC 6238 §5.2). */
export function judge(own: readonly Authenticator[], { weighed, misfit: details }: Evidence): Verdict {
  const fits = weighed.every(({ id, secret }) => own.some((one) => one.id === id && dataOf(one).secret === secret));
  if (!fits || weighed.length !== own.length) return { is: 'stale' };
  if (details) return { is: 'wrong', reason: 'request.invalid', details, attempt: false };
  for (const one of own) {
    const data = dataOf(one);
    const match = weighed.find(({ id }) => id === one.id);
    const step = match?.step ?? null;
    if (step === null || step <= data.lastStep) continue;
    return {
      is: 'right',
      authenticatorId: one.id,
      data: { ...data, secret: match?.renewed ?? data.secret, lastStep: step },
    };
  }
  return { is: 'wrong', reason: wrong };
}
