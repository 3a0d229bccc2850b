// Ends the process when nobody reads its answer any more, also while it has nothing to say: `list --locked | head -1`
// would else walk over everybody for a reader that is gone. Knows no command.
import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';

/**
 * Node hears of a closed pipe only when it writes. GNU tail watches its own output, so one that follows nothing, on the
 * same pipe, dies of SIGPIPE together with the reader; any other tail refuses the option and ends at once, and then the
 * next line that is written tells.
 */
export function endWithReader(): void {
  if (!isPipe(process.stdout.fd)) return;
  const watch = spawn('tail', ['-f', `--pid=${process.pid}`, '/dev/null'], { stdio: ['ignore', 'inherit', 'ignore'] });
  watch.on('error', () => undefined);
  watch.once('exit', (_code, signal) => signal === 'SIGPIPE' && process.exit(0));
  watch.unref();
  process.once('exit', () => watch.kill());
}

function isPipe(fd: number): boolean {
  try {
    return fstatSync(fd).isFIFO();
  } catch {
    return false;
  }
}
