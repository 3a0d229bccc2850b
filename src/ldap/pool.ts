// A few connections to a directory, bound and kept for the next who asks; each task within one deadline, waiting for a connection
// included. A connection that was lost while it was idle is replaced once. Knows no LDAP.

export type Kept = { readonly isOpen: boolean; close(): void };

/** `left`: how many milliseconds are left for this attempt. */
export type Task<C, T> = (connection: C, left: () => number) => Promise<T>;

export type Pool<C> = { run<T>(task: Task<C, T>): Promise<T>; close(): void };

const deadlineMs = 2000;
/** Of an idle connection, which a firewall may have forgotten without a word: then another one has the rest of the time. */
const patienceMs = 800;
const mostAtOnce = 8;
const idleMs = 30_000;

/**
 * @param dial opens one
 * @param isFinal whether another connection would be told the same
 */
export function poolOf<C extends Kept>(
  dial: (left: () => number) => Promise<C>,
  isFinal: (error: unknown) => boolean,
): Pool<C> {
  const idle: { connection: C; timer: NodeJS.Timeout }[] = [];
  const waiting: (() => void)[] = [];
  let atOnce = 0;

  function takeIdle(): C | undefined {
    for (let kept = idle.pop(); kept; kept = idle.pop()) {
      clearTimeout(kept.timer);
      if (kept.connection.isOpen) return kept.connection;
      kept.connection.close();
    }
    return undefined;
  }

  function keep(connection: C): void {
    const timer = setTimeout(() => {
      idle.splice(0, idle.length, ...idle.filter((kept) => kept.connection !== connection));
      connection.close();
    }, idleMs);
    timer.unref();
    idle.push({ connection, timer });
  }

  async function attempt<T>(connection: C, task: Task<C, T>, left: () => number): Promise<T> {
    try {
      const result = await task(connection, left);
      keep(connection);
      return result;
    } catch (error) {
      if (isFinal(error) && connection.isOpen) keep(connection);
      else connection.close();
      throw error;
    }
  }

  async function turn(left: () => number): Promise<void> {
    if (atOnce < mostAtOnce) {
      atOnce += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(new Error('All connections to the directory are busy.'));
      }, left());
      waiting.push(go);
    });
  }

  function giveTurn(): void {
    const next = waiting.shift();
    if (next) next();
    else atOnce -= 1;
  }

  return {
    async run(task) {
      const left = countdown(deadlineMs);
      await turn(left);
      try {
        const kept = takeIdle();
        if (kept) {
          const patience = countdown(patienceMs);
          try {
            return await attempt(kept, task, () => Math.min(patience(), left()));
          } catch (error) {
            if (isFinal(error)) throw error;
          }
        }
        return await attempt(await dial(left), task, left);
      } finally {
        giveTurn();
      }
    },
    close() {
      for (const { connection, timer } of idle.splice(0)) {
        clearTimeout(timer);
        connection.close();
      }
    },
  };
}

function countdown(ms: number): () => number {
  const end = performance.now() + ms;
  return () => Math.max(1, end - performance.now());
}
