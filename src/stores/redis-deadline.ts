// How long Redis may keep one answer waiting, all its commands together. Counts only the time in which a command is
// waited for: a slow look-up, upload or provider of the host's takes nothing away. Knows no Redis.
import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';

/** What is left for the answer whose work this is; commands side by side wait once. */
type Left = { ms: number; waiting: number; since: number; ended: boolean };

export type Deadlines = {
  /** All commands of `work` share one deadline, until it ends: what goes on by itself then has the usual one. */
  within<T>(work: () => Promise<T>): Promise<T>;
  /** For a command that begins now: how many milliseconds it may take, and what to call when it was waited for. */
  begin(): { ms: number; end: () => void };
};

/**
 * What is left, by whose deadlines. One for all stores: before version 24, Node.js hands each that was ever entered on to every promise of
 * the process, so that an app with a store for each tenant would pay for all of them wherever it awaits.
 */
const current = new AsyncLocalStorage<ReadonlyMap<object, Left>>();

/** @param answerMs for all commands of one answer; @param commandMs for each of them */
export function createDeadlines(answerMs: number, commandMs: number): Deadlines {
  const own = {};
  const open = (): Left | undefined => {
    const left = current.getStore()?.get(own);
    return left?.ended === false ? left : undefined;
  };
  return {
    async within(work) {
      if (open()) return work();
      const left: Left = { ms: answerMs, waiting: 0, since: 0, ended: false };
      try {
        return await current.run(new Map(current.getStore()).set(own, left), work);
      } finally {
        left.ended = true;
      }
    },
    begin() {
      const left = open();
      if (!left) return { ms: commandMs, end: () => undefined };
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
