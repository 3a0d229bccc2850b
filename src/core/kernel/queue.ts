// Rivals for the same thing wait in line inside one process, so that the store sees few lost races. It decides
// nothing: across processes the compare-and-set of the store does.
import { isMfaError, MfaError } from '../words/errors.js';

export type Queue = {
  /**
   * Runs `work` when all earlier work under the same key is done. Where the store fails one, it fails all who wait at
   * that moment: each would wait for its deadline after the other, and the last for minutes. `waited`: others were
   * before it, and what was read earlier may be old.
   * @throws MfaError `server.busy` when more than `limit` wait under that key.
   */
  run<T>(key: string, work: (waited: boolean) => Promise<T>): Promise<T>;
};

type Line = { tail: Promise<unknown>; waiting: number; last: number; failed?: { upTo: number; error: unknown } };

export function createQueue(limit = 1000): Queue {
  const lines = new Map<string, Line>();
  return {
    async run(key, work) {
      const line: Line = lines.get(key) ?? { tail: Promise.resolve(), waiting: 0, last: 0 };
      if (line.waiting >= limit) {
        throw new MfaError('server.busy', 'Too many attempts of one person at once. Try again in a moment.', {
          details: { retryAfterSeconds: 5 },
        });
      }
      lines.set(key, line);
      line.waiting += 1;
      line.last += 1;
      const place = line.last;
      const waited = line.waiting > 1;
      const turn = () => {
        if (line.failed && place <= line.failed.upTo) throw line.failed.error;
        return work(waited);
      };
      const mine = line.tail.then(turn);
      line.tail = mine.catch((error: unknown) => {
        if (isMfaError(error) && error.code === 'store.unavailable' && place > (line.failed?.upTo ?? 0))
          line.failed = { upTo: line.last, error };
      });
      try {
        return await mine;
      } finally {
        line.waiting -= 1;
        if (line.waiting === 0) lines.delete(key);
      }
    },
  };
}
