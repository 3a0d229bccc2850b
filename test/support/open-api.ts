// Every JSON answer that a test reads from our routes is compared with docs/openapi.json: status, media type, code and shape, with
// no field that the document does not name. Answers of the host's own routes are none of it.
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Response } from 'supertest';

type Schema = { [keyword: string]: unknown };
type Answer = { content?: { [type: string]: { schema: Schema } }; $ref?: string };
type Operation = { responses: { [status: string]: Answer } };
type Document = {
  paths: { [path: string]: { [method: string]: Operation } };
  components: { schemas: { [name: string]: Schema }; responses: { [name: string]: Answer } };
};

export const documented = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
) as Document;

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'closed', components: closed(documented.components) as Schema });
const compiled = new Map<string, ValidateFunction>();

/** Takes no field that is not named; but of parts that are put together, which name some each. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const inner: Schema = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, closed(each)]));
  const isOpen = !('properties' in inner) || inner['type'] !== 'object' || 'additionalProperties' in inner;
  return isOpen ? inner : { ...inner, additionalProperties: false };
}

type Path = { path: string; pattern: RegExp };
const paths: Path[] = Object.keys(documented.paths)
  .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`) }))
  // What is named exactly goes before what has a parameter there.
  .sort((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')) || (a.path < b.path ? -1 : 1));

/** The path of the document that an address belongs to. */
export function documentedPath(address: string, base: string): string | undefined {
  const [asked = ''] = address.split('?');
  const isOwn = asked === base || asked.startsWith(`${base}/`);
  const usual = isOwn ? `/mfa${asked.slice(base.length)}` : asked;
  if (!isOwn && !usual.startsWith('/admin/mfa')) return undefined;
  return paths.find(({ pattern }) => pattern.test(usual))?.path;
}

/** What is wrong with an answer, as one sentence; undefined where nothing is. */
export function misfit(
  method: string,
  path: string,
  response: Pick<Response, 'status' | 'type' | 'body'>,
): string | undefined {
  const what = `${method} ${path} → ${response.status}`;
  const operation = documented.paths[path]?.[method.toLowerCase()];
  if (!operation) return `${what}: docs/openapi.json knows no such operation`;
  const told = operation.responses[response.status];
  const answer = told?.$ref === undefined ? told : documented.components.responses[told.$ref.split('/').pop() ?? ''];
  if (!answer)
    return `${what} ${String(response.body?.code ?? '')}: no such answer in docs/openapi.json; say it in the table of routes`;
  if (!answer.content) return undefined;
  const content = answer.content[response.type];
  if (!content) return `${what}: ${response.type} is no media type of it in docs/openapi.json`;
  if (!response.type.endsWith('json')) return undefined;
  const key = JSON.stringify(content.schema);
  const validate = compiled.get(key) ?? ajv.compile(atHome(closed(content.schema)) as Schema);
  compiled.set(key, validate);
  if (validate(response.body)) return undefined;
  return `${what}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(response.body)}`;
}

/** References lead to the components as they were added. */
function atHome(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/components', '"closed#/components')) as unknown;
}

/** For supertest's `expect`: throws where an answer of ours is not as it is documented. */
export function asDocumented(method: 'GET' | 'POST', address: string, base: string) {
  return (response: Response): void => {
    const path = documentedPath(address, base);
    // A redirect is followed by whoever wants to.
    if (path === undefined || (response.status >= 300 && response.status < 400)) return;
    // Another method than the route has: the guard's answer, or the host's.
    if (!documented.paths[path]?.[method.toLowerCase()]) return;
    // The host's own answer, where our route handed the request on, or an address of its own below our mount.
    if ((response.body as { host?: unknown }).host === 'error' || response.type === 'text/html') return;
    const wrong = misfit(method, path, response);
    if (wrong !== undefined) throw new Error(wrong);
  };
}
