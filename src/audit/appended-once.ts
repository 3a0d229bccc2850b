// Entries that two processes may append, because they also stand in a record: which of them are on their way here, who
// waits for each, and which are known to be stored. Knows no store and no chain.

type Waiter = { resolve(): void; reject(error: unknown): void };

/** Ids remembered as stored, to ask the store less often. */
const most = 1_000;

export type Once = {
  /** Whether an entry of this id is on its way. */
  has(id: string): boolean;
  /** Whether it is known to be stored. */
  isStored(id: string): boolean;
  /** Resolves once it is stored, rejects where the store fails meanwhile. `begin` is called where it is not on its way yet. */
  wait(id: string, begin: () => void): Promise<void>;
  stored(ids: readonly string[]): void;
  /** Tells all who wait; what is on its way stays so. */
  failed(error: unknown): void;
};

export function createOnce(): Once {
  const waiting = new Map<string, Waiter[]>();
  const done = new Set<string>();
  return {
    has: (id) => waiting.has(id),
    isStored: (id) => done.has(id),
    wait: (id, begin) =>
      new Promise((resolve, reject) => {
        if (done.has(id)) {
          resolve();
          return;
        }
        const others = waiting.get(id);
        waiting.set(id, [...(others ?? []), { resolve, reject }]);
        if (!others) begin();
      }),
    stored(ids) {
      for (const id of ids) {
        waiting.get(id)?.forEach(({ resolve }) => resolve());
        waiting.delete(id);
        done.add(id);
      }
      for (const oldest of done) {
        if (done.size <= most) return;
        done.delete(oldest);
      }
    },
    failed(error) {
      for (const [id, waiters] of waiting) {
        waiting.set(id, []);
        waiters.forEach(({ reject }) => reject(error));
      }
    },
  };
}
