// A command of a transfer as a process of its own: killed in the middle, run again to its end, and how long and how large it was.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { StoreOfApp } from './transfer-app.js';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** `seconds` until it was killed, and of the rest; `megabytes` of memory at most, 0 where the system does not say. */
export type Way = { what: string; seconds: [number, number]; megabytes: number };

/** Kills `args` once `isHalf`, then runs `again`. @throws Error where it was over before, or failed */
export async function killedHalfway(
  what: string,
  store: StoreOfApp,
  [args, again]: [string[], string[]],
  isHalf: () => Promise<boolean>,
): Promise<Way> {
  const broken = start(store, args);
  while (broken.child.exitCode === null && !(await isHalf())) await sleep(50);
  broken.child.kill('SIGKILL');
  const killed = await broken.ended;
  if (killed.signal !== 'SIGKILL') throw new Error(`${what} was over before it was killed: ${killed.stderr}`);
  const rest = await start(store, again).ended;
  if (rest.code !== 0) throw new Error(`${what} failed: ${rest.stderr}`);
  return {
    what,
    seconds: [killed.seconds, rest.seconds],
    megabytes: Math.ceil(Math.max(killed.kilobytes, rest.kilobytes) / 1000),
  };
}

function start(store: StoreOfApp, args: string[]) {
  const from = performance.now();
  const env = { ...process.env, TRANSFER_STORE: JSON.stringify(store) };
  const config = ['--config', pathOf('transfer-app.ts')];
  const child = spawn(process.execPath, ['--import=tsx', pathOf('../src/cli/index.ts'), ...args, ...config], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000)));
  let kilobytes = 0;
  const watch = setInterval(() => (kilobytes = Math.max(kilobytes, largestOf(child))), 200);
  const ended = once(child, 'close').then(([code, signal]) => {
    clearInterval(watch);
    running.delete(child);
    return {
      code: code as unknown,
      signal: signal as unknown,
      stderr,
      kilobytes,
      seconds: (performance.now() - from) / 1000,
    };
  });
  return { child, ended };
}

function largestOf({ pid }: ChildProcess): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
