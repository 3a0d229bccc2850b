// How often a person is told of one thing: three times an hour, a fourth that says how often it was, then nothing until the
// hour is over. Counted by itself, so that no code uses up a notice, nor a notice a code; one atomic counter in the store, so
// that it holds over any number of processes.
import type { Kernel } from '../core/kernel/kernel.js';
import type { Notice } from '../core/words/notices.js';

const singly = 3;
const hourSeconds = 3600;
/** How long it is remembered how many were not told of. */
const untoldSeconds = 7 * 86_400;

/**
 * What a person may be told of now.
 * @returns the notice, with `count` where it is the last one of this hour, with `untold` where others were not told of
 *   before; undefined where it is to be counted only
 */
export async function withinLimits(kernel: Kernel, userId: string, notice: Notice): Promise<Notice | undefined> {
  const { store } = kernel;
  const name = `${notice.what}:${notice.kind ?? ''}`;
  const untoldKey = `notice-untold:${name}`;
  let count: number;
  try {
    ({ count } = await store.increment(userId, `notice:${name}`, hourSeconds));
    if (count > singly + 1) await store.increment(userId, untoldKey, untoldSeconds);
  } catch {
    // A store that cannot count is no reason to tell nothing: the change itself was saved in it a moment ago.
    return notice;
  }
  if (count > singly + 1) return undefined;
  if (count > singly) return { ...notice, count };
  if (count > 1) return notice;
  const untold = await store.take(userId, untoldKey).catch(() => undefined);
  return typeof untold === 'number' ? { ...notice, untold } : notice;
}
