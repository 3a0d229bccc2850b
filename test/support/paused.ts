// Stops processes in their tracks. A signal is taken by each thread when it gets to it: until the last one stands, a server of
// several threads may still answer what it was asked afterwards.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Sends SIGSTOP, and waits until no thread of them runs. */
export async function pauseProcesses(pids: readonly number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  for (let tries = 0; pids.some((pid) => !standsStill(pid)); tries += 1) {
    if (tries === 3000) throw new Error(`Still running 30 seconds after SIGSTOP: ${pids.join(', ')}.`);
    await sleep(10);
  }
}

/** Whether each thread is stopped, or the process gone; one that ends while it is looked at is looked at again. */
function standsStill(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) return true;
  try {
    return readdirSync(threads).every((id) => /\) [TZ] /.test(readFileSync(`${threads}/${id}/stat`, 'utf8')));
  } catch {
    return false;
  }
}
