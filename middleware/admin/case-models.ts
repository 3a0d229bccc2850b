// What waits for a second administrator, as pages and programs are told of it: what the reader may do with each stands beside it.
import { adminActions, isAdminAction, refusesAnswer } from '../../src/core/rules/admin-rights.js';
import { recoveryAction, refusesRecoveryAnswer } from '../../src/core/operators/recovery-cases.js';
import type { CaseModel } from '../pages/admin-models.js';
import type { MfaCore } from '../../src/mfa.js';
import { hasRight, type AdminVisit } from './admin-visit.js';
import type { Draft } from './left-behind.js';
import { wordOf } from './offered-actions.js';
import { personOf, nameForAdmins, sealedId, type Person } from './people-of.js';

export type WaitingCase = Awaited<ReturnType<MfaCore['cases']>>[number];

/** The cases that this administrator may know of, first to lapse first. */
export async function casesFor(visit: AdminVisit): Promise<WaitingCase[]> {
  const cases = await visit.mfa.cases({ by: visit.admin });
  return cases.sort((a, b) => a.expiresAt - b.expiresAt);
}

export async function caseModels(
  visit: AdminVisit,
  cases: readonly WaitingCase[],
  draft?: Draft,
): Promise<CaseModel[]> {
  const models = await Promise.all(
    cases.map(async (one) => {
      const person = await personOf(visit, one.userId);
      return person && caseModel(visit, one, person, draft);
    }),
  );
  return models.filter((model) => model !== undefined);
}

function caseModel(visit: AdminVisit, one: WaitingCase, person: Person, draft?: Draft): CaseModel {
  const { mfa, admin, home } = visit;
  const { id, action, by, reason, ticket, openedAt, expiresAt, options, approved } = one;
  const own = by.id === admin.id;
  const url = `${home}/approvals/${id}`;
  const until = typeof options['until'] === 'number' ? options['until'] : undefined;
  return {
    id,
    action: wordOf(action),
    person: {
      name: person.name,
      url: `${home}/people/${sealedId(mfa, person.id)}`,
      ...(person.isAdmin === true ? { isAdmin: true } : {}),
    },
    by: action === recoveryAction ? person.name : nameForAdmins(by.name),
    reason,
    ...(ticket === undefined ? {} : { ticket }),
    openedAt,
    expiresAt,
    ...(until === undefined ? {} : { until }),
    ...(approved ? { approvedBy: nameForAdmins(approved.name) } : {}),
    own,
    ...(own ? { withdrawUrl: `${url}/withdraw` } : {}),
    ...(own && approved ? { collectUrl: `${url}/collect` } : {}),
    ...answersOf(visit, one, person, url),
    ...(draft?.about.startsWith(`${url}/`) ? { typed: draft.fields } : {}),
  };
}

function answersOf(visit: AdminVisit, one: WaitingCase, person: Person, url: string): Partial<CaseModel> {
  const { action } = one;
  const { admin, mfa } = visit;
  if (action === recoveryAction) {
    const refusal = refusesRecoveryAnswer(admin, { userId: person.id, isAdmin: undefined, tenant: admin.tenant });
    return refusal === undefined ? { approveUrl: `${url}/approve`, denyUrl: `${url}/deny` } : {};
  }
  if (!isAdminAction(action) || one.approved || one.by.id === admin.id || !hasRight(admin, ['decide'])) return {};
  const isAdmin = mfa.config.administration.directory ? person.isAdmin === true : undefined;
  const target = { userId: person.id, isAdmin, tenant: admin.tenant };
  const may = (answer: 'approve' | 'deny') => refusesAnswer(answer, { ...one, action }, admin, target) === undefined;
  return {
    ...(may('approve') ? { approveUrl: `${url}/approve` } : {}),
    ...(may('deny') ? { denyUrl: `${url}/deny` } : {}),
  };
}

/** Whether what it makes is shown to who asked. */
export function makesCode(action: string): boolean {
  return isAdminAction(action) && adminActions[action].shown === true;
}
