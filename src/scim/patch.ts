// PATCH of RFC 7644 §3.5.2, in the ways in which Entra ID and Okta write it: the attributes as they shall be, and which of them were
// named. What cannot be applied is an error, never left out.
import { parsePath, type ScimFilter, type ScimPath } from './filter.js';
import { matches } from './matches.js';
import { badRequest } from './scim-error.js';
import { isObject, readValue, topAttributes, named, type Attribute, type Fields } from './schema.js';

/** A user as a request wants them: whole, and which attributes it names. */
export type Wanted = { attributes: Fields; named: ReadonlySet<string> };

type Op = 'add' | 'replace' | 'remove';
const mostOperations = 100;

/**
 * @param current the attributes as they are; not changed
 * @param id of the user: named again it is no change
 * @throws ScimError 400 with its `scimType`
 */
export function applyPatch(current: Fields, body: Fields, id: string): Wanted {
  const operations = body['Operations'] ?? body['operations'];
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > mostOperations)
    throw badRequest('invalidSyntax', `\`Operations\` takes a list of 1 to ${mostOperations}.`);
  const attributes = structuredClone(current);
  const touched = new Set<string>();
  const apply = (op: Op, path: ScimPath, value: unknown): void => {
    if (path.place.some(({ fixed }) => fixed) || path.sub?.fixed)
      throw badRequest('mutability', `\`${path.place[0]?.name ?? ''}\` is read only.`);
    write(attributes, op, path, value);
    touched.add(path.place[0]?.name ?? '');
  };
  for (const each of operations as unknown[]) {
    const { op, path, value } = readOperation(each);
    if (path !== undefined) apply(op, parsePath(path), value);
    else if (op === 'remove') throw badRequest('noTarget', '`remove` takes a path.');
    else if (!isObject(value)) throw badRequest('invalidValue', 'Without a path `value` takes an object.');
    // Okta sends attributes; Entra ID, of old, paths.
    else {
      const all = Object.entries(value).filter(([name]) => name !== 'schemas');
      if (all.length === 0) throw nothingIn('value');
      for (const [name, own] of all) if (!(name === 'id' && own === id)) apply(op, parsePath(name), own);
    }
  }
  return { attributes, named: touched };
}

function readOperation(given: unknown): { op: Op; path?: string; value: unknown } {
  if (!isObject(given)) throw badRequest('invalidSyntax', 'An operation is an object.');
  const { op, path, value } = given;
  const word = typeof op === 'string' ? op.toLowerCase() : '';
  if (word !== 'add' && word !== 'replace' && word !== 'remove')
    throw badRequest('invalidSyntax', '`op` takes add, replace or remove.');
  if (path !== undefined && path !== null && typeof path !== 'string')
    throw badRequest('invalidPath', '`path` takes a text.');
  return { op: word, value, ...(typeof path === 'string' && path !== '' ? { path } : {}) };
}

function write(attributes: Fields, op: Op, { place, filter, sub }: ScimPath, value: unknown): void {
  const [own, ...parents] = [...place].reverse() as [Attribute, ...Attribute[]];
  let holder = attributes;
  for (const parent of parents.reverse()) {
    if (parent.many) return writeInEach(holder, op, parent, own, value);
    if (op === 'remove' && !isObject(holder[parent.name])) return;
    holder = (isObject(holder[parent.name]) ? holder[parent.name] : (holder[parent.name] = {})) as Fields;
  }
  if (filter) writeInSome(holder, op, own, { filter, ...(sub && { sub }) }, value);
  else if (op === 'remove') remove(holder, own, value);
  else put(holder, op, own, value);
}

/** `emails.value`, without saying which: of all that there are. */
function writeInEach(holder: Fields, op: Op, list: Attribute, part: Attribute, value: unknown): void {
  const values = listIn(holder, list);
  if (values.length === 0) throw badRequest('noTarget', `There is nothing in \`${list.name}\`.`);
  for (const each of values)
    if (op === 'remove') remove(each, part, undefined);
    else put(each, op, part, value);
}

function writeInSome(
  holder: Fields,
  op: Op,
  list: Attribute,
  { filter, sub }: { filter: ScimFilter; sub?: Attribute },
  value: unknown,
): void {
  const values = listIn(holder, list);
  let chosen = values.filter((each) => matches(filter, each));
  if (chosen.length === 0 && op === 'add') {
    // Entra ID adds a value by saying what it shall fit.
    const made = madeFor(filter);
    if (made) values.push(...(chosen = [made]));
  }
  if (chosen.length === 0) throw badRequest('noTarget', `Nothing in \`${list.name}\` fits the filter.`);
  if (op === 'remove' && !sub) holder[list.name] = values.filter((each) => !chosen.includes(each));
  else holder[list.name] = values;
  for (const each of chosen) {
    if (op !== 'remove' && !sub) Object.assign(each, readPart(list, value));
    else if (op !== 'remove' && sub) put(each, op, sub, value);
    else if (sub) remove(each, sub, undefined);
  }
  if (chosen.some((each) => each['primary'] === true))
    for (const each of values) if (!chosen.includes(each)) delete each['primary'];
}

/** An answer of 200 would say that it is done. */
function nothingIn(name: string): Error {
  return badRequest('invalidValue', `There is nothing in \`${name}\` that can be written.`);
}

function readPart({ many: _one, ...list }: Attribute, value: unknown): Fields {
  const read = readValue(list, value);
  if (isObject(read) && Object.keys(read).length === 0) throw nothingIn(list.name);
  if (isObject(read)) return read;
  throw badRequest('invalidValue', `A value of \`${list.name}\` is an object.`);
}

/** The value that a filter of equalities describes. */
function madeFor(filter: ScimFilter): Fields | undefined {
  if (filter.op === 'eq') return { [filter.path]: filter.value };
  if (filter.op !== 'and') return undefined;
  const [left, right] = filter.filters.map(madeFor);
  return left && right && { ...left, ...right };
}

function listIn(holder: Fields, { name }: Attribute): Fields[] {
  const list = holder[name];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function remove(holder: Fields, own: Attribute, value: unknown): void {
  if (own.required || own.name === 'active') throw badRequest('invalidValue', `\`${own.name}\` cannot be removed.`);
  if (!own.many || value === undefined || value === null) {
    Reflect.deleteProperty(holder, own.name);
    return;
  }
  const gone = new Set((readValue(own, value) as unknown[]).map((each) => (isObject(each) ? each['value'] : each)));
  const values = listIn(holder, own);
  const left = values.filter((each) => !gone.has(each['value']));
  if (left.length === values.length) throw badRequest('noTarget', `There is no such value in \`${own.name}\`.`);
  holder[own.name] = left;
}

function put(holder: Fields, op: Op, own: Attribute, given: unknown): void {
  const value = readValue(own, given);
  const isEmpty = (each: unknown) => isObject(each) && Object.keys(each).length === 0;
  if (Array.isArray(value) && value.some(isEmpty)) throw nothingIn(own.name);
  // To be null is to be nothing (RFC 7643 §2.5).
  if (value === undefined) remove(holder, own, undefined);
  else if (own.many && op === 'add') holder[own.name] = withAdded(listIn(holder, own), value as Fields[]);
  else if (isObject(value)) holder[own.name] = merged(holder, own, given, value);
  else holder[own.name] = value;
}

/** Part by part; one that is null goes. */
function merged(holder: Fields, own: Attribute, given: unknown, value: Fields): Fields {
  const gone = Object.entries(isObject(given) ? given : {}).flatMap(([name, part]) =>
    part === null ? (named(name, own.sub ?? [])?.name ?? []) : [],
  );
  if (Object.keys(value).length + gone.length === 0) throw nothingIn(own.name);
  const before = holder[own.name];
  const all = { ...(isObject(before) ? before : {}), ...value };
  for (const name of gone) Reflect.deleteProperty(all, name);
  return all;
}

function withAdded(values: Fields[], added: Fields[]): Fields[] {
  const there = new Set(values.map((each) => JSON.stringify(each)));
  const news = added.filter((one) => !there.has(JSON.stringify(one)));
  if (news.some((each) => each['primary'] === true)) for (const each of values) delete each['primary'];
  return [...values, ...news];
}

/** A whole user that was sent, over what stands: what is not named stays as it is. */
export function applyWhole(current: Fields, sent: Fields): Wanted {
  const attributes = structuredClone(current);
  const touched = new Set<string>();
  for (const [name, value] of Object.entries(sent)) {
    const attribute = named(name, topAttributes);
    if (!attribute || attribute.fixed) continue;
    const read = readValue(attribute, value);
    if (read === undefined) remove(attributes, attribute, undefined);
    else attributes[attribute.name] = read;
    touched.add(attribute.name);
  }
  return { attributes, named: touched };
}
