// What a census of many people takes: time, CPU, and memory at most, of a process of its own over a Redis on this machine.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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
  return inProcesses('count', redisUrl, namespace, people);
}

/** The same of a report of them, written out as JSON. */
export function measureReport(redisUrl: string, namespace: string, people: number): Promise<CensusCost> {
  return inProcesses('report', redisUrl, namespace, people);
}

async function inProcesses(what: string, redisUrl: string, namespace: string, people: number): Promise<CensusCost> {
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
    await run(file, 'fill', redisUrl, namespace, people);
    return (await run(file, what, redisUrl, namespace, people)) as CensusCost;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function run(file: string, what: string, redisUrl: string, namespace: string, people: number): Promise<unknown> {
  const child = fork(file, [what, redisUrl, namespace, String(people)], { execArgv: [] });
  let told: unknown;
  child.on('message', (message) => (told = message));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${what} ended with ${code}.`);
  return told;
}
