// Where a report is kept while it is made and after: a folder of its own below one of the app's, readable by the user of the process
// alone. People stand in it line by line, so that a report of a million needs no memory, and one that was stopped is gone on with.
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import type { ReportPerson } from './core/operators/report-people.js';
import { jsonLine } from './core/words/json-line.js';
import type { TallyState } from './insight/report-events.js';
import type { ReportSummary } from './insight/report.js';

/** What was asked for. Times are RFC 3339. */
export type ReportOrder = { from: string; to: string; by: string; tenant?: string; sample: number; seed: string };

/** `asked`: when, Unix milliseconds. `ready` and `failed` are its end; `people` and `log` say what is being read. */
export type ReportState = {
  id: string;
  asked: number;
  phase: 'people' | 'log' | 'ready' | 'failed';
  /** So many of about so many. */
  done: number;
  about: number;
  /** Of a failed one: the code of what went wrong, where there is one. */
  why?: string;
};

/** `left`: whoever made it says nothing any more. */
export type KeptReport = Omit<ReportState, 'phase'> & { phase: ReportState['phase'] | 'left'; order: ReportOrder };

/** How far the log was read: up to this place, that many entries of the period. */
export type LogRead = { after: number; entries: number; tally: TallyState };

const peopleFile = 'people.jsonl';
const logFile = 'log.json';
/** Whoever makes one says so six times in it. */
const silentMs = 60_000;
export const beatMs = silentMs / 6;
const keptMs = 30 * 86_400_000;

export type ReportFolder = ReturnType<typeof openFolder>;

export function openFolder(root: string, id: string) {
  const path = (name: string) => join(root, id, name);
  const json = async <T>(name: string) => JSON.parse(await readFile(path(name), 'utf8')) as T;
  /** Whoever reads it meanwhile finds the one before or this one. */
  async function write(name: string, value: object): Promise<void> {
    await writeFile(path(`${name}.new`), JSON.stringify(value), { mode: 0o600 });
    await rename(path(`${name}.new`), path(name));
  }
  async function* lines(): AsyncGenerator<string> {
    const input = createReadStream(path(peopleFile), { encoding: 'utf8' });
    try {
      for await (const line of createInterface({ input, crlfDelay: Infinity })) if (line !== '') yield line;
    } finally {
      // Whoever stops in the middle, as a page does that lists no more, would leave the file open.
      input.destroy();
    }
  }
  return {
    id,
    async begin(order: ReportOrder): Promise<void> {
      await mkdir(join(root, id), { recursive: true, mode: 0o700 });
      await write('order.json', order);
      await appendFile(path(peopleFile), '', { mode: 0o600 });
    },
    order: () => json<ReportOrder>('order.json'),
    state: () => json<ReportState>('state.json'),
    keepState: (state: ReportState) => write('state.json', state),
    /** Says that it is still being made, where nothing else is to be said. */
    async beat(): Promise<void> {
      const now = new Date();
      await utimes(path('state.json'), now, now).catch(() => undefined);
    },
    log: () => json<LogRead>(logFile).catch(() => undefined),
    keepLog: (read: LogRead) => write(logFile, read),
    summary: () => json<ReportSummary>('summary.json'),
    keepSummary: (summary: ReportSummary) => write('summary.json', summary),
    keepPeople: (rows: readonly { id: string; row: ReportPerson }[]) =>
      appendFile(path(peopleFile), rows.map(({ id, row }) => `${jsonLine([id, row])}\n`).join('')),
    /** What was kept by whoever was stopped; half a line at the end is dropped. */
    async *resume(): AsyncGenerator<{ id: string; row: ReportPerson }> {
      let bytes = 0;
      for await (const line of lines()) {
        try {
          const [who, row] = JSON.parse(line) as [string, ReportPerson];
          bytes += Buffer.byteLength(line) + 1;
          yield { id: who, row };
        } catch {
          break;
        }
      }
      const { size } = await stat(path(peopleFile));
      // A disk that was full may have taken all of a line but its end.
      if (size < bytes) await appendFile(path(peopleFile), '\n');
      else await truncate(path(peopleFile), bytes);
    },
    async *people(): AsyncGenerator<ReportPerson> {
      for await (const line of lines()) yield (JSON.parse(line) as [string, ReportPerson])[1];
    },
    remove: () => rm(join(root, id), { recursive: true, force: true }),
  };
}

/** All that are kept, the newest first; what is too old goes. */
export async function keptReports(root: string, nowMs: number): Promise<KeptReport[]> {
  const ids = await readdir(root).catch((): string[] => []);
  const found = await Promise.all(
    ids.map(async (id): Promise<KeptReport | undefined> => {
      const folder = openFolder(root, id);
      try {
        const [state, order, { mtimeMs }] = await Promise.all([
          folder.state(),
          folder.order(),
          stat(join(root, id, 'state.json')),
        ]);
        const isEnded = state.phase === 'ready' || state.phase === 'failed';
        const phase = isEnded || Date.now() - mtimeMs <= silentMs ? state.phase : 'left';
        if (nowMs - state.asked <= keptMs) return { ...state, phase, order };
        await folder.remove();
      } catch {
        // Half made, or no report at all.
      }
      return undefined;
    }),
  );
  return found.filter((each) => each !== undefined).sort((a, b) => b.asked - a.asked || (a.id < b.id ? -1 : 1));
}

/**
 * Moves what was read for one of the same order that somebody left into this one. A file moves once: of any number of rivals one gets it, the
 * others begin from nothing; and whoever was only silent, and wakes up, finds no folder to write into.
 */
export async function takeLeft(root: string, order: ReportOrder, nowMs: number, into: string): Promise<void> {
  for (const { id, phase, order: other } of await keptReports(root, nowMs)) {
    if ((phase !== 'failed' && phase !== 'left') || !isDeepStrictEqual(other, order)) continue;
    const move = (name: string) => rename(join(root, id, name), join(root, into, name));
    try {
      await move(peopleFile);
    } catch {
      continue;
    }
    await move(logFile).catch(() => undefined);
    await openFolder(root, id).remove();
    return;
  }
}
