// What a user of SCIM has (RFC 7643 §4), as one table: names, kinds of value, what may be written. Filters, requests, answers and
// `/Schemas` are read by it.
import { badRequest } from './scim-error.js';

export type Attribute = {
  name: string;
  type: 'string' | 'boolean' | 'complex' | 'dateTime';
  many?: true;
  /** Compared with regard to case. */
  exact?: true;
  /** Read only. */
  fixed?: true;
  required?: true;
  sub?: readonly Attribute[];
};

/** What is in a JSON object. */
export type Fields = { [name: string]: unknown };

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** What we say of a user; read only. */
export const ownUrn = 'urn:ietf:params:scim:schemas:extension:express-mfa:2.0:User';

const text = (name: string): Attribute => ({ name, type: 'string' });
const flag = (name: string): Attribute => ({ name, type: 'boolean' });
const group = (name: string, ...names: string[]): Attribute => ({ name, type: 'complex', sub: names.map(text) });
const list = (name: string, ...names: string[]): Attribute => ({
  name,
  type: 'complex',
  many: true,
  sub: [...names.map(text), text('type'), flag('primary')],
});
const values = (name: string): Attribute => list(name, 'value', 'display');
const fixed = (attribute: Attribute): Attribute => ({ ...attribute, fixed: true });
const time = (name: string): Attribute => fixed({ name, type: 'dateTime' });

export const userAttributes: readonly Attribute[] = [
  { ...text('userName'), required: true },
  group('name', 'formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'),
  ...['displayName', 'nickName', 'profileUrl', 'title', 'userType', 'preferredLanguage', 'locale', 'timezone'].map(
    text,
  ),
  flag('active'),
  ...['emails', 'phoneNumbers', 'ims', 'photos', 'entitlements', 'roles', 'x509Certificates'].map(values),
  list('addresses', 'formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'),
  fixed(list('groups', 'value', '$ref', 'display')),
];
export const enterpriseAttributes: readonly Attribute[] = [
  ...['employeeNumber', 'costCenter', 'organization', 'division', 'department'].map(text),
  group('manager', 'value', '$ref', 'displayName'),
];
export const ownAttributes: readonly Attribute[] = [
  fixed(flag('protected')),
  fixed({ ...text('factors'), many: true }),
  time('enrolledAt'),
];

/** All that stands at the top of a user, an extension as one attribute. */
export const topAttributes: readonly Attribute[] = [
  fixed({ ...text('id'), exact: true }),
  { ...text('externalId'), exact: true },
  ...userAttributes,
  fixed({
    name: 'meta',
    type: 'complex',
    sub: [text('resourceType'), time('created'), time('lastModified'), text('location'), text('version')],
  }),
  { name: enterpriseUrn, type: 'complex', sub: enterpriseAttributes },
  fixed({ name: ownUrn, type: 'complex', sub: ownAttributes }),
];

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The attribute of that name, in any case. */
export function named(name: string, among: readonly Attribute[] = topAttributes): Attribute | undefined {
  return among.find((one) => one.name.toLowerCase() === name.toLowerCase());
}

/**
 * What a path leads to, from the top: `name.familyName`, `emails.value`, one that begins with the URN of a schema, which is read
 * whole. Undefined where there is no such attribute.
 */
export function placeOf(path: string): Attribute[] | undefined {
  const lower = path.toLowerCase();
  const urn = [userUrn, enterpriseUrn, ownUrn].find((each) => `${lower}:`.startsWith(`${each.toLowerCase()}:`));
  const extension = urn === undefined || urn === userUrn ? undefined : named(urn);
  const rest = urn === undefined ? path : path.slice(urn.length + 1);
  const place = extension ? [extension] : [];
  let among = extension?.sub ?? topAttributes;
  for (const name of rest === '' ? [] : rest.split('.')) {
    const found = named(name, among);
    if (!found || found.name.startsWith('urn:')) return undefined;
    place.push(found);
    among = found.sub ?? [];
  }
  return place.length === 0 ? undefined : place;
}

/** `name.familyName`; behind a URN as `urn:…:User:department`. */
export function pathOf(place: readonly Attribute[]): string {
  const names = place.map(({ name }) => name);
  const [first = ''] = names;
  return first.startsWith('urn:') && names.length > 1 ? `${first}:${names.slice(1).join('.')}` : names.join('.');
}

/**
 * What was sent for an attribute, in its own kind: `"False"` for a flag, one value for a list. What cannot be written is left out.
 * @throws ScimError `invalidValue`
 */
export function readValue(attribute: Attribute, given: unknown): unknown {
  if (given === null || given === undefined) return undefined;
  if (!attribute.many) return readOne(attribute, given);
  const all = (Array.isArray(given) ? (given as unknown[]) : [given]).map((each) => readOne(attribute, each));
  const read = all.filter((each) => each !== undefined);
  if (read.filter((each) => isObject(each) && each['primary'] === true).length > 1)
    throw badRequest('invalidValue', `Of \`${attribute.name}\` one at most is primary.`);
  return read;
}

function readOne(attribute: Attribute, given: unknown): unknown {
  const { type, name, sub = [] } = attribute;
  if (type === 'boolean') {
    if (typeof given === 'boolean') return given;
    // As Entra ID writes them.
    if (typeof given === 'string' && /^(true|false)$/i.test(given)) return given.toLowerCase() === 'true';
  } else if (type === 'complex') {
    if (isObject(given)) return readFields(sub, given);
    if (typeof given === 'string' && named('value', sub)) return { value: given };
  } else if (typeof given === 'string') return given;
  throw badRequest('invalidValue', `\`${name}\` takes ${type === 'complex' ? 'an object' : `a ${type}`}.`);
}

/** The fields of these attributes that were sent and may be written; others are ignored. */
export function readFields(attributes: readonly Attribute[], given: Fields): Fields {
  const read: Fields = {};
  for (const [name, value] of Object.entries(given)) {
    const attribute = named(name, attributes);
    if (!attribute || attribute.fixed) continue;
    const own = readValue(attribute, value);
    if (own !== undefined) read[attribute.name] = own;
  }
  return read;
}
