// Answers of one person, of one kind and from one lane wait in line inside a process, so that the store sees few lost
// races. The lane is read from the record, not believed from a cookie: whoever could choose it would stand in no line,
// or in the owner's. A lock is seen before the line, so that a flood of strangers delays strangers alone; they share what
// is loaded, and only a few of them are refused in each turn of the event loop.
import { recallCeremony, type Open, type Purpose } from '../kernel/ceremonies.js';
import type { Ceremony } from '../kernel/factor.js';
import type { Asker, Kernel } from '../kernel/kernel.js';
import type { Loaded } from '../kernel/ports.js';
import { loadRecord } from '../kernel/transact.js';
import { isMfaError } from '../words/errors.js';
import { laneOf } from '../rules/known-browsers.js';

/** The record, and what this session began. */
export type LoadedOpen = Loaded & { open: Open | undefined };

export type Turn<T> = {
  /** What the line is for: a kind, `enroll` and a kind. */
  line: string;
  /** What this session began, where that matters; called anew where time has passed in the line. */
  recall?: () => Promise<Open | undefined>;
  /** What is refused without a look at the answer; asked before the line, and at its end. */
  early(loaded: LoadedOpen): T | undefined;
  work(loaded: LoadedOpen): Promise<T>;
};

/** @throws MfaError `server.busy` where too many wait in the same line */
export async function takeTurn<T>(kernel: Kernel, asker: Asker, turn: Turn<T>): Promise<T> {
  const arrival = kernel.loads.arrive(asker.user.id);
  const record = () => loadRecord(kernel, asker.user, arrival);
  const recall = async () => turn.recall?.();
  try {
    const [loaded, open] = await Promise.all([record(), recall()]);
    const first = { ...loaded, open };
    const refusal = turn.early(first);
    if (refusal !== undefined) return await inTime(kernel, refusal);
    const lane = first.record ? laneOf(kernel, asker, first.record) : 'unknown';
    return await kernel.queue.run(`${asker.user.id} ${turn.line} ${lane}`, async (waited) => {
      if (!waited) return turn.work(first);
      // Rivals have written: most who waited are refused by that alone.
      const current = await record();
      const late = turn.early({ ...current, open });
      if (late !== undefined) return inTime(kernel, late);
      const begun = { ...current, open: await recall() };
      return turn.early(begun) ?? turn.work(begun);
    });
  } catch (error) {
    if (isMfaError(error) && error.code === 'server.busy') await kernel.strangers();
    throw error;
  } finally {
    arrival.leave();
  }
}

async function inTime<T>(kernel: Kernel, refusal: T): Promise<T> {
  await kernel.strangers();
  return refusal;
}

/** Recalls what was begun; a ceremony that is answered once is taken once, however long the line. */
export function recalling(
  kernel: Kernel,
  asker: Asker,
  ...[purpose, kind, ceremony]: [purpose: Purpose, kind: string, ceremony: Ceremony]
): () => Promise<Open | undefined> {
  let taken: Promise<Open | undefined> | undefined;
  return async () => {
    if (taken === undefined || ceremony !== 'once') taken = recallCeremony(kernel, asker, purpose, kind, ceremony);
    return taken;
  };
}
