// The body of a directory's request: JSON by either of its names, with or without a charset, whoever has parsed it.
import { isMfaError } from '../../src/core/words/errors.js';
import { isObject, type Fields } from '../../src/scim/schema.js';
import { badRequest, ScimError } from '../../src/scim/scim-error.js';
import { readJsonOf } from '../http/forms.js';
import type { ScimVisit } from './scim-visit.js';

const types = ['application/scim+json', 'application/json'];
const limitBytes = 262_144;

/** @throws ScimError 400 `invalidSyntax`, 413, 415 */
export async function readScimBody({ req, res }: ScimVisit): Promise<Fields> {
  const [type = ''] = (req.headers['content-type'] ?? '').split(';');
  if (!types.includes(type.trim().toLowerCase())) throw new ScimError(415, `The body must be ${types.join(' or ')}.`);
  if (Number(req.headers['content-length'] ?? 0) > limitBytes)
    throw new ScimError(413, 'The body is larger than 256 KB.');
  const body = await readJsonOf(req, res, types, limitBytes).catch((error: unknown) => {
    const status = (error as { cause?: { status?: unknown } }).cause?.status;
    if (status === 413 || status === 415) throw new ScimError(status, 'The body cannot be read.');
    if (isMfaError(error)) throw badRequest('invalidSyntax', 'The body must be a JSON object.');
    throw error;
  });
  if (!isObject(body) || Object.keys(body).length === 0)
    throw badRequest('invalidSyntax', 'The body must be a JSON object.');
  return body;
}
