// `/audit`: the log by person, event, outcome, day and sign-in; when it was last verified, and by whom; verifying it, and asking for
// what is personal to be erased. Each look is an entry of its own.
import { refused, type Refused } from '../../src/core/words/outcome.js';
import type { AdminAuditModel, AuditRow } from '../pages/admin-models.js';
import { goOn, refuseJson } from '../visit/answers.js';
import { refusalIn } from './act.js';
import type { AdminVisit } from './admin-visit.js';
import { auditOf, theirsOnly, withoutAddresses } from './audit-entries.js';
import { asSearch, eventGroups, filtersIn, queryOf, type Filters, type Query } from './audit-query.js';
import { leaveSaid, takeDraft, takeSaid } from './left-behind.js';
import { frameOf, sendAdminPage, sendJson } from './page-frame.js';
import { openedId, personAt, personOf, nameForAdmins, sealedId, type Person } from './people-of.js';
import { storyEntry, type Entry } from './story.js';
import { textIn, typedIn } from './typed-fields.js';

const perPage = 50;
/** Pages of the log that are looked at for one of ours, where most of it is of other tenants. */
const mostPages = 10;

type Found = { entries: Entry[]; cursor?: string; partial?: true };

async function pageOf(visit: AdminVisit, query: Query, cursor?: string): Promise<Found> {
  const audit = auditOf(visit);
  const isTheirs = theirsOnly(visit);
  const entries: Entry[] = [];
  let next = cursor;
  for (let page = 0; page < mostPages; page += 1) {
    const told = page === 0 ? { by: visit.admin.name } : {};
    const found = await audit.read({
      ...query,
      ...told,
      limit: perPage,
      ...(next === undefined ? {} : { cursor: next }),
    });
    for (const entry of found.entries) if (await isTheirs(entry)) entries.push(entry);
    next = found.cursor;
    if (next === undefined) return { entries };
    if (visit.admin.tenant === undefined) return { entries, cursor: next, ...(found.partial ? { partial: true } : {}) };
    if (entries.length >= perPage) break;
  }
  return { entries, ...(next === undefined ? {} : { cursor: next }) };
}

export async function showAudit(visit: AdminVisit): Promise<void> {
  const given: unknown = visit.req.query['cursor'];
  const cursor = typeof given === 'string' && given !== '' ? given : undefined;
  const filters = filtersIn(visit);
  const { query, person } = await queryOf(visit, filters);
  const found = await pageOf(visit, query, cursor);
  if (visit.json) return sendJson(visit, { ...found, entries: found.entries.map(withoutAddresses) });
  await sendAudit(visit, filters, found, person, cursor !== undefined);
}

async function sendAudit(
  visit: AdminVisit,
  filters: Filters,
  { entries, cursor, partial }: Found,
  person: Person | undefined,
  isOlder: boolean,
  refusal?: Refused,
): Promise<void> {
  const { home, mfa } = visit;
  const url = `${home}/audit`;
  const draft = refusal ? { about: `${url}/erase`, fields: typedIn(visit.body) } : await takeDraft(visit);
  const done = refusal ? undefined : await takeSaid(visit, url);
  const verified = await lastVerified(visit);
  const model: AdminAuditModel = {
    ...frameOf(visit, 'audit', refusal, refusal?.reason === 'admin.reason_missing' ? 'erase-reason' : undefined),
    ...(done === undefined ? {} : { done }),
    action: url,
    filters,
    groups: Object.keys(eventGroups),
    ...(person ? { person: { name: person.name, url: `${home}/people/${sealedId(mfa, person.id)}` } } : {}),
    entries: await Promise.all(entries.map((entry) => rowOf(visit, entry))),
    ...(cursor === undefined ? {} : { olderUrl: `${url}${asSearch(filters, cursor)}` }),
    ...(isOlder ? { newestUrl: `${url}${asSearch(filters)}` } : {}),
    ...(partial ? { partial } : {}),
    csvUrl: `${url}.csv${asSearch(filters)}`,
    jsonUrl: `${url}.jsonl${asSearch(filters)}`,
    // Whose tenant is one of several reads a part of the log, and says nothing of the whole.
    ...(visit.admin.tenant === undefined ? { verifyAction: `${url}/verify` } : {}),
    ...(verified ? { verified } : {}),
    ...(person && filters.person !== undefined && person.id !== visit.admin.id
      ? {
          erase: {
            action: `${url}/erase`,
            person: filters.person,
            ...(draft?.about === `${url}/erase` ? { typed: draft.fields } : {}),
          },
        }
      : {}),
  };
  await sendAdminPage(visit, 'admin/audit', model, refusal);
}

async function rowOf(visit: AdminVisit, entry: Entry): Promise<AuditRow> {
  const { subject, personal, flow } = entry;
  const person = subject && (await personOf(visit, subject.id).catch(() => undefined));
  const ip = personal.ip ?? personal.ipText;
  return {
    ...storyEntry(visit, entry),
    ...(subject
      ? {
          person: {
            name: person?.name ?? nameForAdmins(subject.id),
            url: `${visit.home}/people/${sealedId(visit.mfa, subject.id)}`,
          },
        }
      : {}),
    ...(ip === undefined ? {} : { ip }),
    ...(personal.reasonText === undefined ? {} : { why: personal.reasonText }),
    ...(flow === undefined ? {} : { flowUrl: `${visit.home}/audit?flow=${encodeURIComponent(flow)}` }),
  };
}

type Verified = NonNullable<AdminAuditModel['verified']>;
async function lastVerified(visit: AdminVisit): Promise<Verified | undefined> {
  const last = await auditOf(visit).lastVerified();
  return (
    last && {
      at: Math.floor(Date.parse(last.time) / 1000),
      by: nameForAdmins(last.actor.id ?? last.actor.type),
      sound: last.detail?.['sound'] === true,
    }
  );
}

export async function verifyAudit(visit: AdminVisit): Promise<void> {
  const audit = auditOf(visit);
  if (visit.admin.tenant !== undefined) {
    const refusal = refused('admin.not_allowed');
    if (visit.json) return refuseJson(visit, refusal);
    return sendAudit(visit, {}, { entries: [] }, undefined, false, refusal);
  }
  const found = await audit.verify({ by: visit.admin.name });
  await audit.settled();
  if (visit.json) return sendJson(visit, found);
  const url = `${visit.home}/audit`;
  await leaveSaid(visit, { what: found.sound ? 'verified' : 'log-broken', about: url });
  await goOn(visit, { step: 'done', url });
}

/** Programs may name the person by id. */
function sealedIn({ body, mfa }: AdminVisit): string | undefined {
  const sealed = textIn(body, 'person');
  const userId = textIn(body, 'userId');
  return sealed ?? (userId === undefined ? undefined : sealedId(mfa, userId));
}

export async function eraseAudit(visit: AdminVisit): Promise<void> {
  auditOf(visit);
  const sealed = sealedIn(visit);
  const person = await personAt(visit, sealed);
  const url = `${visit.home}/audit`;
  try {
    const ticket = textIn(visit.body, 'ticket');
    const { done, case: waits } = await visit.mfa.requestAction('erase', person.id, {
      by: visit.admin,
      reason: textIn(visit.body, 'reason') ?? '',
      ...(ticket === undefined ? {} : { ticket }),
    });
    if (!done) return await refuseErase(visit, person, refused('admin.approval_required', { case: waits.id }));
    if (!visit.json) await leaveSaid(visit, { what: 'erase', about: url });
    await goOn(visit, { step: 'done', url });
  } catch (error) {
    await refuseErase(visit, person, refusalIn(error));
  }
}

async function refuseErase(visit: AdminVisit, person: Person, refusal: Refused): Promise<void> {
  if (visit.json) return refuseJson(visit, refusal);
  const filters = { person: sealedId(visit.mfa, person.id) };
  const found = await pageOf(visit, { userId: person.id });
  await sendAudit(visit, filters, found, person, false, refusal);
}

/** The page with the form for erasing. */
export function erasePage(visit: AdminVisit): string {
  const id = openedId(visit.mfa, sealedIn(visit));
  return id === undefined ? '/audit' : `/audit${asSearch({ person: sealedId(visit.mfa, id) })}`;
}
