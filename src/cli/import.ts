// import: takes the records of an export in. The whole file is read and checked before anything is written, so a bad line
// refuses it all; a second run finds nothing to do.
import { open, type FileHandle } from 'node:fs/promises';
import { objectionTo, readTransferred, takeIn, type Transferred } from '../core/operators/transfer.js';
import type { MfaCore } from '../mfa.js';
import { abandoned, byOf, byOption, yesOption, type Command } from './command.js';
import { Failure } from './configuration.js';
import { exportFormat } from './export.js';
import { count } from '../checks/count.js';
import type { Terminal } from './terminal.js';

const toldAtMost = 50;

export const importCommand: Command = {
  name: 'import',
  summary: 'takes the records of an export in',
  positionals: ['FILE'],
  options: {
    ...byOption,
    overwrite: { type: 'boolean', summary: 'replaces other records of the same people' },
    'dry-run': { type: 'boolean', summary: 'only checks the file' },
    ...yesOption,
  },
  notes: [
    'For a store of the same namespace and secrets. The whole file is checked first: one bad line, and nothing is written.',
    'It can be run again. --overwrite brings back what was used or removed since the export: used backup codes, too.',
  ],
  examples: ['import mfa-records.jsonl --by ops@example.com', 'import mfa-records.jsonl --dry-run'],
  needs: 'store',
  async run({ mfa, values, positionals: [path = ''], terminal }) {
    const overwrite = values['overwrite'] === true;
    const dry = values['dry-run'] === true;
    const by = dry ? '' : byOf(values, 'import');
    const records = await check(mfa, path, overwrite, terminal);
    if (records === undefined) return 1;
    const sum = { records, imported: 0, unchanged: 0 };
    if (!dry) {
      const question = `Replace what the store has of up to ${count(records, 'person', 'people')}?`;
      if (overwrite && !values['yes'] && !(await terminal.confirm(question, 'import'))) return abandoned(terminal);
      const progress = terminal.progress();
      for await (const { value } of linesOf(path)) {
        if (!isRecordLine(value)) continue;
        sum[await takeIn(mfa.kernel, readTransferred(value), { by, overwrite })] += 1;
        progress.show(`${count(sum.imported + sum.unchanged, 'record')} of ${records.toLocaleString('en')}`);
      }
      progress.end();
    }
    if (terminal.json) terminal.say(JSON.stringify({ ...sum, dryRun: dry }));
    else if (dry) terminal.say(`${count(records, 'record')} could be taken in.`);
    else
      terminal.say(`${count(sum.imported, 'record')} taken in, ${sum.unchanged.toLocaleString('en')} there already.`);
    return 0;
  },
};

type Line = { number: number; value: unknown };

/** @returns how many records there are; undefined where something was wrong, which was told */
async function check(mfa: MfaCore, path: string, overwrite: boolean, terminal: Terminal): Promise<number | undefined> {
  const progress = terminal.progress();
  const people = new Map<string, number>();
  let bad = 0;
  let end: unknown;
  let isHeadless = true;
  const tell = (number: number, what: string) => {
    bad += 1;
    if (bad <= toldAtMost) terminal.tell(`Line ${number}: ${what}.`);
  };
  for await (const { number, value } of linesOf(path)) {
    if (number === 1) {
      checkHeader(path, value, mfa);
      isHeadless = false;
    } else if (end !== undefined) tell(number, 'something follows the last line');
    else if (isEndLine(value)) end = value.records;
    else {
      const objection = await objectionOf(mfa, value, overwrite);
      const { userId } = (value ?? {}) as Partial<Transferred>;
      const before = people.get(String(userId));
      if (objection !== undefined) tell(number, `${nameOf(userId)}${objection.replace(/\.$/, '')}`);
      else if (before !== undefined) tell(number, `${nameOf(userId)}the same user is in line ${before}`);
      people.set(String(userId), number);
    }
    progress.show(`${count(number, 'line')} checked`);
  }
  progress.end();
  if (isHeadless) throw new Failure(`${path} is empty.`);
  if (bad === 0 && end === undefined) throw new Failure(`${path} is cut off: its last line is missing.`);
  if (bad === 0 && end !== people.size)
    throw new Failure(`${path} is not complete: ${people.size} of ${String(end)} records.`);
  if (bad === 0) return people.size;
  if (bad > toldAtMost) terminal.tell(`… and ${count(bad - toldAtMost, 'line')} more.`);
  terminal.tell(`Nothing was written: ${count(bad, 'line is', 'lines are')} not fit.`);
  return undefined;
}

async function objectionOf(mfa: MfaCore, value: unknown, overwrite: boolean): Promise<string | undefined> {
  if (value === undefined) return 'it is not JSON';
  let line: Transferred;
  try {
    line = readTransferred(value);
  } catch (error) {
    return (error as Error).message;
  }
  return objectionTo(mfa.kernel, line, overwrite);
}

function checkHeader(path: string, value: unknown, mfa: MfaCore): void {
  const { format, v, namespace } = (value ?? {}) as { format?: unknown; v?: unknown; namespace?: unknown };
  if (format !== exportFormat) throw new Failure(`${path} is no export of express-mfa.`);
  if (v !== 1) throw new Failure(`${path} is of version ${String(v)} of the format; this release reads version 1.`);
  const own = mfa.kernel.store.namespace ?? 'default';
  if (namespace !== own) {
    throw new Failure(
      `${path} is of the namespace ${JSON.stringify(namespace)}; this store's is ${JSON.stringify(own)}.`,
    );
  }
}

/** Each line with its number; `value` is undefined where it is not JSON. */
async function* linesOf(path: string): AsyncGenerator<Line> {
  const file = await openFile(path);
  let number = 0;
  for await (const text of file.readLines()) {
    number += 1;
    yield { number, value: parse(text) };
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isEndLine(value: unknown): value is { end: true; records: unknown } {
  return (value as { end?: unknown } | null | undefined)?.end === true;
}

function isRecordLine(value: unknown): boolean {
  return (value as { record?: unknown } | null | undefined)?.record !== undefined;
}

function nameOf(userId: unknown): string {
  return typeof userId === 'string' ? `${JSON.stringify(userId)}: ` : '';
}
