// Hands test files to processes that run side by side, and gathers what each file came to. Knows nothing of mocha.
import { fork } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { root } from '../install.mjs';

const script = fileURLToPath(new URL('worker.mjs', import.meta.url));
const graceMs = 10_000;

/**
 * How V8 tidies up: by the thread that runs the tests alone, since no core is left for helpers to be faster on, and with room
 * for what a request leaves behind, so that less of it is copied.
 */
const memory = ['--single-threaded-gc', '--min-semi-space-size=16', '--max-semi-space-size=64'];

/** Processes that begin with what waits; the others compute meanwhile. */
const forIdle = 2;

/**
 * Runs all files in `atOnce` processes, `busy` beside `idle` ones, each kind in its order, lists of files that one process runs;
 * `onResult` hears of each file when it has ended, and stops the run by `false`.
 * `stop` lets the tests that run now end with their hooks, and ends everything that they started; once more, and it
 * ends everything at once. `done` rejects with what a process said that ended before its first file.
 */
export function startPool({ busy, idle }, { atOnce, env, settings, onResult }) {
  const waiting = { busy: [...busy], idle: [...idle] };
  const take = (first, second) => waiting[first].shift() ?? waiting[second].shift();
  let dropped = false;
  const drop = () => (dropped = true);
  const running = new Set();
  let stopped = false;

  /** @param kinds of files, in the order in which they are taken */
  async function work(...kinds) {
    let own = [];
    const next = () => {
      if (own.length === 0) own = [...take(...kinds)];
      return own.shift();
    };
    const isOver = () => dropped || own.length + waiting.busy.length + waiting.idle.length === 0;
    while (!isOver()) {
      const worker = startWorker(env);
      running.add(worker);
      try {
        await worker.ready;
        while (!isOver() && (await runNext(worker, next())));
      } finally {
        await worker.quit();
        running.delete(worker);
      }
    }
  }

  /** @returns whether the worker can run another file */
  async function runNext(worker, file) {
    const startedMs = Date.now();
    const result = await worker.run(file, settings);
    if (onResult({ file, ms: Date.now() - startedMs, ...result }) === false) drop();
    return !result.ended;
  }

  function stop() {
    drop();
    for (const worker of running) {
      if (stopped) worker.kill();
      else worker.abort();
    }
    if (!stopped) setTimeout(stop, graceMs).unref();
    stopped = true;
  }

  const lanes = Array.from({ length: Math.min(atOnce, busy.length + idle.length) }, async (_, lane) =>
    atOnce > forIdle && lane < forIdle ? work('idle', 'busy') : work('busy', 'idle'),
  );
  const done = Promise.all(lanes).finally(() => running.forEach((worker) => worker.kill()));
  return { stop, done };
}

function startWorker(env) {
  // In a group of its own: Ctrl-C reaches us alone, and what a test leaves behind ends with the group.
  const child = fork(script, {
    cwd: root,
    env,
    detached: true,
    execArgv: ['--import=tsx', ...memory],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ ended: signal ?? `exit code ${code}` }));
    child.once('error', (error) => resolve({ ended: error.message }));
  });
  const kill = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nothing of the group is left.
    }
  };
  process.once('exit', kill);

  /** The next message of the worker, or how it ended; with all that was written before. */
  async function answer() {
    const message = new Promise((resolve) => child.once('message', resolve));
    const result = await Promise.race([message, ended]);
    // What was written before the message is in the pipe by now; one turn of the event loop reads it.
    for (let turn = 0; turn < 2; turn += 1) await setImmediate();
    const wrote = output;
    output = '';
    return { ...result, wrote };
  }

  return {
    ready: answer().then((result) => {
      if (result.ended)
        throw new Error(`A process for tests ended before its first test (${result.ended}).\n${result.wrote}`);
    }),
    async run(file, settings) {
      const result = answer();
      child.send({ file, settings });
      const { ended: how, ...rest } = await result;
      if (!how) return rest;
      return {
        ...rest,
        ended: true,
        passed: 0,
        failed: 1,
        skipped: 0,
        said: `The process ended while the file ran (${how}).`,
      };
    },
    abort: () => child.connected && child.send({ abort: true }),
    kill,
    async quit() {
      if (child.connected) child.send({ quit: true });
      await ended;
      kill();
      process.off('exit', kill);
    },
  };
}
