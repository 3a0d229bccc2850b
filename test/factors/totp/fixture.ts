// A person with an authenticator app, at a time of the test's choosing.
import { expect } from 'chai';
import { isMalformed } from '../../../src/core/kernel/factor.js';
import type { EnrollmentVerdict, FactorContext, Verdict } from '../../../src/core/kernel/factor.js';
import type { Json } from '../../../src/core/words/json.js';
import type { Authenticator } from '../../../src/core/kernel/record.js';
import { codeOf, fromBase32, stepAt, type Parameters } from '../../../src/factors/totp/one-time-password.js';
import type { totp } from '../../../src/factors/totp/totp.js';

/** What the app on the phone would show. */
export function appCode(secret: string, now: number, parameters: Partial<Parameters> = {}): string {
  const counting: Parameters = { algorithm: 'SHA1', digits: 6, periodSeconds: 30, ...parameters };
  return codeOf(fromBase32(secret), stepAt(now, counting.periodSeconds), counting);
}

/** A code that is right at no step from two minutes before to two after. */
export function wrongCode(secret: string, now: number): string {
  const near = [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((steps) => appCode(secret, now + steps * 30));
  return ['000000', '111111', '222222', '333333', '444444', '555555', '666666', '777777', '888888', '999999'].find(
    (code) => !near.includes(code),
  )!;
}

export type Enrolled = { secret: string; own: Authenticator[] };

/** Sets an app up and confirms it with the code of that moment, as the flow does. */
export async function enrol(
  factor: ReturnType<typeof totp>,
  context: FactorContext,
  before: readonly Authenticator[] = [],
): Promise<Enrolled> {
  const begun = await factor.enrollment.begin(context, before, null);
  const shown = begun.shown as { secret: string; algorithm: Parameters['algorithm']; digits: 6; period: number };
  const code = appCode(shown.secret, context.now, { ...shown, periodSeconds: shown.period });
  const answer = factor.enrollment.parse({ code });
  if (isMalformed(answer)) throw new Error('the code was malformed');
  const evidence = await factor.enrollment.weigh(context, before, answer, begun);
  return { secret: shown.secret, own: enrolled(context, before, factor.enrollment.judge(context, before, evidence)) };
}

/** The authenticators after the flow has written what an enrolment came to. */
export function enrolled(context: FactorContext, before: readonly Authenticator[], verdict: EnrollmentVerdict) {
  if (verdict.is !== 'right' || verdict.id === undefined) throw new Error(JSON.stringify(verdict));
  const kept = before.filter(({ id }) => verdict.replaces?.includes(id) !== true);
  return [...kept, { id: verdict.id, kind: 'totp', createdAt: context.now, data: verdict.data }];
}

export async function answer(
  factor: ReturnType<typeof totp>,
  context: FactorContext,
  own: readonly Authenticator[],
  code: Json,
): Promise<Verdict> {
  const parsed = factor.parse({ code });
  if (isMalformed(parsed)) return expect.fail(`malformed: ${JSON.stringify(parsed)}`);
  return factor.judge(context, own, await factor.weigh(context, own, parsed));
}
