// The lines of an export: numbered, and each with a mac by the app's secret, so that a line that was altered, put in, moved or
// taken out is found while they are read, one after the other. Knows nothing of what they say.
import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Sealer } from '../core/kernel/ports.js';
import { jsonLine } from '../core/words/json-line.js';
import { Failure } from './configuration.js';

const format = 'express-mfa-export';
const version = 2;

export type Fields = { readonly [name: string]: unknown };

/** `since`: the ids of the exports after which this one says what changed. */
export type Header = { namespace: string; id: string; keyId: string; at: string; since?: readonly string[] };

/** `bytes`: where it ends. `bad`: why nothing is believed of it. */
export type Line = { number: number; bytes: number } & (
  { fields: Fields; bad?: undefined } | { fields?: undefined; bad: string }
);

export function headerOf({ keyId }: Sealer, namespace: string, id: string, since: readonly string[]): Header {
  return { namespace, id, keyId, at: new Date().toISOString(), ...(since.length === 0 ? {} : { since }) };
}

/** Makes lines of what they say, from the header or from the one after `number`. */
export function lineMaker(sealer: Sealer, header: Header, number = 0): (fields: Fields) => string {
  let n = number;
  return (fields) => {
    n += 1;
    const text = jsonLine({ n, ...(n === 1 ? { format, v: version, ...header } : fields) });
    return `${text.slice(0, -1)},"mac":"${macOf(sealer, header, text)}"}\n`;
  };
}

/** In its place: what is of another export, or another line of it, has another one. */
function macOf(sealer: Sealer, { id, keyId }: Header, text: string): string {
  const mac = sealer.digest('export', `${id}\n${text}`, keyId);
  return Buffer.from(mac.subarray(0, 16)).toString('base64url');
}

export type Export = { header: Header; lines: AsyncIterable<Line> };

/**
 * Reads an export, `-` from stdin. Of what follows the header each line is told, bad ones too; then comes the end, or not.
 * @throws Failure where it is none that this app can read: `transfer.*`
 */
export async function readExport(path: string, sealer: Sealer, namespace: string): Promise<Export> {
  const file = path === '-' ? undefined : await openFile(path);
  const read = file?.readLines() ?? createInterface({ input: process.stdin });
  const texts: AsyncIterator<string, unknown> = read[Symbol.asyncIterator]();
  try {
    const first = await texts.next();
    if (first.done === true) throw new Failure(`${path} is empty.`, { code: 'transfer.cut_off' });
    const header = readHeader(path, first.value, sealer, namespace);
    return { header, lines: linesOf({ [Symbol.asyncIterator]: () => texts }, first.value, sealer, header, file) };
  } catch (error) {
    await file?.close();
    throw error;
  }
}

async function* linesOf(
  texts: AsyncIterable<string>,
  first: string,
  sealer: Sealer,
  header: Header,
  file: FileHandle | undefined,
): AsyncGenerator<Line> {
  let last = 1;
  let bytes = Buffer.byteLength(first) + 1;
  try {
    for await (const text of texts) {
      bytes += Buffer.byteLength(text) + 1;
      const fields = fieldsOf(text, sealer, header);
      const number = Number(fields?.['n']);
      if (fields === undefined || number <= last) {
        const bad = fields === undefined ? 'it is not as it was exported' : 'it stands in another place';
        // Of a line that cannot be believed not even the number is: it is in the place of the next.
        if (fields === undefined) last += 1;
        yield { number: last, bytes, bad };
        continue;
      }
      for (last += 1; last < number; last += 1) yield { number: last, bytes, bad: 'it is missing' };
      yield { number, bytes, fields };
    }
  } finally {
    // Whoever reads may leave before the end.
    await file?.close();
  }
}

function fieldsOf(text: string, sealer: Sealer, header: Header): Fields | undefined {
  const [, bare, mac] = /^(\{"n":\d+.*),"mac":"([\w-]{22})"\}$/s.exec(text) ?? [];
  if (bare === undefined || mac === undefined || !sealer.equal(macOf(sealer, header, `${bare}}`), mac))
    return undefined;
  return JSON.parse(`${bare}}`) as Fields;
}

function readHeader(path: string, text: string, sealer: Sealer, own: string): Header {
  const refuse = (code: string, what: string): never => {
    throw new Failure(`${path} is ${what}.`, { code: `transfer.${code}` });
  };
  const { format: given, v, namespace, ...rest } = parsed(text);
  if (given !== format) refuse('no_export', 'no export of express-mfa');
  if (v !== version) refuse('version', `of version ${String(v)} of the format; this release reads version ${version}`);
  if (namespace !== own)
    refuse('namespace', `of the namespace ${JSON.stringify(namespace)}; this store's is ${JSON.stringify(own)}`);
  const header = { namespace: own, ...rest } as Header;
  if (!sealer.keyIds.includes(header.keyId)) refuse('secret', 'of an app with other secrets than this one');
  if (fieldsOf(text, sealer, header)?.['n'] !== 1) refuse('altered', 'not as it was exported');
  return header;
}

function parsed(text: string): Fields {
  try {
    return (JSON.parse(text) ?? {}) as Fields;
  } catch {
    return {};
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path);
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Failure(code === 'ENOENT' ? `${path} does not exist.` : `${path} cannot be read: ${message}`, { cause });
  }
  throw new Failure(`${path} is no file.`);
}
