// A part of a benchmark in a process of its own, which runs built code: neither memory nor time of another is in its figures.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Runs `entry`, a file beside this one, and answers what it sent last. @throws Error where it ends with another code than 0 */
export async function inProcess(entry: string, args: readonly string[]): Promise<unknown> {
  // Beside the packages that it imports.
  const folder = mkdtempSync(fileURLToPath(new URL('../node_modules/.bench-', import.meta.url)));
  try {
    const file = join(folder, 'process.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
      outfile: file,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
    });
    const child = fork(file, args, { execArgv: [] });
    let told: unknown;
    child.on('message', (message) => (told = message));
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${entry} ended with ${code}.`);
    return told;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
