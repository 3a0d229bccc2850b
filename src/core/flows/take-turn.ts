// Answers of one person, of one kind and from one lane wait in line inside a process, so that the store sees few lost
// races. The lane is read from the record, not believed from a cookie: whoever could choose it would stand in no line,
// or in the owner's. A lock is seen before the line, so that a flood of strangers delays strangers alone.
import { recallCeremony, type Open, type Purpose } from '../kernel/ceremonies.js';
import type { Ceremony } from '../kernel/factor.js';
import type { Asker, Kernel } from '../kernel/kernel.js';
import type { Loaded } from '../kernel/ports.js';
import { loadRecord } from '../kernel/transact.js';
import { laneOf } from '../rules/known-browsers.js';

export type Turn<L extends Loaded, T> = {
  /** What the line is for: a kind, `enroll` and a kind. */
  line: string;
  /** Called anew where time has passed in the line, and rivals have written. */
  load(): Promise<L>;
  /** What is refused without a look at the answer; asked before the line and at its end. */
  early(loaded: L): T | undefined;
  work(loaded: L): Promise<T>;
};

/** @throws MfaError `server.busy` where too many wait in the same line */
export async function takeTurn<L extends Loaded, T>(kernel: Kernel, asker: Asker, turn: Turn<L, T>): Promise<T> {
  const first = await turn.load();
  const refusal = turn.early(first);
  if (refusal !== undefined) return refusal;
  const lane = first.record ? laneOf(kernel, asker, first.record) : 'unknown';
  return kernel.queue.run(`${asker.user.id} ${turn.line} ${lane}`, async (waited) => {
    if (!waited) return turn.work(first);
    const loaded = await turn.load();
    return turn.early(loaded) ?? turn.work(loaded);
  });
}

/** The record, and what this session began. */
export type LoadedOpen = Loaded & { open: Open | undefined };

/** Loads both at once; a ceremony that is answered once is taken once, however long the line. */
export function loadingOpen(
  kernel: Kernel,
  asker: Asker,
  ...[purpose, kind, ceremony]: [purpose: Purpose, kind: string, ceremony: Ceremony]
): () => Promise<LoadedOpen> {
  let taken: Promise<Open | undefined> | undefined;
  return async () => {
    const loading = loadRecord(kernel, asker.user);
    if (taken === undefined || ceremony !== 'once') taken = recallCeremony(kernel, asker, purpose, kind, ceremony);
    const [loaded, open] = await Promise.all([loading, taken]);
    return { ...loaded, open };
  };
}
