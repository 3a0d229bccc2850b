// How long a database may keep one answer waiting, all its commands together. Counts only the time in which a command is
// waited for: a slow look-up, upload or provider of the host's takes nothing away. Knows no database.
import { performance } from 'node:perf_hooks';
import type { MfaStore } from '../core/kernel/ports.js';

/** What is left for one answer; commands side by side wait once. */
type Left = { ms: number; waiting: number; since: number; ended: boolean };

/** One answer. `begin` has a command begin under its deadline. */
type Answer = { begin: <T>(command: () => T) => T; hasEnded: () => boolean };

export type Deadlines = {
  /** What begins in the answer shares one deadline, until `work` ends: what goes on by itself then has the usual one. */
  within<T>(work: (answer: Answer) => Promise<T>): Promise<T>;
  /** For a command that begins now: how many milliseconds it may take, and what to call when it was waited for. */
  begin(): { ms: number; end: () => void };
};

/** @param answerMs for all commands of one answer; @param commandMs for each of them */
export function createDeadlines(answerMs: number, commandMs: number): Deadlines {
  // Only while a command begins, which waits for nothing. Asynchronous contexts would find the answer by themselves, and until
  // Node.js 24 cost every promise of the process, the host's too, twice its time.
  let current: Left | undefined;
  return {
    async within(work) {
      const left: Left = { ms: answerMs, waiting: 0, since: 0, ended: false };
      const answer: Answer = {
        begin(command) {
          const before = current;
          current = left;
          try {
            return command();
          } finally {
            current = before;
          }
        },
        hasEnded: () => left.ended,
      };
      try {
        return await work(answer);
      } finally {
        left.ended = true;
      }
    },
    begin() {
      const left = current;
      if (!left || left.ended) return { ms: commandMs, end: () => undefined };
      const now = performance.now();
      if (left.waiting === 0) left.since = now;
      left.waiting += 1;
      return {
        ms: Math.max(0, Math.min(commandMs, Math.ceil(left.ms - (now - left.since)))),
        end() {
          left.waiting -= 1;
          if (left.waiting === 0) left.ms -= performance.now() - left.since;
        },
      };
    },
  };
}

/**
 * `within` of a store whose every method begins one command at once, and asks `deadlines` then. Where a host put methods of its
 * own around the store, these are asked in an answer too.
 */
export function withinAnswer(store: MfaStore, deadlines: Deadlines): NonNullable<MfaStore['within']> {
  const answer = async <T>(asked: MfaStore, work: (own: MfaStore) => Promise<T>): Promise<T> =>
    deadlines.within(({ begin, hasEnded }) => {
      // Copying it would take longer than asking it.
      const own: MfaStore = Object.assign(Object.create(asked) as MfaStore, {
        // An answer within an answer is part of it.
        within: (inner) => (hasEnded() ? answer(asked, inner) : inner(own)),
        load: (...given) => begin(() => asked.load(...given)),
        save: (...given) => begin(() => asked.save(...given)),
        remove: (...given) => begin(() => asked.remove(...given)),
        abandon: (...given) => begin(() => asked.abandon(...given)),
        claim: (...given) => begin(() => asked.claim(...given)),
        put: (...given) => begin(() => asked.put(...given)),
        putIfAbsent: (...given) => begin(() => asked.putIfAbsent(...given)),
        get: (...given) => begin(() => asked.get(...given)),
        take: (...given) => begin(() => asked.take(...given)),
        increment: (...given) => begin(() => asked.increment(...given)),
      } satisfies Partial<MfaStore>);
      if (asked.saveAll) own.saveAll = (saves) => begin(() => asked.saveAll?.(saves) ?? Promise.resolve([]));
      return work(own);
    });
  return function within<T>(this: MfaStore | undefined, work: (own: MfaStore) => Promise<T>) {
    return answer(this ?? store, work);
  };
}
