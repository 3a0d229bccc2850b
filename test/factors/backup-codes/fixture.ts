// A person with a saved set of backup codes, at a time of the test's choosing. The derivations are real.
import { expect } from 'chai';
import { isMalformed } from '../../../src/core/kernel/factor.js';
import type { Begun, EnrollmentVerdict, FactorContext, Verdict } from '../../../src/core/kernel/factor.js';
import type { Json } from '../../../src/core/words/json.js';
import type { Authenticator } from '../../../src/core/kernel/record.js';
import type { backupCodes } from '../../../src/factors/backup-codes/backup-codes.js';
import type { PendingCodes } from '../../../src/factors/backup-codes/enrollment.js';

export type BackupCodes = ReturnType<typeof backupCodes>;

export function pendingOf(begun: Begun): PendingCodes {
  return begun.shown as PendingCodes;
}

/** Confirms a pending set as the flow does. */
export async function confirm(
  factor: BackupCodes,
  context: FactorContext,
  own: readonly Authenticator[],
  begun: Begun,
  body: Json,
): Promise<EnrollmentVerdict> {
  const parsed = factor.enrollment.parse(body);
  if (isMalformed(parsed)) return expect.fail(`malformed: ${JSON.stringify(parsed)}`);
  return factor.enrollment.judge(context, own, await factor.enrollment.weigh(context, own, parsed, begun));
}

/** The authenticators after the flow has written what a confirmation came to. */
export function written(
  context: FactorContext,
  own: readonly Authenticator[],
  verdict: EnrollmentVerdict,
): Authenticator[] {
  if (verdict.is !== 'right') throw new Error(JSON.stringify(verdict));
  const kept = own.filter(({ id }) => verdict.replaces?.includes(id) !== true);
  return [...kept, { id: context.random.token(), kind: 'backup-codes', createdAt: context.now, data: verdict.data }];
}

/** Makes and saves a set. */
export async function enrol(
  factor: BackupCodes,
  context: FactorContext,
  before: readonly Authenticator[] = [],
): Promise<{ codes: string[]; own: Authenticator[] }> {
  const begun = await factor.enrollment.begin(context, before, null);
  const { codes, revealToken } = pendingOf(begun);
  const verdict = await confirm(factor, context, before, begun, { revealToken, saved: 'yes' });
  return { codes, own: written(context, before, verdict) };
}

export async function answer(
  factor: BackupCodes,
  context: FactorContext,
  own: readonly Authenticator[],
  code: Json | undefined,
): Promise<Verdict> {
  const parsed = factor.parse({ code: code ?? null });
  if (isMalformed(parsed)) return expect.fail(`malformed: ${JSON.stringify(parsed)}`);
  return factor.judge(context, own, await factor.weigh(context, own, parsed));
}
