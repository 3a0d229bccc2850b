// Lists of people: what the latest census found, by filter, and of whom a case waits; each is shown as they stand now. A filter is a
// name of a list, and its count a number of the overview.
import { censusLists, mostLeft } from '../../src/core/rules/headcount.js';
import type { Census } from '../../src/core/kernel/stats.js';
import { MfaError } from '../../src/core/words/errors.js';
import type { AdminPeopleModel, PersonRow } from '../pages/admin-models.js';
import { hasRight, type AdminVisit } from './admin-visit.js';
import { casesFor } from './case-models.js';
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

/** Of whom a case waits: no list of the census, but live; for whoever may answer it. */
export const waiting = 'waiting';

export type Chosen = { filter: string; isAdmin: boolean; after: number };

/** @throws MfaError `request.invalid` for a list that there is not */
export function chosenIn({ req, mfa, admin }: AdminVisit): Chosen | undefined {
  const { filter, admin: only, after = '0' } = req.query;
  if (filter === undefined || filter === '') return undefined;
  const kinds = mfa.kernel.factors.map(({ kind }) => `kind/${kind}`);
  const left = Array.from({ length: mostLeft + 1 }, (_, codes) => `left/${codes}`);
  const known = [...censusLists, ...kinds, ...left, ...(hasRight(admin, ['decide']) ? [waiting] : [])];
  if (typeof filter !== 'string' || !known.includes(filter)) throw invalid('filter');
  if (only !== undefined && only !== 'yes' && only !== '') throw invalid('admin');
  if (typeof after !== 'string' || !/^\d{1,9}$/.test(after)) throw invalid('after');
  return { filter, isAdmin: only === 'yes', after: Number(after) };
}

function invalid(field: string): MfaError {
  return new MfaError('request.invalid', `The filter "${field}" cannot be used as it is.`, { details: { field } });
}

export type Listed = NonNullable<AdminPeopleModel['list']> & { people: (PersonRow & { person: string })[] };

type Part = { ids: string[]; total: number; asOf?: number };

async function partOf(visit: AdminVisit, census: Census | undefined, chosen: Chosen): Promise<Part> {
  const { filter, isAdmin, after } = chosen;
  if (filter === waiting) {
    const ids = await waitingIds(visit, isAdmin);
    return { ids: ids.slice(after, after + perPage), total: ids.length };
  }
  const name = isAdmin ? `${filter}/admins` : filter;
  const stats = await visit.mfa.counting.stats();
  const ids = (await stats?.list({ name, scope: scopeOf(visit), after, limit: perPage })) ?? [];
  return { ids, total: census?.counts[name] ?? 0, ...(census ? { asOf: census.startedAt } : {}) };
}

async function waitingIds(visit: AdminVisit, onlyAdmins: boolean): Promise<string[]> {
  const ids = [...new Set((await casesFor(visit)).map(({ userId }) => userId))];
  if (!onlyAdmins) return ids;
  const people = await Promise.all(ids.map((id) => personOf(visit, id)));
  return people.flatMap((person) => (person?.isAdmin === true ? [person.id] : []));
}

export async function listOf(visit: AdminVisit, census: Census | undefined, chosen: Chosen): Promise<Listed> {
  const { filter, isAdmin, after } = chosen;
  const { ids, total, asOf } = await partOf(visit, census, chosen);
  const rows = await Promise.all(
    ids.map(async (id) => {
      // One who left the tenant since is not there any more.
      const person = await personOf(visit, id);
      return person && { person: sealedId(visit.mfa, id), ...rowOf(visit, person, await seeRecord(visit.mfa, id)) };
    }),
  );
  const admin = isAdmin ? { admin: 'yes' as const } : {};
  const end = after + ids.length;
  return {
    filter,
    ...(isAdmin ? { isAdmin: true as const } : {}),
    ...(asOf === undefined ? {} : { asOf }),
    total,
    from: ids.length === 0 ? 0 : after + 1,
    to: end,
    people: rows.filter((row) => row !== undefined),
    ...(ids.length === perPage && end < total ? { nextUrl: listUrl(visit, filter, { ...admin, after: end }) } : {}),
    ...(after > 0 ? { firstUrl: listUrl(visit, filter, admin) } : {}),
  };
}

/** The filters with their counts: of the census, and of what waits. */
export async function filtersOf(
  visit: AdminVisit,
  census: Census | undefined,
  chosen?: Chosen,
): Promise<NonNullable<AdminPeopleModel['filters']>> {
  const { counts = {} } = census ?? {};
  const wait = hasRight(visit.admin, ['decide']) ? (await waitingIds(visit, false)).length : 0;
  const isShown = (filter: string, people: number) => people > 0 || chosen?.filter === filter;
  const filters: [filter: string, people: number][] = [
    ...(isShown(waiting, wait) ? [[waiting, wait] as [string, number]] : []),
    ...censusLists
      .map((filter): [string, number] => [filter, counts[filter] ?? 0])
      .filter(([filter, people]) => census && (always.includes(filter) || isShown(filter, people))),
  ];
  return filters.map(([filter, people]) => ({
    filter,
    people,
    url: listUrl(visit, filter),
    ...(chosen?.filter === filter && !chosen.isAdmin ? { current: true as const } : {}),
  }));
}
