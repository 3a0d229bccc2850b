// The fields of a form as it came, whoever has read it first: names and texts, in order, to be sent once more. A file is never
// one of them, nor anything that no form sends.
import express, { type Request, type RequestHandler, type Response } from 'express';
import { isForm } from './request-kind.js';

export type FormField = [name: string, value: string];

const mostBytes = 32 * 1024;
const raw: RequestHandler = express.raw({ limit: mostBytes, type: 'application/x-www-form-urlencoded' });

/** @returns undefined where this is no such form, or more than 32 KB of one */
export async function formFieldsOf(req: Request, res: Response): Promise<FormField[] | undefined> {
  if (!isForm(req) || Number(req.headers['content-length'] ?? 0) > mostBytes) return undefined;
  let body: unknown = req.body;
  if ((body === undefined || isEmpty(body)) && !req.readableEnded) body = await readRaw(req, res);
  if (Buffer.isBuffer(body)) body = body.toString('utf8');
  const fields = typeof body === 'string' ? [...new URLSearchParams(body)] : flat(body);
  return fields && Buffer.byteLength(new URLSearchParams(fields).toString()) <= mostBytes ? fields : undefined;
}

function isEmpty(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !Buffer.isBuffer(body) && Object.keys(body).length === 0;
}

async function readRaw(req: Request, res: Response): Promise<unknown> {
  return new Promise((resolve) => {
    void raw(req, res, (error?: unknown) => resolve(error === undefined ? (req.body as unknown) : undefined));
  });
}

/** What a parser of the host's made of it, nested (`a[b]=c`) or not. */
function flat(value: unknown, name = ''): FormField[] | undefined {
  if (typeof value === 'string') return name === '' ? undefined : [[name, value]];
  if (typeof value !== 'object' || value === null) return undefined;
  const isList = Array.isArray(value);
  const parts = Object.entries(value).map(([key, each]) => {
    if (name === '') return flat(each, key);
    return flat(each, isList && typeof each === 'string' ? name : `${name}[${key}]`);
  });
  return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? []);
}

/** Whether two forms say the same. Browsers send every line break as CRLF; parsers may have changed the order of names. */
export function sameFields(some: readonly FormField[], others: readonly FormField[]): boolean {
  const told = (fields: readonly FormField[]) =>
    JSON.stringify(
      fields
        .map(([name, value]) => [name, value].map((text) => text.replace(/\r\n?|\n/g, '\r\n')) as FormField)
        .sort(([a], [b]) => (a < b ? -1 : Number(a > b))),
    );
  return told(some) === told(others);
}
