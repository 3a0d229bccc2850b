// An app whose people come from directories, over HTTP: two tenants, a token for each and one that may read only. Its people are
// kept as a host would keep them, each of one tenant; a test can have any function fail.
import { createHash, randomUUID } from 'node:crypto';
import type { MfaOptions } from '../../src/index.js';
import { matches, scimRouter, type ScimRouterOptions, type ScimUser, type ScimUsers } from '../../src/scim.js';
import { testApp, type HostOptions, type TestApp } from './app.js';

export const base = '/scim/v2';
export const tokens = {
  acme: 'token-of-acme',
  next: 'next-token-of-acme',
  globex: 'token-of-globex',
  reader: 'reader',
};
const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const ownUrn = 'urn:ietf:params:scim:schemas:extension:express-mfa:2.0:User';

export const sha256 = (token: string) => createHash('sha256').update(token).digest('hex');

type Kept = { tenant: string | undefined; user: ScimUser };

/** Where the host keeps its people. */
export type People = {
  all(): Promise<Kept[]>;
  put(id: string, kept: Kept): Promise<void>;
  delete(id: string): Promise<void>;
};

export function peopleInMemory(): People & { readonly map: Map<string, Kept> } {
  const map = new Map<string, Kept>();
  return {
    map,
    all: () => Promise.resolve([...map.values()]),
    put: (id, kept) => Promise.resolve(void map.set(id, kept)),
    delete: (id) => Promise.resolve(void map.delete(id)),
  };
}

/** What the host does, as the guides show it; without an index of names, so that two at once would both find none. */
export function hostUsers(people: People, nextId: () => string = randomUUID): ScimUsers {
  const of = async (tenant: string | undefined) => (await people.all()).filter((kept) => kept.tenant === tenant);
  const stamp = () => new Date(1_800_000_000_000).toISOString();
  return {
    async find({ filter, startIndex, count }, tenant) {
      const all = (await of(tenant)).map(({ user }) => user).filter((user) => matches(filter, user));
      return { users: all.slice(startIndex - 1, startIndex - 1 + count), total: all.length };
    },
    get: async (id, tenant) => (await of(tenant)).find(({ user }) => user.id === id)?.user,
    async create(attributes, tenant) {
      const id = nextId();
      const user = { ...attributes, id, meta: { created: stamp(), lastModified: stamp() } };
      await people.put(id, { tenant, user });
      return user;
    },
    async update(id, attributes, tenant) {
      const user = { ...attributes, id, meta: { created: stamp(), lastModified: stamp() } };
      await people.put(id, { tenant, user });
      return user;
    },
    remove: (id) => people.delete(id),
  };
}

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a directory reads is JSON of any shape */
export type Answer = { status: number; body: any; headers: Headers };
type Ask = { body?: unknown; token?: string | undefined; type?: string; headers?: { [name: string]: string } };

/** Asks as a directory does. */
export async function ask(
  app: { url: string },
  method: string,
  path: string,
  { body, token = tokens.acme, type = 'application/scim+json', headers = {} }: Ask = {},
): Promise<Answer> {
  const answer = await fetch(`${app.url}${base}${path}`, {
    method,
    headers: {
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': type }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text), headers: answer.headers };
}

/** `op`s of one PATCH. */
export const patchOf = (...operations: object[]) => ({ schemas: [patchUrn], Operations: operations });
export const userOf = (userName: string, more: object = {}) => ({ schemas: [userUrn], userName, ...more });
export const filterBy = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`;

export type ScimSite = TestApp & {
  readonly people: ReturnType<typeof peopleInMemory>;
  /** Taken for the host's of the same name. */
  readonly instead: Partial<ScimUsers>;
  ask(method: string, path: string, given?: Ask): Promise<Answer>;
  /** Makes somebody by POST. @returns the id */
  make(userName: string, more?: object, token?: string): Promise<string>;
};

type ScimSiteOptions = Partial<MfaOptions> & {
  host?: HostOptions;
  scim?: Partial<ScimRouterOptions>;
  nextId?: () => string;
};

export async function scimSite({ host, scim, nextId, ...options }: ScimSiteOptions = {}): Promise<ScimSite> {
  const people = peopleInMemory();
  const instead: Partial<ScimUsers> = {};
  const own = hostUsers(people, nextId);
  const users: ScimUsers = {
    find: (...given) => (instead.find ?? own.find)(...given),
    get: (...given) => (instead.get ?? own.get)(...given),
    create: (...given) => (instead.create ?? own.create)(...given),
    update: (...given) => (instead.update ?? own.update)(...given),
    remove: (...given) => (instead.remove ?? own.remove)(...given),
  };
  let router: ReturnType<typeof scimRouter> | undefined;
  const app = await testApp({
    ...options,
    host: {
      ...host,
      before: (express) => {
        host?.before?.(express);
        express.use(base, (req, res, next) => router!(req, res, next));
      },
      between: (express, mfa) => {
        router = scimRouter(mfa, { users, tokens: siteTokens, ...scim });
        host?.between?.(express, mfa);
      },
    },
  });
  const site: ScimSite = {
    ...app,
    people,
    instead,
    ask: (...given) => ask(app, ...given),
    async make(userName, more, token) {
      const { status, body } = await ask(app, 'POST', '/Users', { body: userOf(userName, more), token });
      if (status !== 201) throw new Error(`POST /Users answered ${status}: ${JSON.stringify(body)}`);
      return body.id as string;
    },
  };
  return site;
}

export const siteTokens: ScimRouterOptions['tokens'] = [
  { sha256: sha256(tokens.acme), tenant: 'acme', may: 'write' },
  { sha256: sha256(tokens.next).toUpperCase(), tenant: 'acme', may: 'write' },
  { sha256: sha256(tokens.globex), tenant: 'globex', may: 'write' },
  { sha256: sha256(tokens.reader), tenant: 'acme', may: 'read' },
];
