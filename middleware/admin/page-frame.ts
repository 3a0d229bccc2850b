// What every page of administration shares: the parts that the reader may open, who they are, and the style sheet. Sends pages
// and their refusals.
import { statusOf } from '../../src/core/words/errors.js';
import type { AdminRight } from '../../src/core/rules/admin-rights.js';
import type { Refused } from '../../src/core/words/outcome.js';
import type { AdminPageModel, AdminPart } from '../pages/admin-models.js';
import type { ViewModels } from '../pages/view-model.js';
import { setErrorHeaders } from '../http/problem.js';
import { keepSignIn } from '../sign-in/session.js';
import { commonModel, sendPage } from '../visit/answers.js';
import { hasRight, type AdminVisit } from './admin-visit.js';
import { nameForAdmins } from './people-of.js';

type AdminView = { [V in keyof ViewModels]: ViewModels[V] extends AdminPageModel ? V : never }[keyof ViewModels];

/** Who may open each part; a part without a page is not here. */
export const partRights: readonly (readonly [AdminPart, readonly AdminRight[]])[] = [
  ['overview', ['view']],
  ['people', ['view']],
  ['approvals', ['decide']],
  ['audit', ['audit']],
  ['policy', ['view']],
  ['reports', ['audit']],
  ['health', ['view']],
];

export function partsFor({ admin, home }: AdminVisit, current?: AdminPart): AdminPageModel['parts'] {
  return partRights
    .filter(([part, rights]) => hasRight(admin, rights) && (part !== 'health' || admin.tenant === undefined))
    .map(([part]) => ({
      part,
      url: part === 'overview' ? `${home}/` : `${home}/${part}`,
      ...(part === current ? { current: true as const } : {}),
    }));
}

/** @param field the input that the refusal is about, by its `id` */
export function frameOf(visit: AdminVisit, current: AdminPart, refusal?: Refused, field?: string): AdminPageModel {
  const { admin } = visit;
  const error = refusal && {
    code: refusal.reason,
    details: { ...refusal.details, ...(field === undefined ? {} : { field }) },
  };
  const common = commonModel(visit, error);
  return {
    ...common,
    stylesheets: [...common.stylesheets, common.asset('admin.css')],
    parts: partsFor(visit, current),
    acting: { name: nameForAdmins(admin.name), may: [...admin.may] },
  };
}

export async function sendAdminPage<V extends AdminView>(
  visit: AdminVisit,
  view: V,
  model: ViewModels[V],
  refusal?: Refused,
): Promise<void> {
  if (refusal) setErrorHeaders(visit.res, refusal.reason, refusal.details);
  await sendPage(visit, view, model, refusal ? statusOf[refusal.reason] : 200);
}

/** What programs are told. The sign-in is kept as by a page, so that its token stays. */
export function sendJson(visit: AdminVisit, body: object): void {
  keepSignIn(visit.mfa, visit.req, visit.asker.signIn);
  visit.res.status(200).json(body);
}
