// What a host says of its people, and does with them, for a directory: the types, and a user as SCIM shows them. Knows no request.
import type { MfaRecord } from '../core/kernel/record.js';
import type { ScimFilter } from './filter.js';
import {
  enterpriseUrn,
  isObject,
  ownUrn,
  placeOf,
  readFields,
  topAttributes,
  userUrn,
  type Attribute,
  type Fields,
} from './schema.js';

/** One of several values, such as an address. */
export type ScimValue = { value?: string; type?: string; primary?: boolean; display?: string; [part: string]: unknown };

/**
 * What a directory says of a person: attributes of RFC 7643, those of the enterprise extension under its URN. A password is never
 * among them.
 */
export type ScimAttributes = {
  userName: string;
  externalId?: string;
  /** Absent: true. */
  active?: boolean;
  displayName?: string;
  name?: { formatted?: string; familyName?: string; givenName?: string; [part: string]: unknown };
  emails?: ScimValue[];
  phoneNumbers?: ScimValue[];
  [attribute: string]: unknown;
};

/** A person as the host keeps them. `id`: that of `user(req)`, as text. Times as ISO 8601 or Date. */
export type ScimUser = ScimAttributes & {
  id: string;
  meta?: { created?: string | Date; lastModified?: string | Date };
};

/** What is asked for: `count` people from `startIndex` (from 1) on, of those who fit the filter. */
export type ScimQuery = { filter?: ScimFilter; startIndex: number; count: number };

/** What the host does with its people; of `tenant`, that of the token, alone. What one throws is 503, and the directory comes again. */
export interface ScimUsers {
  /** `total`: how many fit, on all pages. A filter that cannot be answered must throw. See `matches`. */
  find(
    query: ScimQuery,
    tenant: string | undefined,
  ): { users: readonly ScimUser[]; total: number } | Promise<{ users: readonly ScimUser[]; total: number }>;
  /** Nothing for an id that is unknown, removed or of another tenant. */
  get(id: string, tenant: string | undefined): ScimUser | null | undefined | Promise<ScimUser | null | undefined>;
  /**
   * Makes a new account, never one of somebody who is there. `taken`: the `userName` is somebody's, and nothing was changed. Of
   * `active: false` bar it.
   */
  create(attributes: ScimAttributes, tenant: string | undefined): ScimUser | 'taken' | Promise<ScimUser | 'taken'>;
  /** Takes over all attributes, whole; what is not among them is empty. Done twice it is as done once. */
  update(
    id: string,
    attributes: ScimAttributes,
    tenant: string | undefined,
  ): ScimUser | 'taken' | Promise<ScimUser | 'taken'>;
  /** Removes the account. Done twice it is as done once. */
  remove(id: string, tenant: string | undefined): void | Promise<void>;
}

/** The attributes of a user that a directory may write, and nothing else of the host's. */
export function attributesOf(user: ScimUser): Fields {
  return readFields(topAttributes, user);
}

/** What we say of a person under a URN of our own. `enrolledAt`: since when they have a method. */
export function ownOf(record: MfaRecord | undefined): Fields {
  const since = record?.authenticators.map(({ createdAt }) => createdAt) ?? [];
  return {
    protected: record?.protected === true,
    factors: [...new Set(record?.authenticators.map(({ kind }) => kind))],
    ...(since.length > 0 && { enrolledAt: new Date(Math.min(...since) * 1000).toISOString() }),
  };
}

/** A user as they are shown, without `meta.version`. `active` is what the host says. */
export function presented(user: ScimUser, own: Fields | undefined, location: string): Fields {
  const { created, lastModified } = user.meta ?? {};
  const whole: Fields = {
    ...user,
    active: user.active !== false,
    meta: { resourceType: 'User', created, lastModified, location },
    ...(own && { [ownUrn]: own }),
  };
  const shown = shownOf(topAttributes, whole) ?? {};
  const urns = [enterpriseUrn, ownUrn].filter((urn) => urn in shown);
  return { schemas: [userUrn, ...urns], ...shown };
}

/** What is known of an object and has a value: nothing in an answer is null or empty. */
function shownOf(attributes: readonly Attribute[], fields: Fields): Fields | undefined {
  const shown: Fields = {};
  for (const { name, sub } of attributes) {
    const one = (value: unknown): unknown => {
      if (value === undefined || value === null || value === '') return undefined;
      return sub ? (isObject(value) ? shownOf(sub, value) : undefined) : value;
    };
    const own = fields[name];
    const value = Array.isArray(own) ? own.map(one).filter((each) => each !== undefined) : one(own);
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) shown[name] = value;
  }
  return Object.keys(shown).length === 0 ? undefined : shown;
}

/** The attributes that were asked for, or all but those that were excluded (RFC 7644 §3.9); id and schemas always. */
export function chosen(shown: Fields, attributes: string | undefined, excluded: string | undefined): Fields {
  const places = (list: string) =>
    list.split(',').flatMap((name) => [placeOf(name.trim()) ?? []].filter((place) => place[0]));
  if (attributes !== undefined) {
    const picked: Fields = { schemas: shown['schemas'], id: shown['id'] };
    for (const [top, part] of places(attributes)) {
      const name = top?.name ?? '';
      const own = shown[name];
      if (own === undefined) continue;
      const before = picked[name];
      picked[name] = part === undefined || before === own ? own : withPart(before, own, part.name);
    }
    return picked;
  }
  const left = { ...shown };
  for (const [top, part] of places(excluded ?? ''))
    if (top && top.name !== 'id' && part === undefined) Reflect.deleteProperty(left, top.name);
  return left;
}

function withPart(before: unknown, own: unknown, part: string): unknown {
  if (Array.isArray(own)) {
    const picked = Array.isArray(before) ? (before as unknown[]) : [];
    return own.map((each, index) => withPart(picked[index], each, part));
  }
  return { ...(isObject(before) ? before : {}), [part]: (own as Fields)[part] };
}

/** The address that stands for a person: the primary one, of mails else that for work, of numbers the mobile one, else the first. */
export function addressIn(attributes: Fields, name: 'emails' | 'phoneNumbers'): string | undefined {
  const list = (Array.isArray(attributes[name]) ? attributes[name] : []) as Fields[];
  const type = name === 'emails' ? 'work' : 'mobile';
  const one = list.find(({ primary }) => primary === true) ?? list.find((each) => each['type'] === type) ?? list[0];
  const value = one?.['value'];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
