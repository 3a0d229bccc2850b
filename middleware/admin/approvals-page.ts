// `/approvals`: what waits for a second administrator, and the answers to it. Who asked may take it back, and fetches what an
// approved case makes; nobody else ever sees that.
import { refused, type Refused } from '../../src/core/words/outcome.js';
import { goOn, refuseJson } from '../visit/answers.js';
import { goOnDone, refusalIn } from './act.js';
import type { AdminVisit } from './admin-visit.js';
import { caseModels, casesFor, type WaitingCase } from './case-models.js';
import { leaveSaid, takeDraft, takeSaid } from './left-behind.js';
import { wordOf } from './offered-actions.js';
import { frameOf, sendAdminPage, sendJson } from './page-frame.js';
import { personOf } from './people-of.js';
import { sendPerson } from './person-page.js';
import { textIn, typedIn } from './typed-fields.js';

export async function showApprovals(visit: AdminVisit): Promise<void> {
  const cases = await casesFor(visit);
  if (visit.json) return sendJson(visit, { waiting: await caseModels(visit, cases) });
  await sendApprovals(visit, cases);
}

async function sendApprovals(
  visit: AdminVisit,
  cases: readonly WaitingCase[],
  refusal?: { refusal: Refused; id: string },
): Promise<void> {
  const about = `${visit.home}/approvals`;
  const draft = refusal ? { about: `${about}/${refusal.id}/`, fields: typedIn(visit.body) } : await takeDraft(visit);
  const done = refusal ? undefined : await takeSaid(visit, about);
  const field = refusal?.refusal.reason === 'admin.reason_missing' ? `${refusal.id}-reason` : undefined;
  await sendAdminPage(
    visit,
    'admin/approvals',
    {
      ...frameOf(visit, 'approvals', refusal?.refusal, field),
      ...(done === undefined ? {} : { done }),
      waiting: await caseModels(visit, cases, draft),
    },
    refusal?.refusal,
  );
}

const idOf = ({ req }: AdminVisit): string => {
  const id: unknown = req.params['case'];
  return typeof id === 'string' ? id : '';
};

/** Where a refused answer is shown: the page of approvals to whoever may open it, else the person's. */
async function refuseAnswer(visit: AdminVisit, error: unknown): Promise<void> {
  const refusal = refusalIn(error);
  if (visit.json) return refuseJson(visit, refusal);
  const cases = await casesFor(visit);
  if (visit.admin.may.includes('decide')) return sendApprovals(visit, cases, { refusal, id: idOf(visit) });
  const own = cases.find(({ id }) => id === idOf(visit));
  const person = own && (await personOf(visit, own.userId));
  if (person) return sendPerson(visit, person, { refusal, action: '' });
  throw error;
}

async function goBack(visit: AdminVisit, what: string): Promise<void> {
  const url = `${visit.home}/approvals`;
  if (!visit.json) await leaveSaid(visit, { what, about: url });
  await goOn(visit, { step: 'done', url: visit.admin.may.includes('decide') ? url : `${visit.home}/` });
}

export async function approve(visit: AdminVisit): Promise<void> {
  const { mfa, admin, body } = visit;
  try {
    const { case: waits } = await mfa.approve(idOf(visit), { by: admin, reason: textIn(body, 'reason') ?? '' });
    await goBack(visit, waits ? 'approved-waits' : 'approved');
  } catch (error) {
    await refuseAnswer(visit, error);
  }
}

export async function deny(visit: AdminVisit): Promise<void> {
  await turnDown(visit, 'denied', (one) => one.by.id !== visit.admin.id);
}

export async function withdraw(visit: AdminVisit): Promise<void> {
  await turnDown(visit, 'withdrawn', (one) => one.by.id === visit.admin.id);
}

/** Denying one's own is taking it back, and has an address of its own; taking another's back is denying it. */
async function turnDown(visit: AdminVisit, said: string, fits: (one: WaitingCase) => boolean): Promise<void> {
  const { mfa, admin, body } = visit;
  try {
    const one = (await casesFor(visit)).find(({ id }) => id === idOf(visit));
    if (one && !fits(one)) return await refuseOther(visit);
    await mfa.deny(idOf(visit), { by: admin, reason: textIn(body, 'reason') ?? '' });
    await goBack(visit, said);
  } catch (error) {
    await refuseAnswer(visit, error);
  }
}

async function refuseOther(visit: AdminVisit): Promise<void> {
  const refusal = refused('admin.not_allowed');
  if (visit.json) return refuseJson(visit, refusal);
  await sendApprovals(visit, await casesFor(visit), { refusal, id: '' });
}

export async function collect(visit: AdminVisit): Promise<void> {
  const { mfa, admin } = visit;
  try {
    const one = (await casesFor(visit)).find(({ id }) => id === idOf(visit));
    const done = await mfa.collect(idOf(visit), { by: admin });
    const person = one && (await personOf(visit, one.userId));
    if (person) await goOnDone(visit, person, wordOf(one.action), done);
  } catch (error) {
    await refuseAnswer(visit, error);
  }
}
