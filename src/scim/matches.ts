// Whether a user fits a filter, in memory: for hosts whose people are few, and to see that what a host found was asked for.
import type { ScimFilter } from './filter.js';
import { isObject, topAttributes, type Fields } from './schema.js';

/** Whether `user`, written as SCIM writes users, fits. Without a filter everybody does. */
export function matches(filter: ScimFilter | undefined, user: object): boolean {
  return filter === undefined || fits(filter, user as Fields);
}

function fits(filter: ScimFilter, fields: Fields): boolean {
  switch (filter.op) {
    case 'and':
      return filter.filters.every((each) => fits(each, fields));
    case 'or':
      return filter.filters.some((each) => fits(each, fields));
    case 'not':
      return !fits(filter.filter, fields);
    case 'has':
      return valuesAt(fields, filter.path).some((value) => isObject(value) && fits(filter.filter, value));
    case 'pr':
      return valuesAt(fields, filter.path).some(isPresent);
    default:
      return compares(filter, valuesAt(fields, filter.path).filter(isPresent));
  }
}

type Compared = Extract<ScimFilter, { value: unknown }>;

function compares(filter: Compared, values: unknown[]): boolean {
  const { op, value } = filter;
  if (op === 'ne') return !compares({ ...filter, op: 'eq' }, values);
  if (value === null) return values.length === 0;
  // Absent is false where a flag is asked for, `active` aside, which is true unless it is said otherwise.
  if (typeof value === 'boolean' && values.length === 0) return value === (filter.path === 'active');
  return values.some((each) => comparesOne(filter, each));
}

function comparesOne({ op, value, exact, isTime }: Compared, own: unknown): boolean {
  const plain = (one: unknown): unknown => {
    if (typeof one !== 'string') return one;
    return isTime ? Date.parse(one) : exact ? one : one.toLowerCase();
  };
  const [a, b] = [plain(own instanceof Date ? own.toISOString() : own), plain(value)];
  if (op === 'eq') return a === b;
  if (typeof a !== typeof b || typeof a === 'boolean') return false;
  const [left, right] = [a as string, b as string];
  if (op === 'gt') return left > right;
  if (op === 'ge') return left >= right;
  if (op === 'lt') return left < right;
  if (op === 'le') return left <= right;
  if (typeof left !== 'string') return false;
  return op === 'co' ? left.includes(right) : op === 'sw' ? left.startsWith(right) : left.endsWith(right);
}

function isPresent(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return Array.isArray(value) ? value.length > 0 : !isObject(value) || Object.values(value).some(isPresent);
}

/** All that stands at a path, of a list each of its values. */
function valuesAt(fields: Fields, path: string): unknown[] {
  const urn = topAttributes.find(({ name }) => name.startsWith('urn:') && path.startsWith(name))?.name;
  const rest = urn === undefined ? path : path.slice(urn.length + 1);
  const names = [...(urn === undefined ? [] : [urn]), ...(rest === '' ? [] : rest.split('.'))];
  let found: unknown[] = [fields];
  for (const name of names) found = found.flatMap((each) => (isObject(each) ? [each[name]].flat() : []));
  return found;
}
