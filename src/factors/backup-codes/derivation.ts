// Key derivations take a core and 19 MiB each. Here they queue: as many at once as there are cores, one at a time for
// each person, and no longer a line than can be served soon. Knows nothing of what is derived.
import { availableParallelism } from 'node:os';
import { MfaError } from '../../core/words/errors.js';

export type DerivationQueue = {
  /**
   * Runs `work` when a core is free and nothing else of this person runs.
   * @throws MfaError `server.busy` when too many wait already
   */
  run<T>(userId: string, work: () => Promise<T>): Promise<T>;
};

/**
 * @param options.concurrency how many run at once, default: as many as there are cores
 * @param options.limit how many may wait, default 64: about a second's work on two cores
 */
export function createDerivationQueue(options: { concurrency?: number; limit?: number } = {}): DerivationQueue {
  const { concurrency = availableParallelism(), limit = 64 } = options;
  const waiting: { userId: string; start: () => void }[] = [];
  const busy = new Set<string>();

  const mayStart = (userId: string): boolean => busy.size < concurrency && !busy.has(userId);

  const startNext = (): void => {
    // Others go ahead of somebody who is being served: one person's flood does not keep the cores from the rest.
    const at = waiting.findIndex(({ userId }) => mayStart(userId));
    const [next] = at < 0 ? [] : waiting.splice(at, 1);
    next?.start();
  };

  const turnOf = (userId: string): Promise<void> =>
    new Promise((resolve) => {
      const start = (): void => {
        busy.add(userId);
        resolve();
      };
      if (mayStart(userId)) start();
      else waiting.push({ userId, start });
    });

  return {
    async run(userId, work) {
      if (!mayStart(userId) && waiting.length >= limit) {
        const message = 'Too many backup codes are being checked at once. Try again in a moment.';
        throw new MfaError('server.busy', message, { details: { retryAfterSeconds: 2 } });
      }
      await turnOf(userId);
      try {
        return await work();
      } finally {
        busy.delete(userId);
        startNext();
      }
    },
  };
}

/** The cores belong to the process, so every instance in it waits in this one line. */
export const derivations = createDerivationQueue();
