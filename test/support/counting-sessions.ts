// A session store that counts what express-session asks of it, and that can be slow or fail. Works around every store.
import session, { type SessionData, type Store } from 'express-session';

type Done = (error?: unknown, data?: unknown) => void;

type CountingSessions = Store & {
  /** How long each write takes, milliseconds. */
  delayMs: number;
  /** How many more writes fail. */
  failures: number;
  /** Writes under way. */
  readonly pending: number;
  kept(): Promise<{ [id: string]: SessionData }>;
};

/** @param count of the store of records that is counted beside it: a command in the same tick is the same trip */
export function countingSessions(inner: session.MemoryStore, count: (name: string) => Promise<void>): CountingSessions {
  class Sessions extends session.Store {
    delayMs = 0;
    failures = 0;
    pending = 0;

    get(id: string, done: (error: unknown, data?: SessionData | null) => void): void {
      void count('get').then(() => inner.get(id, done));
    }

    set(id: string, data: SessionData, done: Done = () => undefined): void {
      const kept = JSON.parse(JSON.stringify(data)) as SessionData;
      this.write('set', done, (ended) => inner.set(id, kept, ended));
    }

    destroy(id: string, done: Done = () => undefined): void {
      this.write('destroy', done, (ended) => inner.destroy(id, ended));
    }

    kept(): Promise<{ [id: string]: SessionData }> {
      return new Promise((resolve, reject) => {
        inner.all((error, found) => (error ? reject(error as Error) : resolve(found as { [id: string]: SessionData })));
      });
    }

    private write(name: string, done: Done, run: (done: Done) => void): void {
      this.pending += 1;
      const ended: Done = (error) => {
        this.pending -= 1;
        done(error);
      };
      void count(name).then(() => {
        if (name === 'set' && this.failures > 0) {
          this.failures -= 1;
          ended(new Error('the session store is full'));
        } else setTimeout(() => run(ended), this.delayMs);
      });
    }
  }
  return new Sessions();
}
