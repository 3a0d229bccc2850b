// Where the lines of an export go: stdout, a new file, or one that was not finished, from the last place in it that a walk can
// go on from.
import { createWriteStream } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { MfaCore } from '../mfa.js';
import { Failure } from './configuration.js';
import { headerOf, lineMaker, readExport, type Header } from './export-lines.js';
import { isPlace, type Place, type Target } from './export-walk.js';

/** @param since the ids of the exports before it */
export async function newTarget(mfa: MfaCore, path: string | undefined, since: readonly string[]): Promise<Target> {
  const { sealer, random } = mfa.kernel;
  const target = targetOf(mfa, path === undefined ? process.stdout : await opened(path, 'wx'), {
    header: headerOf(sealer, namespaceOf(mfa), random.token(), since),
    number: 0,
  });
  await target.write({});
  return target;
}

export function namespaceOf({ kernel }: MfaCore): string {
  return kernel.store.namespace ?? 'default';
}

/** Cuts off what follows the last place, and sets `place` to it; undefined where the file is complete. */
export async function resumedTarget(
  mfa: MfaCore,
  path: string,
  since: readonly string[],
  place: Place,
): Promise<Target | undefined> {
  const { header, lines } = await readExport(path, mfa.kernel.sealer, namespaceOf(mfa));
  if (String(header.since ?? []) !== String(since)) throw new Failure(`${path} was begun with another --since.`);
  let from: { number: number; bytes: number } | undefined;
  let later: string[] = [];
  for await (const { number, bytes, fields } of lines) {
    // The last line may be half a one.
    if (fields === undefined) break;
    if (fields['end'] === true) return undefined;
    if (typeof fields['userId'] === 'string' && fields['claim'] === undefined) later.push(fields['userId']);
    if (!isPlace(fields['place'])) continue;
    from = { number, bytes };
    delete place.after;
    Object.assign(place, fields['place']);
    for (const userId of later) place.met.add(userId);
    later = [];
  }
  if (from === undefined) throw new Failure(`${path} holds nothing to go on from. Begin anew.`);
  await truncate(path, from.bytes);
  return targetOf(mfa, await opened(path, 'a'), { header, number: from.number });
}

function targetOf(
  { kernel }: MfaCore,
  stream: Writable,
  { header, number }: { header: Header; number: number },
): Target {
  const lineOf = lineMaker(kernel.sealer, header, number);
  let failed: Error | undefined;
  if (stream !== process.stdout) stream.on('error', (error) => (failed = error));
  return {
    async write(fields) {
      if (failed) throw new Failure(`The file cannot be written: ${failed.message}`, { cause: failed });
      if (!stream.write(lineOf(fields))) await once(stream, 'drain');
    },
    async end() {
      if (stream === process.stdout) return;
      stream.end();
      await once(stream, 'finish');
    },
  };
}

async function opened(path: string, flags: 'wx' | 'a'): Promise<Writable> {
  const file = createWriteStream(path, { flags, mode: 0o600 });
  try {
    await once(file, 'open');
    return file;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const told = `${path} exists already. --resume goes on with one that was not finished.`;
    throw new Failure(code === 'EEXIST' ? told : `${path} cannot be written: ${message}`, { cause });
  }
}
