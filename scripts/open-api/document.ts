// The OpenAPI 3.1 document: every route that the routers have, described by the tables, with the shapes that joi checks.
import { readFileSync } from 'node:fs';
import { statusOf, type ErrorCode } from '../../src/core/words/errors.js';
import { nameSchema, preferencesSchema } from '../../src/schemas.js';
import { overlaid } from './joi.js';
import type { Schema } from './json-schema.js';
import { readTables, type Read, type Told } from './operations.js';
import { misfits, readRoutes } from './routes.js';

/** Where the mounts are in the document; `GET /mfa/openapi.json` says those of the app. */
const mounts = { people: '/mfa', admin: '/admin/mfa' };

const files = { people: 'src/api/operations.ts', admin: 'middleware/admin/admin-operations.ts' };

/** Bodies that joi checks. */
const checked: { [route: string]: { [field: string]: object } } = {
  'POST /authenticators/:id/rename': { name: nameSchema.describe() },
  'POST /setup/:factor': { name: nameSchema.describe() },
  'POST /preferences': (preferencesSchema.describe() as { keys: { [field: string]: object } }).keys,
};

/** @throws Error where routes and tables differ, with what to do */
export function makeDocument(): { [member: string]: unknown } {
  const read = readTables();
  const routes = readRoutes();
  const wrong = (['people', 'admin'] as const).flatMap((side) => misfits(read[side], routes[side], files[side]));
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  const shared = shareRefusals(read.problem);
  const paths: { [path: string]: { [method: string]: unknown } } = {};
  for (const side of ['people', 'admin'] as const) {
    for (const route of routes[side]) {
      const [method = '', path = ''] = route.split(' ');
      const whole = `${mounts[side]}${path === '/' ? '' : path}`.replace(/:(\w+)/g, '{$1}');
      const told = read[side][route];
      if (told)
        paths[whole] = { ...paths[whole], [method.toLowerCase()]: operationOf(read, side, route, told, shared) };
    }
  }
  const { version, license, homepage } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as {
    version: string;
    license: string;
    homepage: string;
  };
  return {
    openapi: '3.1.1',
    info: {
      title: 'express-mfa',
      version,
      description:
        'The routes of express-mfa as programs use them. Times are whole Unix seconds. The mounts are the usual ones; an app may have others.',
      license: { name: license, identifier: license },
    },
    externalDocs: { url: homepage },
    servers: [{ url: '/', description: 'The app itself.' }],
    tags: [
      { name: 'people', description: 'For the person who is signed in.' },
      { name: 'administration', description: 'For administrators, at a mount of its own.' },
    ],
    paths,
    components: { schemas: sorted(read.components), responses: sorted(shared.responses), securitySchemes },
  };
}

const securitySchemes = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'connect.sid',
    description: 'The session of the app; its name is the app’s.',
  },
  csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token', description: '`csrfToken` of `GET /mfa`.' },
  token: {
    type: 'apiKey',
    in: 'header',
    name: 'X-MFA-Token',
    description: "With `proofs: 'token'`, beside the bearer token of the app. Each answer may carry the next one.",
  },
};

function operationOf(read: Read, side: 'people' | 'admin', route: string, told: Told, shared: Shared): object {
  const isPost = route.startsWith('POST');
  const parameters = [
    ...[...route.matchAll(/:(\w+)/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...queryOf(told.query),
  ];
  const body = told.body && withJoi(route, told.body, read);
  const session = isPost ? { session: [], csrf: [] } : { session: [] };
  return {
    operationId: told.id,
    summary: told.summary,
    tags: [side === 'people' ? 'people' : 'administration'],
    security: told.open
      ? isPost && told.codes.includes('request.csrf')
        ? [{ csrf: [] }]
        : []
      : [session, { token: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: { ...successOf(told), ...refusalsOf(read, side, isPost, told, shared) },
  };
}

function queryOf(query: Schema | undefined): object[] {
  const { properties = {}, required = [] } = (query ?? {}) as {
    properties?: { [name: string]: Schema };
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function successOf({ answer, text, redirects }: Told): object {
  const content = answer
    ? { 'application/json': { schema: answer } }
    : text
      ? { [text]: { schema: { type: text === 'application/json' ? 'object' : 'string' } } }
      : undefined;
  return {
    ...(content ? { '200': { description: 'It is so.', content } } : {}),
    ...Object.fromEntries(
      redirects.map((status) => [
        status,
        { description: 'Elsewhere.', headers: { Location: { schema: { type: 'string' } } } },
      ]),
    ),
  };
}

/** By status, with the codes that it can carry. Routes that refuse alike share a component. */
function refusalsOf(read: Read, side: 'people' | 'admin', isPost: boolean, told: Told, shared: Shared): object {
  const { everywhere, signedIn, sent, administered } = read.groups;
  const codes = new Set([
    ...everywhere,
    ...(told.open ? [] : side === 'people' ? signedIn : administered),
    ...(isPost && !told.open ? sent : []),
    ...told.codes,
  ]);
  const byStatus = new Map<number, string[]>();
  for (const code of [...codes].sort()) {
    const status = statusOf[code as ErrorCode];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, those]) => [status, { $ref: shared.refOf(status, those) }]),
  );
}

type Shared = ReturnType<typeof shareRefusals>;

/** A component per status and list of codes: `Refused403`, `Refused403b`, … */
function shareRefusals(problem: Schema) {
  const responses: { [name: string]: object } = {};
  const names = new Map<string, string>();
  return {
    responses,
    refOf(status: number, codes: readonly string[]): string {
      const key = `${status} ${codes.join(' ')}`;
      const known = names.get(key);
      const before = [...names.keys()].filter((each) => each.startsWith(`${status} `)).length;
      const name = known ?? `Refused${status}${before === 0 ? '' : String.fromCharCode(97 + before)}`;
      names.set(key, name);
      responses[name] ??= {
        description: codes.map((code) => `\`${code}\``).join(', '),
        content: {
          'application/problem+json': {
            schema: { allOf: [problem, { properties: { code: { enum: codes } } }] },
          },
        },
      };
      return `#/components/responses/${name}`;
    },
  };
}

/** What joi checks of a body, laid over what the declaration says of it. */
function withJoi(route: string, body: Schema, read: Read): Schema {
  const joi = checked[route];
  if (!joi) return body;
  const name = typeof body['$ref'] === 'string' ? (body['$ref'].split('/').pop() ?? '') : undefined;
  if (name === undefined) return overlaid(route, body, joi);
  read.components[name] = overlaid(route, read.components[name] ?? {}, joi);
  return body;
}

function sorted<T>(record: { [name: string]: T }): { [name: string]: T } {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
