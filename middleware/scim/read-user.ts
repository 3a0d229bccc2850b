// People as a directory reads them: what the host finds, with what we say of each. Nobody is shown whom the host did not say this
// tenant may see, and no list is longer or other than what was asked for.
import { isEnded } from '../../src/core/operators/suspend.js';
import type { MfaRecord } from '../../src/core/kernel/record.js';
import { isMfaError } from '../../src/core/words/errors.js';
import { idTextOf } from '../../src/core/words/user-id.js';
import { parseFilter } from '../../src/scim/filter.js';
import { matches } from '../../src/scim/matches.js';
import { mostResults } from '../../src/scim/discovery.js';
import { badRequest, ScimError } from '../../src/scim/scim-error.js';
import { topAttributes, type Fields } from '../../src/scim/schema.js';
import {
  attributesOf,
  chosen,
  ownOf,
  presented,
  type ScimQuery,
  type ScimUser,
  type ScimUsers,
} from '../../src/scim/users.js';
import { sendJson } from '../http/send-json.js';
import { scimType } from './scim-gate.js';
import { asked, hostFailed, type ScimVisit } from './scim-visit.js';

/** @throws MfaError `host.user_failed`, also where somebody was found who was not asked for */
export async function findUsers(
  { options, tenant }: ScimVisit,
  query: ScimQuery,
): Promise<{ users: ScimUser[]; total: number }> {
  const found = await asked('find', () => options.users.find(query, tenant));
  const { users, total } = found as { users?: unknown; total?: unknown };
  if (!Array.isArray(users) || !Number.isInteger(total))
    throw hostFailed('`users.find` takes { users, total } to answer');
  const all = users.map((user: ScimUser) => hostUser(user, 'find'));
  // A directory takes the one who is found for the one it asked for, and goes on to change them.
  if (all.some((user) => !matches(query.filter, user)))
    throw hostFailed('`users.find` found somebody whom the filter leaves out');
  return { users: all.slice(0, query.count), total: total as number };
}

/** Who has this id. Somebody whose account ended is nobody, whatever the host keeps of them. */
export async function userAt({ mfa, options, tenant }: ScimVisit, id: string): Promise<ScimUser | undefined> {
  const user = await asked('get', () => options.users.get(id, tenant));
  if (!user) return undefined;
  const own = hostUser(user, 'get', id);
  const record = await recordOf(mfa.kernel.store.load(id));
  return isEnded(record) ? undefined : own;
}

/** What the host says of somebody, with the id as text. @throws MfaError `host.user_failed` for what could mislead a directory */
export function hostUser(user: ScimUser, from: keyof ScimUsers, id?: string): ScimUser {
  const { id: given, userName, active } = user as { id?: unknown; userName?: unknown; active?: unknown };
  const text = idTextOf(given);
  if (!text || text.length > 255 || (id !== undefined && text !== id))
    throw hostFailed(`\`users.${from}\` answered another id`);
  if (typeof userName !== 'string') throw hostFailed(`\`users.${from}\` answered somebody without \`userName\``);
  // `0` of SQLite and MySQL is no `false`: whoever was let go would be shown as active.
  if (active !== undefined && active !== null && typeof active !== 'boolean')
    throw hostFailed(
      `\`users.${from}\` answered an \`active\` that is neither true nor false: \`Boolean(row.active)\``,
    );
  // By name: a row of an object mapper has its fields as getters, of which a copy would have none.
  const fields = topAttributes.map(({ name }) => [name, user[name]]);
  return { ...(JSON.parse(JSON.stringify(Object.fromEntries(fields))) as ScimUser), id: text };
}

/** What the directory may write of a user, as they are. */
export function keptOf(user: ScimUser): Fields {
  try {
    return attributesOf(user);
  } catch (cause) {
    throw hostFailed('what `users` answered is not as SCIM has it', cause);
  }
}

export function unknown(): ScimError {
  return new ScimError(404, 'There is no such user.');
}

/** Of a record that is not believed nothing is said. */
async function recordOf(loading: Promise<{ record?: MfaRecord }>): Promise<MfaRecord | undefined> {
  return loading.then(
    ({ record }) => record,
    (error: unknown) => {
      if (isMfaError(error) && error.code === 'store.record_altered') return undefined;
      throw error;
    },
  );
}

/** A user with their version, and whether they are there at all. */
export async function shown({ mfa, base }: ScimVisit, user: ScimUser): Promise<Fields & { meta: Fields }> {
  const record = await recordOf(mfa.kernel.store.load(user.id));
  const fields = presented(user, ownOf(record), `${base}/Users/${encodeURIComponent(user.id)}`);
  const version = `W/"${mfa.kernel.sealer.hashToken(JSON.stringify(fields)).slice(0, 22)}"`;
  return { ...fields, meta: { ...(fields['meta'] as Fields), version } };
}

export async function answerUser(visit: ScimVisit, user: ScimUser, status: 200 | 201): Promise<void> {
  const { req, res } = visit;
  const whole = await shown(visit, user);
  const version = whole.meta['version'] as string;
  res.setHeader('ETag', version);
  if (status === 201) res.setHeader('Location', whole.meta['location'] as string);
  if (['GET', 'HEAD'].includes(req.method) && names(req.headers['if-none-match'], version)) {
    res.statusCode = 304;
    res.end();
    return;
  }
  const query = queryOf(visit);
  const fields = chosen(whole, one(query, 'attributes'), one(query, 'excludedAttributes'));
  sendJson(res, fields, status, scimType);
}

/** Whether a list of entity tags names this one; compared weakly (RFC 9110 §8.8.3.2). */
export function names(header: string | undefined, version: string): boolean {
  if (header === undefined) return false;
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((tag) => plain(tag) === plain(version));
}

/** By ourselves: a host whose parser leaves a filter out would hand out everybody. */
export function queryOf({ req }: ScimVisit): URLSearchParams {
  const at = req.originalUrl.indexOf('?');
  return new URLSearchParams(at === -1 ? '' : req.originalUrl.slice(at + 1));
}

function one(query: URLSearchParams, name: string): string | undefined {
  const given = query.getAll(name);
  if (given.length > 1)
    throw badRequest(name === 'filter' ? 'invalidFilter' : 'invalidValue', `\`${name}\` is given twice.`);
  return given[0];
}

function wholeNumber(query: URLSearchParams, name: string, usual: number, least: number): number {
  const given = one(query, name);
  if (given === undefined) return usual;
  if (!/^-?\d{1,9}$/.test(given)) throw badRequest('invalidValue', `\`${name}\` takes a whole number.`);
  return Math.max(least, Number(given));
}

/** A page of people, by a query or the body of a search. */
export async function answerList(visit: ScimVisit, query: URLSearchParams): Promise<void> {
  const given = one(query, 'filter');
  const startIndex = wholeNumber(query, 'startIndex', 1, 1);
  const count = Math.min(mostResults, wholeNumber(query, 'count', 100, 0));
  const filter = given === undefined ? undefined : parseFilter(given);
  const { users, total } = await findUsers(visit, { ...(filter && { filter }), startIndex, count });
  const pick = [one(query, 'attributes'), one(query, 'excludedAttributes')] as const;
  const resources: Fields[] = [];
  // A few at a time: people who sign in wait for the same store.
  for (let at = 0; at < users.length; at += 10) {
    const some = await Promise.all(users.slice(at, at + 10).map((user) => shown(visit, user)));
    resources.push(...some.map((each) => chosen(each, ...pick)));
  }
  answerPage(visit, resources, total, startIndex);
}

export function answerPage(
  { res }: ScimVisit,
  resources: readonly Fields[],
  total = resources.length,
  startIndex = 1,
): void {
  const page = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
  sendJson(res, page, 200, scimType);
}
