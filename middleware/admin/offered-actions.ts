// The actions on a person as these pages name them, and for each whether it is offered to this administrator, or why not. The
// rules of who may stand in the core; what is offered here is refused there all the same where it no longer fits.
import {
  adminActions,
  fourEyesByDefault,
  isApplicable,
  refusesAdmin,
  type AdminAction,
  type AdminRight,
} from '../../src/core/rules/admin-rights.js';
import type { ActionModel } from '../pages/admin-models.js';
import type { AdminVisit } from './admin-visit.js';
import type { Draft } from './left-behind.js';
import type { Person } from './people-of.js';
import type { Seen } from './standing.js';

/** In addresses, in the order of the page. */
export const actionsByWord: { readonly [word: string]: AdminAction } = {
  unlock: 'unlock',
  grant: 'grant-enrollment',
  'end-trust': 'end-trust',
  'owe-codes': 'owe-codes',
  'issue-pass': 'pass',
  release: 'release',
  'end-sign-ins': 'end-sign-ins',
  exempt: 'exempt',
  'end-exemption': 'end-exemption',
  suspend: 'suspend',
  resume: 'resume',
  reset: 'reset',
};

export const wordOf = (action: string): string =>
  Object.entries(actionsByWord).find(([, known]) => known === action)?.[0] ?? action;

const severe = ['reset', 'suspend', 'end-sign-ins'];
const fields = ['until', 'validMinutes'] as const;

/** Whoever may take all methods of a person away may open their locks. */
export function rightsFor(action: AdminAction): AdminRight[] {
  const { right } = adminActions[action];
  return right === 'help' ? ['help', 'decide'] : [right];
}

/** Whether it would change anything now. */
function hasEffect(action: AdminAction, { record, status }: Seen): boolean {
  if (status.unread !== undefined) return action === 'reset' || action === 'end-sign-ins';
  const { locked, trustedBrowsers, hold, codesBarredUntil, exemptUntil, suspended = {} } = status;
  const now: { [action in AdminAction]?: boolean } = {
    unlock: locked.length > 0,
    'end-trust': trustedBrowsers > 0,
    release: hold !== undefined || codesBarredUntil !== undefined || record?.raised !== undefined,
    'end-exemption': exemptUntil !== undefined,
    suspend: suspended.admin === undefined,
    resume: suspended.admin !== undefined,
  };
  return isApplicable(action, record) && now[action] !== false;
}

export function offeredActions(visit: AdminVisit, person: Person, seen: Seen, url: string, draft?: Draft) {
  const { fourEyes, directory } = visit.mfa.config.administration;
  const isAdmin = directory ? person.isAdmin === true : undefined;
  const target = { userId: person.id, isAdmin, tenant: visit.admin.tenant };
  const hasPass = visit.mfa.kernel.factors.some(({ rank }) => rank === 'pass');
  return Object.entries(actionsByWord).flatMap(([word, action]): ActionModel[] => {
    if (action === 'pass' && !hasPass) return [];
    const refusal = refusesAdmin(action, visit.admin, target);
    const not =
      refusal === 'admin.own_account' ? 'own' : refusal ? 'right' : !hasEffect(action, seen) ? 'state' : undefined;
    const always = isAdmin === true || (fourEyes?.includes(action) ?? false);
    const perhaps = fourEyes === undefined && fourEyesByDefault.includes(action);
    const to = `${url}/${word}`;
    return [
      {
        action: word,
        url: to,
        ...(not === undefined ? {} : { not }),
        takes: fields.filter((field) => adminActions[action].takes.includes(field)),
        ...(always ? { approval: 'always' } : perhaps ? { approval: 'perhaps' } : {}),
        severe: severe.includes(action),
        ...(draft?.about === to ? { typed: draft.fields } : {}),
      },
    ];
  });
}
