// Rivals for the same thing wait in line inside one process, so that the store sees few lost races. It decides
// nothing: across processes the compare-and-set of the store does.
import { MfaError } from './errors.js';

export type Queue = {
  /**
   * Runs `work` when all earlier work under the same key is done.
   * @throws MfaError `server.busy` when more than `limit` wait under that key.
   */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
};

export function createQueue(limit = 1000): Queue {
  const lines = new Map<string, { tail: Promise<unknown>; waiting: number }>();
  return {
    async run(key, work) {
      const line = lines.get(key) ?? { tail: Promise.resolve(), waiting: 0 };
      if (line.waiting >= limit) {
        throw new MfaError('server.busy', 'Too many attempts of one person at once. Try again in a moment.', {
          details: { retryAfterSeconds: 5 },
        });
      }
      lines.set(key, line);
      line.waiting += 1;
      const mine = line.tail.then(work, work);
      line.tail = mine.catch(() => undefined);
      try {
        return await mine;
      } finally {
        line.waiting -= 1;
        if (line.waiting === 0) lines.delete(key);
      }
    },
  };
}
