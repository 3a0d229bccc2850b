// `/people`: looks for somebody by what the app's directory knows, or by a whole id; and the lists of the census. What was looked for stands in no address,
// no title and no event; how many were found does.
import type { AdminPeopleModel } from '../pages/admin-models.js';
import { refused } from '../../src/core/words/outcome.js';
import { refuseJson } from '../visit/answers.js';
import type { AdminVisit } from './admin-visit.js';
import { frameOf, sendAdminPage, sendJson } from './page-frame.js';
import { chosenIn, filtersOf, latestFor, listOf, perPage, waiting } from './people-lists.js';
import { findPeople, sealedId } from './people-of.js';
import { rowOf, seeRecord } from './standing.js';
import { textIn } from './typed-fields.js';

const longest = 254;

export async function showPeople(visit: AdminVisit): Promise<void> {
  const chosen = chosenIn(visit);
  const census = await latestFor(visit);
  const filters = await filtersOf(visit, census, chosen);
  const isThere = census !== undefined || chosen?.filter === waiting;
  const list = chosen && isThere ? await listOf(visit, census, chosen) : undefined;
  if (list) tellLook(visit, list.people.length);
  if (visit.json) {
    const counted = census && { asOf: census.startedAt };
    return sendJson(visit, { parts: visit.admin.may, ...counted, ...(filters.length > 0 && { filters }), ...list });
  }
  await sendAdminPage(visit, 'admin/people', {
    ...modelOf(visit),
    ...(filters.length > 0 && { filters }),
    ...(census ? {} : { uncounted: true as const }),
    ...(list && { list }),
  });
}

function modelOf(visit: AdminVisit, refusal?: Parameters<typeof frameOf>[2]): AdminPeopleModel {
  return { ...frameOf(visit, 'people', refusal, 'text'), findAction: `${visit.home}/people` };
}

export async function searchPeople(visit: AdminVisit): Promise<void> {
  const text = textIn(visit.body, 'text');
  if (text === undefined || text.length > longest) {
    const refusal = refused('request.invalid', { field: 'text' });
    if (visit.json) return refuseJson(visit, refusal);
    return sendAdminPage(visit, 'admin/people', modelOf(visit, refusal), refusal);
  }
  const people = await findPeople(visit, text, perPage + 1);
  const shown = people.slice(0, perPage);
  const rows = await Promise.all(shown.map(async (one) => rowOf(visit, one, await seeRecord(visit.mfa, one.id))));
  tellLook(visit, rows.length);
  const more = people.length > perPage;
  if (visit.json) {
    const found = shown.map((one, at) => ({ person: sealedId(visit.mfa, one.id), ...rows[at] }));
    return sendJson(visit, { people: found, more });
  }
  await sendAdminPage(visit, 'admin/people', { ...modelOf(visit), found: rows, more });
}

function tellLook({ mfa, asker, admin }: AdminVisit, found: number): void {
  const { hints, signIn } = asker;
  mfa.kernel.tell({ hints, signIn }, [
    { name: 'admin-viewed', actor: 'admin', by: admin.name, detail: { page: 'people', found } },
  ]);
}
