// Entries of the audit log, as far as an administrator may read them: of their own tenant alone, where they have one, and with no
// address in full. Reads page by page, never the log at once.
import { maskLabel } from '../../src/core/words/mask.js';
import { MfaError } from '../../src/core/words/errors.js';
import type { AdminVisit } from './admin-visit.js';
import { personOf } from './people-of.js';
import type { Query } from './audit-query.js';
import type { Audit, Entry } from './story.js';

/** @throws MfaError `session.verification_session_not_found` where the app keeps none */
export function auditOf({ mfa }: AdminVisit): Audit {
  if (mfa.audit) return mfa.audit;
  throw new MfaError('session.verification_session_not_found', 'This app keeps no audit log.');
}

/** Whether an entry is about the administrator's tenant. People are asked for once. */
export function theirsOnly(visit: AdminVisit): (entry: Entry) => Promise<boolean> {
  const { tenant } = visit.admin;
  const known = new Map<string, boolean>();
  return async ({ subject }) => {
    if (tenant === undefined) return true;
    if (!subject) return false;
    if (subject.tenant !== undefined) return subject.tenant === tenant;
    const there = known.get(subject.id) ?? (await personOf(visit, subject.id)) !== undefined;
    // People are many, and an export is long.
    if (known.size < 10_000) known.set(subject.id, there);
    return there;
  };
}

export function withoutAddresses(entry: Entry): Entry {
  const { actor, subject } = entry;
  return {
    ...entry,
    actor: actor.id === undefined ? actor : { ...actor, id: maskLabel(actor.id) },
    ...(subject ? { subject: { ...subject, id: maskLabel(subject.id) } } : {}),
  };
}

/** All that fits, newest first, a page of the log at a time. */
export async function* entriesOf(visit: AdminVisit, query: Query): AsyncGenerator<Entry[]> {
  const audit = auditOf(visit);
  const isTheirs = theirsOnly(visit);
  for (let cursor: string | undefined; ;) {
    const page = await audit.read({ ...query, limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    const theirs: Entry[] = [];
    for (const entry of page.entries) if (await isTheirs(entry)) theirs.push(entry);
    yield theirs;
    cursor = page.cursor;
    if (cursor === undefined) return;
  }
}
