// Bodies of our routes: parsed here when nobody did before, accepted as they are when somebody did. Whatever is wrong
// with one is a 400 that names what.
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { isMfaError, MfaError } from '../../src/core/words/errors.js';
import type { Json } from '../../src/core/words/json.js';
import type { MfaCore } from '../../src/mfa.js';
import { tellRefusedRequest } from './refused-request.js';
import { isForm, isJson } from './request-kind.js';

const limit = '64kb';
const parseJson = express.json({ limit, type: 'application/json' });
const parseForm = express.urlencoded({
  limit,
  extended: false,
  parameterLimit: 50,
  type: 'application/x-www-form-urlencoded',
});

/**
 * The fields of the body; `{}` where there is none. One that cannot be read is told: it may have been an answer.
 * @param userId who sends it, where that is known
 * @throws MfaError `request.invalid` for a wrong content type, broken JSON, anything but an object, or over 64 KB
 */
export async function readBody(mfa: MfaCore, req: Request, res: Response, userId?: string): Promise<Json> {
  try {
    return await read(req, res);
  } catch (error) {
    if (isMfaError(error)) tellRefusedRequest(mfa, req, userId, 'request.invalid', 'body');
    throw error;
  }
}

async function read(req: Request, res: Response): Promise<Json> {
  const length = req.headers['content-length'];
  const hasBody = req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
  if (!hasBody) return {};
  if (!isJson(req) && !isForm(req)) {
    throw invalid('The body must be application/json or application/x-www-form-urlencoded.', 'content-type');
  }
  if (Number(length ?? 0) > 65_536) throw invalid('The body is larger than 64 KB.', 'body');
  if (!alreadyParsed(req)) await run(isJson(req) ? parseJson : parseForm, req, res);
  return bodyOf(req);
}

/**
 * What stands in a body of one of these types, parsed here when nobody did before.
 * @throws MfaError `request.invalid`; `cause` has the parser's `status`
 */
export async function readJsonOf(req: Request, res: Response, type: string[], limitBytes: number): Promise<unknown> {
  if (!alreadyParsed(req)) await run(express.json({ type, limit: limitBytes, strict: false }), req, res);
  return bodyOf(req);
}

/** A host's own parser was here: it left something, or has read the stream to its end. */
function alreadyParsed(req: Request): boolean {
  const body: unknown = req.body;
  if (typeof body === 'string' || Buffer.isBuffer(body)) return true;
  return (typeof body === 'object' && body !== null && Object.keys(body).length > 0) || req.readableEnded;
}

async function run(parser: RequestHandler, req: Request, res: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const next: NextFunction = (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(invalid('The body cannot be read.', 'body', error));
    };
    void parser(req, res, next);
  });
}

function bodyOf(req: Request): Json {
  let body: unknown = req.body ?? {};
  if (Buffer.isBuffer(body)) body = body.toString('utf8');
  if (typeof body === 'string') body = parseText(req, body);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('The body must be an object.', 'body');
  return body as Json;
}

function parseText(req: Request, text: string): unknown {
  if (isForm(req)) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw invalid('The body is not JSON.', 'body', cause);
  }
}

function invalid(message: string, field: string, cause?: unknown): MfaError {
  return new MfaError('request.invalid', message, { details: { field }, ...(cause === undefined ? {} : { cause }) });
}
