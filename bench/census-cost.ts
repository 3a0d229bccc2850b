// What a census of many people takes: time, CPU, and memory at most, of a process of its own over a Redis on this machine.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** `told`: how often it said how far it was. `cpuSeconds` and `megabytes` are of the counting process, which runs built code. */
export type CensusCost = {
  counted: number;
  told: number;
  seconds: number;
  cpuSeconds: number;
  megabytes: number;
};

export function measureCensus(redisUrl: string, namespace: string, people: number): Promise<CensusCost> {
  return inProcesses(async (run) => {
    await run('fill', redisUrl, namespace, people);
    return (await run('count', redisUrl, namespace, people)) as CensusCost;
  });
}

/** `killedAt`: how many people, and how many entries of the log, were read when a process was killed; `cpuSeconds` and `megabytes` of the one that ended it. */
export type ReportCost = CensusCost & { entries: number; killedAt: number[]; mostMegabytes: number };

type Told = { phase: string; done: number; about: number; megabytes: number };

/**
 * The same of a report of them, written out as JSON and CSV. Its process is killed in the middle of the people, the next one in the middle of
 * the log, and a third goes on with it.
 */
export function measureReport(
  redisUrl: string,
  namespace: string,
  people: number,
  entries: number,
): Promise<ReportCost> {
  return inProcesses(async (run) => {
    await run('fill', redisUrl, namespace, people);
    await run('log', redisUrl, namespace, people, entries);
    const folder = mkdtempSync(join(tmpdir(), 'bench-report-'));
    const killedAt: number[] = [];
    let mostMegabytes = 0;
    const begun = performance.now();
    try {
      for (const at of ['people', 'log']) {
        const reached = await run(
          'report',
          redisUrl,
          namespace,
          people,
          entries,
          folder,
          ({ phase, done, about, megabytes }) => {
            mostMegabytes = Math.max(mostMegabytes, megabytes);
            return phase === at && done > about / 2;
          },
        );
        killedAt.push((reached as Told).done);
        // The next one takes it for left only when it was silent for a minute.
        const longAgo = new Date(Date.now() - 120_000);
        for (const id of readdirSync(folder)) utimesSync(join(folder, id, 'state.json'), longAgo, longAgo);
      }
      const cost = (await run('report', redisUrl, namespace, people, entries, folder)) as CensusCost;
      const seconds = (performance.now() - begun) / 1000;
      return { ...cost, seconds, entries, killedAt, mostMegabytes: Math.max(mostMegabytes, cost.megabytes) };
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

type Run = (
  what: string,
  redisUrl: string,
  namespace: string,
  people: number,
  entries?: number,
  folder?: string,
  kills?: (told: Told) => boolean,
) => Promise<unknown>;

async function inProcesses<T>(measure: (run: Run) => Promise<T>): Promise<T> {
  // Beside the packages that it imports.
  const folder = mkdtempSync(fileURLToPath(new URL('../node_modules/.bench-', import.meta.url)));
  try {
    const file = join(folder, 'census-process.mjs');
    const entry = fileURLToPath(new URL('census-process.ts', import.meta.url));
    await build({
      entryPoints: [entry],
      outfile: file,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
    });
    return await measure((what, redisUrl, namespace, people, entries = 0, reports = '', kills) =>
      run(file, [what, redisUrl, namespace, String(people), String(entries), reports], kills),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function run(file: string, args: string[], kills?: (told: Told) => boolean): Promise<unknown> {
  const child = fork(file, args, { execArgv: [] });
  const heard: unknown[] = [];
  const killing = new AbortController();
  child.on('message', (message) => {
    if (killing.signal.aborted) return;
    heard.push(message);
    if (kills?.(message as Told)) killing.abort();
  });
  killing.signal.addEventListener('abort', () => void child.kill('SIGKILL'));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 && !killing.signal.aborted) throw new Error(`${args[0]} ended with ${code}.`);
  if (kills && !killing.signal.aborted) throw new Error('It was over before it could be killed.');
  return heard.at(-1);
}
