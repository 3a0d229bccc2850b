// Where a report is kept while it is made and after: a folder of its own below one of the app's, readable by the user of the process
// alone. People stand in it line by line, so that a report of a million needs no memory, and one that was stopped is gone on with.
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ReportPerson } from './core/operators/report-people.js';
import { jsonLine } from './core/words/json-line.js';
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
};

export type KeptReport = ReportState & { order: ReportOrder };

const peopleFile = 'people.jsonl';
/** Whoever makes one says so at least so often. */
const silentMs = 60_000;
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
      await truncate(path(peopleFile), bytes);
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
        const [state, order] = await Promise.all([folder.state(), folder.order()]);
        if (nowMs - state.asked <= keptMs) return { ...state, order };
        await folder.remove();
      } catch {
        // Half made, or no report at all.
      }
      return undefined;
    }),
  );
  return found.filter((each) => each !== undefined).sort((a, b) => b.asked - a.asked || (a.id < b.id ? -1 : 1));
}

/** One of the same order that somebody left, if there is one. */
export async function leftReport(root: string, order: ReportOrder, nowMs: number): Promise<string | undefined> {
  for (const { id, phase, order: other } of await keptReports(root, nowMs)) {
    if (phase === 'ready' || JSON.stringify(other) !== JSON.stringify(order)) continue;
    const { mtimeMs } = await stat(join(root, id, 'state.json'));
    if (phase === 'failed' || Date.now() - mtimeMs > silentMs) return id;
  }
  return undefined;
}
