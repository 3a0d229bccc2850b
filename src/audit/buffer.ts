// What waits for the store: bounded, because a store that is away for a day must not take the process with it. Refused
// attempts give way first; how many of what went is told once the store is back.
import type { Draft } from './make-entry.js';

export type Buffer = {
  readonly size: number;
  add(draft: Draft): void;
  take(most: number): Draft[];
  /** What gave way since the last call; undefined where nothing did. */
  lost(): { refused: number; others: number; first: string; last: string } | undefined;
};

export function createBuffer(most: number): Buffer {
  const waiting: Draft[] = [];
  let gone: { refused: number; others: number; first: string; last: string } | undefined;

  function giveWay(): void {
    const refused = waiting.findIndex(({ outcome }) => outcome === 'failure');
    const [dropped] = waiting.splice(Math.max(0, refused), 1);
    if (!dropped) return;
    gone ??= { refused: 0, others: 0, first: dropped.time, last: dropped.time };
    if (refused === -1) gone.others += 1;
    else gone.refused += 1;
    gone.last = dropped.time;
  }

  return {
    get size() {
      return waiting.length;
    },
    add(draft) {
      waiting.push(draft);
      if (waiting.length > most) giveWay();
    },
    take: (count) => waiting.splice(0, count),
    lost() {
      const told = gone;
      gone = undefined;
      return told;
    },
  };
}
