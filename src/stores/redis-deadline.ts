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

/** `within` of a store whose every method begins one command at once, and asks `deadlines` then. */
export function withinAnswer(store: MfaStore, deadlines: Deadlines): NonNullable<MfaStore['within']> {
  const within: NonNullable<MfaStore['within']> = (work) =>
    deadlines.within(({ begin, hasEnded }) => {
      // Copying it would take longer than asking it.
      const own: MfaStore = Object.assign(Object.create(store) as MfaStore, {
        // An answer within an answer is part of it.
        within: (inner) => (hasEnded() ? within(inner) : inner(own)),
        load: (...asked) => begin(() => store.load(...asked)),
        save: (...asked) => begin(() => store.save(...asked)),
        remove: (...asked) => begin(() => store.remove(...asked)),
        abandon: (...asked) => begin(() => store.abandon(...asked)),
        claim: (...asked) => begin(() => store.claim(...asked)),
        put: (...asked) => begin(() => store.put(...asked)),
        putIfAbsent: (...asked) => begin(() => store.putIfAbsent(...asked)),
        get: (...asked) => begin(() => store.get(...asked)),
        take: (...asked) => begin(() => store.take(...asked)),
        increment: (...asked) => begin(() => store.increment(...asked)),
      } satisfies Partial<MfaStore>);
      if (store.saveAll) own.saveAll = (saves) => begin(() => store.saveAll?.(saves) ?? Promise.resolve([]));
      return work(own);
    });
  return within;
}
