// Answers of one person, of one kind and from one lane wait in line inside a process, so that the store sees few lost
// races. The lane is read from the record, not believed from a cookie: whoever could choose it would stand in no line,
// or in the owner's. A lock is seen before the line, so that a flood of strangers delays strangers alone.
import type { Asker, Kernel } from '../kernel/kernel.js';
import type { Loaded } from '../kernel/ports.js';
import { laneOf } from '../rules/known-browsers.js';

export type Turn<L extends Loaded, T> = {
  /** What the line is for: a kind, `enroll` and a kind. */
  line: string;
  /** `again`: time has passed in the line, and rivals have written. */
  load(again: boolean): Promise<L>;
  /** What is refused without a look at the answer; asked before the line and at its end. */
  early(loaded: L): T | undefined;
  work(loaded: L): Promise<T>;
};

/** @throws MfaError `server.busy` where too many wait in the same line */
export async function takeTurn<L extends Loaded, T>(kernel: Kernel, asker: Asker, turn: Turn<L, T>): Promise<T> {
  const first = await turn.load(false);
  const refusal = turn.early(first);
  if (refusal !== undefined) return refusal;
  const lane = first.record ? laneOf(kernel, asker, first.record) : 'unknown';
  return kernel.queue.run(`${asker.user.id} ${turn.line} ${lane}`, async (waited) => {
    if (!waited) return turn.work(first);
    const loaded = await turn.load(true);
    return turn.early(loaded) ?? turn.work(loaded);
  });
}
