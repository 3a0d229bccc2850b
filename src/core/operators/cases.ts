// What one administrator asks for is done at once, or becomes a case that another approves: rights, four eyes, and that a case
// is answered once, on the account as it was. How an action is carried out is handed in.
import type { Case } from '../kernel/cases.js';
import {
  adminActions,
  isAdminAction,
  needsApproval,
  refusesAdmin,
  refusesAnswer,
  type Acting,
  type AdminAction,
  type Target,
} from '../rules/admin-rights.js';
import { reachLog } from '../kernel/logbook.js';
import { isMfaError } from '../words/errors.js';
import type { Json } from '../words/json.js';
import {
  checkReason,
  refusal,
  refuseIf,
  refuseUnlessApplicable,
  targetOf,
  tellCase,
  type Desk,
  type Done,
} from './desk.js';
import { answerRecovery, recoveryAction } from './recovery-cases.js';
import { passFactorFor } from './pass.js';
import { caseLapsed, isUnbelieved, kernelAt, seenOf } from './kernel-at.js';

export type Asked = { by: Acting; reason: string; ticket?: string; options: Case['options'] };
export type Answer = { by: Acting; reason: string };

/** How long a case waits. */
export const caseSeconds = 86_400;

/** Does it, or opens a case for it: the one that waits already, where this administrator asked for the same before. */
export async function requestAction(
  desk: Desk,
  action: AdminAction,
  userId: string,
  { by, reason, ticket, options }: Asked,
): Promise<{ done: Done } | { case: Case }> {
  const { kernel } = desk;
  const target = await targetOf(desk, userId);
  checkReason(reason);
  refuseIf(desk, refusesAdmin(action, by, target), { action, by, userId });
  const seen = await seenOf(kernel, userId);
  if (!isUnbelieved(seen)) refuseUnlessApplicable(action, seen.record);
  // Before somebody else approves what cannot be done.
  if (action === 'pass') passFactorFor(kernel, 'mfa.requestAction', options['validMinutes']);
  if (!(await waitsForAnother(desk, action, by, target))) {
    const detail = ticket === undefined ? {} : { ticket };
    const bound = kernelAt(kernel, userId, seen.epoch, detail);
    return { done: await desk.carryOut(bound, action, userId, { by: by.name, reason }, options) };
  }
  const waiting = (await sweptCases(desk)).find((one) =>
    isSame(one, { action, userId, by, epoch: seen.epoch, options }),
  );
  if (waiting) return { case: waiting };
  const now = kernel.now();
  const opened: Case = {
    id: kernel.random.token(9),
    action,
    userId,
    ...(target.tenant === undefined ? {} : { tenant: target.tenant }),
    epoch: seen.epoch,
    reason,
    ...(ticket === undefined ? {} : { ticket }),
    by: { id: by.id, name: by.name, ...(by.tenant === undefined ? {} : { tenant: by.tenant }) },
    openedAt: now,
    expiresAt: now + caseSeconds,
    options,
  };
  await reachLog(desk.kernel);
  await desk.cases().open(opened);
  await tellCase(desk, 'case-opened', opened, { by: by.name, detail: { reason } });
  return { case: opened };
}

/**
 * Carries a case out, or, where what it makes is for the eyes of who asked, lets them: then `case` waits for them.
 * @throws MfaError `admin.case_lapsed` for all but one of those who answer at once, and where the account changed since
 */
export async function approveCase(
  desk: Desk,
  id: string,
  { by, reason }: Answer,
): Promise<{ done: Done } | { case: Case }> {
  checkReason(reason);
  if (await answersRecovery(desk, id, 'approve', { by, reason })) return { done: {} };
  const one = await caseToAnswer(desk, 'approve', id, by);
  if (one.approved) throw caseLapsed('it is approved already, and waits for who asked');
  await checkStanding(desk, one);
  if (desk.kernel.operator === undefined) await desk.cases().acted(by.id);
  await reachLog(desk.kernel);
  const taken = await takeCase(desk, one);
  const told = { by: by.name, detail: { reason } };
  if (adminActions[one.action].shown) {
    const approved = { id: by.id, name: by.name, at: desk.kernel.now() };
    const waiting: Case = { ...taken, approved };
    await desk.cases().open(waiting);
    await tellCase(desk, 'case-approved', waiting, told);
    return { case: waiting };
  }
  const done = await carryOutCase(desk, one);
  await tellCase(desk, 'case-approved', one, told);
  return { done };
}

/** What an approved case makes, once, for who asked: nobody else ever sees it, and it is kept nowhere meanwhile. */
export async function collectCase(desk: Desk, id: string, by: Acting): Promise<Done> {
  const one = await findCase(desk, id, by);
  if (one.by.id !== by.id) throw refusal(desk, 'admin.not_allowed', { action: one.action, by, userId: one.userId });
  if (!one.approved) throw caseLapsed('it is not approved yet');
  refuseIf(desk, refusesAdmin(one.action, by, await targetOf(desk, one.userId)), { ...one, by });
  await checkStanding(desk, one);
  await takeCase(desk, one);
  return carryOutCase(desk, one);
}

/** Turns a case down; by who asked, takes it back. */
export async function denyCase(desk: Desk, id: string, { by, reason }: Answer): Promise<void> {
  checkReason(reason);
  if (await answersRecovery(desk, id, 'deny', { by, reason })) return;
  const one = await caseToAnswer(desk, 'deny', id, by);
  await reachLog(desk.kernel);
  await takeCase(desk, one);
  const withdrawn = by.id === one.by.id ? { withdrawn: true } : {};
  await tellCase(desk, 'case-denied', one, { by: by.name, detail: { reason, ...withdrawn } });
}

/** @returns whether the case is one of a recovery, which has rules of its own */
async function answersRecovery(desk: Desk, id: string, answer: 'approve' | 'deny', given: Answer): Promise<boolean> {
  const one = (await waitingCases(desk, given.by)).find((each) => each.id === id && each.action === recoveryAction);
  if (one) await answerRecovery(desk, one, answer, given);
  return one !== undefined;
}

/** What waits, oldest first; for an administrator of a tenant, only what is theirs. */
export async function waitingCases(desk: Desk, by: Acting | undefined): Promise<Case[]> {
  const cases = await sweptCases(desk);
  return cases.filter(({ tenant }) => by?.tenant === undefined || tenant === by.tenant);
}

type AdminCase = Case & { action: AdminAction };

/** Whoever finds a case whose time is over takes it out and says so, once. */
async function sweptCases(desk: Desk): Promise<Case[]> {
  const now = desk.kernel.now();
  const cases = await desk.cases().list();
  for (const one of cases.filter(({ expiresAt }) => expiresAt <= now)) await lapse(desk, one, 'time');
  return cases
    .filter(({ action, expiresAt }) => expiresAt > now && (isAdminAction(action) || action === recoveryAction))
    .sort((a, b) => a.openedAt - b.openedAt);
}

async function lapse(desk: Desk, one: Case, why: 'time' | 'changed' | 'asker'): Promise<void> {
  const taken = await desk.cases().take(one.id);
  if (taken) await tellCase(desk, 'case-lapsed', one, { actor: 'system', detail: { why } });
}

/** Of a case of another tenant nothing is said, not even that it is there. */
async function findCase(desk: Desk, id: string, by: Acting): Promise<AdminCase> {
  const waiting = await waitingCases(desk, by);
  const one = waiting.find((each): each is AdminCase => each.id === id && isAdminAction(each.action));
  if (!one) throw caseLapsed('it was answered already, its time is over, or it never was');
  return one;
}

async function caseToAnswer(desk: Desk, answer: 'approve' | 'deny', id: string, by: Acting): Promise<AdminCase> {
  const one = await findCase(desk, id, by);
  const target = await targetOf(desk, one.userId);
  refuseIf(desk, refusesAnswer(answer, one, by, target), { action: one.action, by, userId: one.userId });
  return one;
}

/** The account as it was, and the rights of who asked: what changed since voids the case. */
async function checkStanding(desk: Desk, one: AdminCase): Promise<void> {
  const { epoch } = await seenOf(desk.kernel, one.userId);
  if (epoch !== one.epoch) {
    await lapse(desk, one, 'changed');
    throw caseLapsed('the account was changed since');
  }
  if (!desk.person) return;
  const asker = await desk.person(one.by.id);
  const target = await targetOf(desk, one.userId);
  const may = asker?.may ?? (asker?.isAdmin === true ? (['help', 'decide', 'audit'] as const) : []);
  if (refusesAdmin(one.action, { ...one.by, may }, target) === undefined) return;
  await lapse(desk, one, 'asker');
  throw caseLapsed('who asked may no longer ask for it');
}

async function takeCase(desk: Desk, { id }: Case): Promise<Case> {
  const taken = await desk.cases().take(id);
  if (!taken) throw caseLapsed('somebody else answered it');
  return taken;
}

/** What could not be done waits again, but where the account changed under it. */
async function carryOutCase(desk: Desk, one: AdminCase): Promise<Done> {
  const { action, userId, epoch, by, reason, options, ticket, id } = one;
  const detail = { case: id, ...(ticket === undefined ? {} : { ticket }) };
  try {
    const bound = kernelAt(desk.kernel, userId, epoch, detail);
    return await desk.carryOut(bound, action, userId, { by: by.name, reason }, options);
  } catch (error) {
    if (isMfaError(error) && error.code === 'admin.case_lapsed')
      await tellCase(desk, 'case-lapsed', one, { actor: 'system', detail: { why: 'changed' } });
    else await desk.cases().open(one);
    throw error;
  }
}

async function waitsForAnother(desk: Desk, action: AdminAction, by: Acting, target: Target): Promise<boolean> {
  // Whoever has the shell has all rights, and nobody beside them.
  if (desk.kernel.operator === 'cli') return false;
  const acted = await desk.cases().acted(by.id);
  return needsApproval(action, target, { fourEyes: desk.fourEyes, acted });
}

function isSame(one: Case, asked: Pick<Case, 'action' | 'userId' | 'epoch' | 'options'> & { by: { id: string } }) {
  const of = ({ action, userId, epoch, options, by }: typeof asked): Json => [action, userId, epoch, options, by.id];
  return JSON.stringify(of(one)) === JSON.stringify(of(asked));
}
