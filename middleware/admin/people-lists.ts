// Lists of people: what the latest census found, by filter, each of whom is shown as they stand now. A filter is a name of a list, and
// its count a number of the overview.
import { censusLists } from '../../src/core/rules/headcount.js';
import type { Census } from '../../src/core/kernel/stats.js';
import { MfaError } from '../../src/core/words/errors.js';
import type { AdminPeopleModel, PersonRow } from '../pages/admin-models.js';
import type { AdminVisit } from './admin-visit.js';
import { personOf, sealedId } from './people-of.js';
import { rowOf, seeRecord } from './standing.js';

export const perPage = 50;

/** Whose figures these are: everybody's, or those of the administrator's tenant. */
export function scopeOf({ admin }: Pick<AdminVisit, 'admin'>): string {
  return admin.tenant ?? '';
}

/** The latest census, for this administrator. */
export async function latestFor(visit: AdminVisit): Promise<Census | undefined> {
  const stats = await visit.mfa.counting.stats();
  return stats?.latest(scopeOf(visit));
}

/** Offered whether or not anybody is in them; others only where somebody is. */
const always: readonly string[] = ['all', 'protected', 'none', 'weak', 'low', 'expiring', 'locked', 'disabled'];

/** The address of a list. */
export function listUrl(
  { home }: Pick<AdminVisit, 'home'>,
  filter: string,
  more: { admin?: 'yes'; after?: number } = {},
): string {
  const search = new URLSearchParams({
    filter,
    ...(more.admin && { admin: more.admin }),
    ...(more.after ? { after: String(more.after) } : {}),
  });
  return `${home}/people?${search.toString()}`;
}

export type Chosen = { filter: string; isAdmin: boolean; after: number };

/** @throws MfaError `request.invalid` for a list that there is not */
export function chosenIn({ req, mfa }: AdminVisit): Chosen | undefined {
  const { filter, admin, after = '0' } = req.query;
  if (filter === undefined || filter === '') return undefined;
  const kinds = mfa.kernel.factors.map(({ kind }) => `kind/${kind}`);
  if (typeof filter !== 'string' || ![...censusLists, ...kinds].includes(filter)) throw invalid('filter');
  if (admin !== undefined && admin !== 'yes' && admin !== '') throw invalid('admin');
  if (typeof after !== 'string' || !/^\d{1,9}$/.test(after)) throw invalid('after');
  return { filter, isAdmin: admin === 'yes', after: Number(after) };
}

function invalid(field: string): MfaError {
  return new MfaError('request.invalid', `The filter "${field}" cannot be used as it is.`, { details: { field } });
}

export type Listed = NonNullable<AdminPeopleModel['list']> & { people: (PersonRow & { person: string })[] };

export async function listOf(visit: AdminVisit, { counts, startedAt }: Census, chosen: Chosen): Promise<Listed> {
  const { filter, isAdmin, after } = chosen;
  const name = isAdmin ? `${filter}/admins` : filter;
  const stats = await visit.mfa.counting.stats();
  const ids = (await stats?.list({ name, scope: scopeOf(visit), after, limit: perPage })) ?? [];
  const rows = await Promise.all(
    ids.map(async (id) => {
      // One who left the tenant since is not there any more.
      const person = await personOf(visit, id);
      return person && { person: sealedId(visit.mfa, id), ...rowOf(visit, person, await seeRecord(visit.mfa, id)) };
    }),
  );
  const total = counts[name] ?? 0;
  const admin = isAdmin ? { admin: 'yes' as const } : {};
  const end = after + ids.length;
  return {
    filter,
    ...(isAdmin ? { isAdmin: true as const } : {}),
    asOf: startedAt,
    total,
    from: ids.length === 0 ? 0 : after + 1,
    to: end,
    people: rows.filter((row) => row !== undefined),
    ...(ids.length === perPage && end < total ? { nextUrl: listUrl(visit, filter, { ...admin, after: end }) } : {}),
    ...(after > 0 ? { firstUrl: listUrl(visit, filter, admin) } : {}),
  };
}

/** The filters with their counts. */
export function filtersOf(
  visit: AdminVisit,
  { counts }: Census,
  chosen?: Chosen,
): NonNullable<AdminPeopleModel['filters']> {
  return censusLists
    .filter((filter) => always.includes(filter) || (counts[filter] ?? 0) > 0 || chosen?.filter === filter)
    .map((filter) => ({
      filter,
      people: counts[filter] ?? 0,
      url: listUrl(visit, filter),
      ...(chosen?.filter === filter && !chosen.isAdmin ? { current: true as const } : {}),
    }));
}
